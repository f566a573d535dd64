"""What makes an app of the field client: its service worker and its web manifest."""

import json
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from assessments.views.field_build import FOLDER
from core.views.doors import public

WORKER = "build/worker/sw.js"
STABLE = ("app.js", "app.css")
ICON = "site/icon.svg"
ICONS = (
    ("site/icon-192.png", "192x192", "any"),
    ("site/icon-512.png", "512x512", "any"),
    ("site/icon-512.png", "512x512", "maskable"),
)


@public
@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """Serve the service worker with the files of this release, so that a release changes it."""
    code = _worker_code(settings.DEBUG)
    response = HttpResponse(code, content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@public
@require_GET
def manifest(request: HttpRequest) -> JsonResponse:
    """Describe the client as an app that can be installed."""
    start = reverse("field")
    document = {
        "id": start,
        "name": _("Tessera field forms"),
        "short_name": "Tessera",
        "start_url": start,
        "scope": start,
        "display": "standalone",
        "lang": get_language(),
        "dir": "rtl" if get_language_bidi() else "ltr",
        "background_color": "#f3f5f7",
        "theme_color": "#0063aa",
        "icons": [
            {"src": static(path), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for path, sizes, purpose in ICONS
        ],
    }
    return JsonResponse(document, content_type="application/manifest+json")


def _worker_code(is_changing: bool) -> str:
    """Return the code; built once for as long as the files cannot change."""
    return _release() if is_changing else _kept_release()


@cache
def _kept_release() -> str:
    return _release()


def _release() -> str:
    """Return the code below the list of what it keeps; raise Http404 where nothing is built."""
    found, listed = finders.find(WORKER), finders.find(f"{FOLDER}manifest.json")
    if not (found and listed):
        raise Http404
    code = Path(found).read_text()
    names = {name for chunk in json.loads(Path(listed).read_text()).values() for name in _of(chunk)}
    files = [*sorted(_address(name) for name in names), static(ICON)]
    version = sha256("\n".join([*files, code]).encode()).hexdigest()[:16]
    release = {"version": version, "shell": reverse("field"), "files": files}
    return f"self.TESSERA_RELEASE = {json.dumps(release)};\n{code}"


def _of(chunk: dict[str, object]) -> list[str]:
    """Return the files of one entry of Vite's manifest."""
    lists = [part for key in ("css", "assets") if isinstance(part := chunk.get(key), list)]
    return [str(chunk["file"]), *(str(name) for part in lists for name in part)]


def _address(name: str) -> str:
    """Return where a built file is fetched from: chunks name each other and keep their names."""
    path = f"{FOLDER}{name}"
    return static(path) if name in STABLE else f"{settings.STATIC_URL}{path}"
