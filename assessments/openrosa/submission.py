"""Records on their way in. https://docs.getodk.org/openrosa-form-submission/"""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments import answers, intake, xml
from assessments.models import FormVersion
from assessments.openrosa.door import door
from assessments.views.field import COLUMNS, NEEDED
from assessments.views.parts import parts
from core import openrosa, policy
from core.errors import Problem
from core.policy import Actor

# Clients take it as the size of a batch: small ones get through where the link is bad. Far larger
# requests are taken too.
BATCH = 2_000_000
State = FormVersion.State


@door("form.fill")
@require_http_methods(["HEAD", "POST"])
def submission(request: Any) -> HttpResponse:
    """Say where to send to, or take a record, or more of its files, in."""
    if request.method == "HEAD":
        return with_address(request, openrosa.answer(status=204))
    content, files = parts(request)
    version = version_of(request.actor, content)
    receipt = intake.receive(version, actor=request.actor, content=content, files=files)
    words = [
        _("Received. Receipt: {number}").format(number=receipt.submission.uid),
        f"SHA-256: {receipt.came.xml_sha256}",
    ]
    if receipt.missing:
        words.append(_("Files still to come: {names}").format(names=", ".join(receipt.missing)))
    return with_address(request, openrosa.message("\n".join(words), 201))


def with_address(request: Any, response: HttpResponse) -> HttpResponse:
    """Add where to send to, on this host, and how large a batch should be."""
    response["Location"] = request.build_absolute_uri(request.path)
    response["X-OpenRosa-Accept-Content-Length"] = str(BATCH)
    return response


def version_of(actor: Actor, content: bytes) -> FormVersion:
    """Return the form version that a record names, among those that the actor may fill.

    Raises Problem ``xml_refused``, ``too_large``, ``form_unknown``, ``form_ambiguous``.
    """
    named = answers.identify(xml.parse(content, most_bytes=intake.MOST_XML))
    usable = FormVersion.objects.filter(
        form__form_id=named.form_id, state__in=(State.PUBLISHED, State.SUPERSEDED)
    )
    if named.version:
        usable = usable.filter(version=named.version)
    else:
        usable = usable.filter(state=State.PUBLISHED)
    mine = policy.filter(actor, "form.fill", usable)
    found = list(mine.select_related(*NEEDED).only(*COLUMNS)[:2])
    if not found:
        raise Problem("form_unknown", form_id=named.form_id, version=named.version)
    if len(found) > 1:
        raise Problem("form_ambiguous", form_id=named.form_id)
    return found[0]
