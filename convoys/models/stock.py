"""Stock by warehouse, lot and expiry: movements that are only added, and what they leave."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from convoys.models.columns import Identified, in_numbers, quantity
from core.audit import tracked
from core.models.facts import AppendOnly, Fact


class LotQuerySet(models.QuerySet["StockLot"]):
    """Questions about many lots."""

    def first_expired_first(self) -> "LotQuerySet":
        """Order lots as they leave: earliest expiry first, undated last, then oldest first."""
        return self.order_by(F("expires_on").asc(nulls_last=True), "created_at", "pk")


@tracked()
class StockLot(Identified):
    """Goods of one item, lot and expiry in one warehouse, owned by one organisation."""

    operation = models.ForeignKey("core.Operation", models.CASCADE, related_name="lots")
    warehouse = models.ForeignKey(
        "core.Site", models.PROTECT, related_name="+", verbose_name=_("warehouse")
    )
    item = models.ForeignKey(
        "core.ReliefItem", models.PROTECT, related_name="lots", verbose_name=_("item")
    )
    owner = models.ForeignKey(
        "core.Organisation", models.PROTECT, related_name="+", verbose_name=_("owner")
    )
    lot_number = models.CharField(_("lot"), max_length=60, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)
    is_demo = models.BooleanField(_("invented, for demonstration"), default=False)
    created_by = models.ForeignKey("core.User", models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = LotQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("warehouse", "item", "owner", "lot_number", "expires_on"),
                nulls_distinct=False,
                name="lot_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.item} {self.lot_number}".strip()

    def get_absolute_url(self) -> str:
        """Return the address of the lot's page."""
        return reverse("stock_lot", args=(self.operation.slug, self.pk))


class StockMove(AppendOnly, Fact):
    """One movement of a lot: in, set aside for a line, taken from the shelf, out."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Received")
        RESERVED = "reserved", _("Reserved")
        UNRESERVED = "unreserved", _("Reservation ended")
        PICKED = "picked", _("Picked")
        UNPICKED = "unpicked", _("Put back")
        RELEASED = "released", pgettext_lazy("out of stock", "Released")
        RETURNED = "returned", _("Returned to stock")
        FOUND = "found", _("Found in a count")
        MISSING = "missing", _("Missing in a count")

    FOR_A_LINE = ("reserved", "unreserved", "picked", "unpicked", "released")

    lot = models.ForeignKey(StockLot, models.PROTECT, related_name="moves")
    line = models.ForeignKey(
        "convoys.ConsignmentLine", models.PROTECT, related_name="moves", null=True, blank=True
    )
    kind = models.CharField(_("movement"), max_length=10, choices=Kind.choices)
    qty = quantity(_("quantity"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta(AppendOnly.Meta):
        ordering = ("recorded_at", "pk")
        constraints = (
            in_numbers("move_in_numbers", "qty"),
            models.CheckConstraint(condition=Q(qty__gt=0), name="move_moves_something"),
            models.CheckConstraint(
                condition=Q(kind__in=("reserved", "unreserved", "picked", "unpicked", "released"))
                & Q(line__isnull=False)
                | ~Q(kind__in=("reserved", "unreserved", "picked", "unpicked", "released"))
                & Q(line__isnull=True),
                name="move_for_a_line_names_it",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=("found", "missing")) | ~Q(reason=""),
                name="count_difference_has_a_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.qty}"


class LotBalance(models.Model):
    """What a lot's movements leave; written by triggers alone."""

    kept_by_triggers = True

    lot = models.OneToOneField(StockLot, models.PROTECT, primary_key=True, related_name="balance")
    on_hand = quantity()
    reserved = quantity()
    picked = quantity()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="lot_not_overdrawn",
                condition=Q(reserved__gte=0, picked__gte=0)
                & Q(on_hand__gte=F("reserved") + F("picked")),
            ),
        )

    def __str__(self) -> str:
        return str(self.lot_id)
