"""Papers to carry: the PDF of a waybill and of a goods received note, made by a job.

A paper says what was so when it was made. It is dropped when its document becomes void or is
decided upon, so that none is handed out that reads as if it still held; it can be made again at
any time, in the language of whoever asks.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from convoys import paper_wording
from convoys.models import Receipt, ReceiptPhoto, Waybill
from core import jobs, media, policy, typeset
from core.errors import Problem, declare
from core.models import Job
from core.policy import Actor

JOB = "make_paper"
TEMPLATES = Path(__file__).parent / "typeset"
KINDS: dict[str, Any] = {"waybill": Waybill, "receipt": Receipt}
VERBS = {"waybill": "waybill.print", "receipt": "receipt.read"}
TITLES = {
    "waybill": _("Waybill as PDF: {number}"),
    "receipt": _("Goods received note as PDF: {number}"),
}
MOST_PHOTOS = 12
# Longer edge in pixels: enough for a third of a page
EDGE = 900
OPEN = (Job.State.QUEUED, Job.State.RUNNING)

declare(
    "paper_not_made",
    409,
    _("There is no PDF of this document"),
    _("The PDF of {number} was not made yet, or what it said no longer holds."),
    _("Choose “Make PDF” beside the document."),
)


def kind_of(document: Any) -> str:
    """Return the kind of a document that has a paper."""
    return str(document._meta.model_name)


@transaction.atomic
def request(document: Any, *, actor: Actor, address: str) -> Job:
    """Ask for the paper of a waybill or receipt; ``address`` is that of its page, for the code.

    While it is being made in the same language, that job is returned. Raises Problem
    ``wrong_state`` for a draft, or what the policy raises.
    """
    kind = kind_of(document)
    policy.check(actor, VERBS[kind], document)
    KINDS[kind].objects.select_for_update(of=("self",)).get(pk=document.pk)
    if document.state == Waybill.State.DRAFT:
        raise Problem(
            "wrong_state",
            object=document,
            state=document.get_state_display(),
            sources=Waybill.State.ISSUED.label,
        )
    asked = {"paper": kind, "pk": str(document.pk), "address": address}
    made = Job.objects.filter(kind=JOB, operation=document.operation_id, state__in=OPEN)
    known = made.filter(
        arguments=asked, created_by=actor.user, language=get_language() or "en"
    ).first()
    title = TITLES[kind].format(number=document)
    return known or jobs.enqueue(
        JOB, title=title, actor=actor, operation=document.operation, **asked
    )


def make(paper: str, pk: str, address: str) -> Any:
    """Set a paper in the active language and keep it with its document; return the document."""
    document = KINDS[paper].objects.select_related("operation").get(pk=pk)
    now = timezone.now()
    pictures: dict[str, str | bytes] = {}
    if paper == "waybill":
        data = paper_wording.waybill(document)
    else:
        pictures |= pictures_of(document)
        data = paper_wording.receipt(document, as_of=now, pictures=pictures)
    pictures["code"] = typeset.qr(f"{address}#{str(document).replace(' ', '-')}")
    set_pages = typeset.pdf(TEMPLATES / f"{paper}.typ", data, pictures, dated=now)
    return keep(document, set_pages.content)


def pictures_of(receipt: Receipt) -> dict[str, str | bytes]:
    """Return a receipt's photos and signature by the names under which its paper shows them."""
    kinds = ReceiptPhoto.Kind
    drawn: dict[str, str | bytes] = {}
    for number, photo in enumerate(receipt.photos.filter(kind=kinds.PHOTO)[:MOST_PHOTOS], 1):
        drawn[f"photo-{number}.jpg"] = media.reduced(photo.file.read(), "JPEG", EDGE)
    for signature in receipt.photos.filter(kind=kinds.SIGNATURE)[:1]:
        drawn[paper_wording.SIGNATURE] = media.reduced(signature.file.read(), "PNG", EDGE)
    return drawn


@transaction.atomic
def keep(document: Any, content: bytes) -> Any:
    """Keep a paper unless its document was decided upon while it was set; drop the one before."""
    model = type(document)
    held = model.objects.select_for_update(of=("self",)).get(pk=document.pk)
    if _reads_alike(held, document):
        before, storage = held.pdf.name, held.pdf.storage
        held.pdf.save(f"{uuid4().hex}.pdf", ContentFile(content), save=False)
        model.objects.filter(pk=held.pk).update(pdf=held.pdf.name)
        if before:
            transaction.on_commit(lambda: storage.delete(before))
    return held


def _reads_alike(held: Any, document: Any) -> bool:
    """Return whether a paper of ``document`` still tells the truth about ``held``."""
    if isinstance(held, Receipt):
        return bool(held.state == document.state)
    void = Waybill.State.VOID
    return bool((held.state == void) == (document.state == void))


def ready(document: Any) -> Any:
    """Return the open file of a document's paper; raise Problem ``paper_not_made``."""
    try:
        return document.pdf.open("rb")
    except (ValueError, FileNotFoundError):
        raise Problem("paper_not_made", number=document) from None


def jobs_of(documents: Iterable[Any], *, actor: Actor) -> dict[str, Job]:
    """Return by document the newest job of its paper, of those that the actor may follow."""
    keys = [str(one.pk) for one in documents]
    found = Job.objects.filter(kind=JOB, arguments__pk__in=keys)
    seen = policy.filter(actor, "job.read", found).select_related("operation")
    return {job.arguments["pk"]: job for job in seen.order_by("created_at")}
