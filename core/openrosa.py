"""What every answer to an OpenRosa client carries, and the envelope of its messages.

https://docs.getodk.org/openrosa-http-request/, https://docs.getodk.org/openrosa-form-submission/
"""

from xml.sax.saxutils import escape

from django.http import HttpResponse

ADDRESS = "/openrosa/"
RESPONSE = "http://openrosa.org/http/response"
XML = "text/xml; charset=utf-8"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
CHALLENGE = 'Basic realm="Tessera", charset="UTF-8"'


def answer(content: str = "", status: int = 200) -> HttpResponse:
    """Return a response with OpenRosa's headers; ``Date`` is the web server's."""
    response = HttpResponse(content, status=status, content_type=XML)
    response["X-OpenRosa-Version"] = "1.0"
    return response


def message(text: str, status: int) -> HttpResponse:
    """Return a message for whoever holds the device."""
    envelope = f'<OpenRosaResponse xmlns="{RESPONSE}"><message>{escape(text)}</message>'
    response = answer(f"{DECLARATION}{envelope}</OpenRosaResponse>", status)
    if status == 401:
        response["WWW-Authenticate"] = CHALLENGE
    return response
