"""The list of forms that an account may fill, and the forms themselves.

https://docs.getodk.org/openrosa-form-list/
"""

from collections import Counter
from typing import Any
from xml.sax.saxutils import escape

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from assessments.models import FormVersion
from assessments.openrosa.addresses import beside
from assessments.openrosa.door import door
from core import openrosa, policy
from core.policy import Actor

NAMESPACE = "http://openrosa.org/xforms/xformsList"
State = FormVersion.State


def offered(actor: Actor) -> list[FormVersion]:
    """Return the published, open forms that the actor may fill, each form ID once.

    What two operations of one person call by the same ID is left out: a record names only the ID.
    """
    found = FormVersion.objects.filter(state=State.PUBLISHED, form__is_open=True)
    mine = policy.filter(actor, "form.fill", found).select_related("form__assessment", "operation")
    versions = list(mine.defer("xform", "report").prefetch_related("attachments").order_by("title"))
    counts = Counter(one.form.form_id for one in versions if one.form)
    return [one for one in versions if one.form and counts[one.form.form_id] == 1]


@door("form.fill")
@require_safe
def form_list(request: Any) -> HttpResponse:
    """List the forms; ``formID`` asks for one, ``verbose=true`` for descriptions."""
    wanted = request.GET.get("formID")
    verbose = request.GET.get("verbose", "").lower() == "true"
    entries = [
        entry(request, one, verbose=verbose)
        for one in offered(request.actor)
        if wanted is None or (one.form and one.form.form_id == wanted)
    ]
    body = f'<xforms xmlns="{NAMESPACE}">{"".join(entries)}</xforms>'
    return openrosa.answer(openrosa.DECLARATION + body)


def entry(request: Any, version: FormVersion, *, verbose: bool) -> str:
    """Return a form's entry."""
    form = version.form
    parts = {
        "formID": form.form_id if form else "",
        "name": version.title,
        "version": version.version,
        "hash": f"md5:{version.xform_hash}",
    }
    if verbose:
        assessment = form.assessment if form else None
        parts["descriptionText"] = assessment.description if assessment else ""
    parts["downloadUrl"] = beside(request, "form", version.pk)
    if version.attachments.all():
        parts["manifestUrl"] = beside(request, "manifest", version.pk)
    inside = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in parts.items())
    return f"<xform>{inside}</xform>"


@door("form.fill")
@require_safe
def form(request: Any, pk: int) -> HttpResponse:
    """Serve a form, byte for byte what its hash was taken of."""
    usable = FormVersion.objects.filter(state__in=(State.PUBLISHED, State.SUPERSEDED))
    return openrosa.answer(policy.get(request.actor, "form.fill", usable, pk=pk).xform)
