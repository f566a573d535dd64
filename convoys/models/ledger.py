"""The quantity ledger: entries that are only added, and what forwarded ones leave to be loaded."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from convoys.models.columns import Identified, cubic_metres, in_numbers, kilograms, quantity
from convoys.models.operated import OperatedConvoy
from convoys.models.waybills import LoadLine
from core.models.facts import AppendOnly, Fact
from core.times import written


class Posting(AppendOnly, Fact):
    """Why entries were written: a receipt, a loss, a hand-over, or a reversal.

    Its entries are written in one statement. ``body_sha256`` tells a replay from another body
    under the same id.
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt", pgettext_lazy("goods received", "Receipt")
        LOSS = "loss", _("Loss")
        HANDOVER = "handover", _("Hand-over to another leg")
        WRITE_OFF = "write_off", _("Write-off")
        REVERSAL = "reversal", _("Reversal")

    convoy = models.ForeignKey(OperatedConvoy, models.PROTECT, related_name="postings")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    receipt = models.OneToOneField(
        "convoys.Receipt", models.PROTECT, related_name="posting", null=True, blank=True
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    evidence = models.CharField(_("evidence"), max_length=300, blank=True)
    body_sha256 = models.CharField(max_length=64)

    class Meta(AppendOnly.Meta):
        ordering = ("recorded_at", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(kind="receipt", receipt__isnull=False)
                | (~Q(kind="receipt") & Q(receipt=None) & ~Q(reason="")),
                name="posting_says_why",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {written(self.recorded_at)}"


class EntryKind(models.TextChoices):
    """What becomes of a loaded quantity."""

    RECEIVED_GOOD = "received_good", _("Received in good condition")
    RECEIVED_DAMAGED = "received_damaged", _("Received damaged")
    SHORT_MISSING = "short_missing", _("Short or missing")
    INTERCEPTED_UNFORCED = "intercepted_unforced", _("Taken by people on the way, unforced")
    INTERCEPTED_FORCED = "intercepted_forced", _("Taken by force")
    REMOVED_BY_AUTHORITY = "removed_by_authority", _("Removed by an authority")
    DESTROYED = "destroyed", _("Destroyed")
    SPOILED = "spoiled", _("Spoiled")
    RETURNED = "returned", _("Returned")
    REDIRECTED = "redirected", _("Redirected to another consignee")
    FORWARDED = "forwarded", _("Forwarded by another vehicle")
    OVERAGE = "overage", _("Overage: more than was loaded")


class Entry(AppendOnly, Identified):
    """One movement of a load line's quantity; ``kg`` is nominal, ``weighed_kg`` is evidence.

    ``sign`` is -1 for a reversal, which mirrors the one entry that ``reverses`` names.
    """

    Kind = EntryKind
    RECEIVED = ("received_good", "received_damaged")
    LOSSES = (
        "short_missing",
        "intercepted_unforced",
        "intercepted_forced",
        "removed_by_authority",
        "destroyed",
        "spoiled",
    )
    ONWARD = ("returned", "redirected", "forwarded")

    posting = models.ForeignKey(Posting, models.PROTECT, related_name="entries")
    load = models.ForeignKey(LoadLine, models.PROTECT, related_name="entries")
    kind = models.CharField(_("what became of it"), max_length=22, choices=Kind.choices)
    qty = quantity(_("quantity"))
    kg = kilograms(_("nominal weight (kg)"))
    sign = models.SmallIntegerField(default=1)
    reverses = models.OneToOneField(
        "self", models.PROTECT, related_name="reversed_by", null=True, blank=True
    )
    reverses_sign = models.GeneratedField(
        expression=F("sign") * -1, output_field=models.SmallIntegerField(), db_persist=True
    )
    weighed_kg = kilograms(_("weighed (kg)"), null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta(AppendOnly.Meta):
        ordering = ("recorded_at", "pk")
        constraints = (
            in_numbers("entry_in_numbers", "qty", "kg"),
            models.CheckConstraint(condition=Q(qty__gt=0, kg__gt=0), name="entry_moves_something"),
            models.CheckConstraint(
                condition=Q(kind__in=EntryKind.values), name="entry_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(sign=1, reverses=None) | Q(sign=-1, reverses__isnull=False),
                name="entry_sign_tells_a_reversal",
            ),
            models.UniqueConstraint(
                fields=("id", "load", "kind", "qty", "kg", "sign"), name="entry_can_be_mirrored"
            ),
        )
        indexes = (models.Index(fields=("load", "kind"), name="entry_by_load"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.qty}"


class ForwardBalance(models.Model):
    """What of a forwarded, redirected or returned entry is not loaded again yet.

    Written by triggers alone. What was returned may stay where it came back to.
    """

    kept_by_triggers = True

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="balance")
    is_return = models.BooleanField()
    free_qty = quantity()
    free_kg = kilograms()
    free_m3 = cubic_metres()
    closed = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="forward_not_overdrawn",
                condition=Q(free_qty__gte=0, free_kg__gte=0, free_m3__gte=0),
            ),
            models.CheckConstraint(
                name="forward_empty_in_units_and_kg",
                condition=Q(free_qty=0, free_kg=0) | Q(free_qty__gt=0, free_kg__gt=0),
            ),
            models.CheckConstraint(
                name="forward_closed_with_nothing_left",
                condition=Q(closed=False) | Q(is_return=True) | Q(free_qty=0),
            ),
        )

    def __str__(self) -> str:
        return str(self.entry_id)
