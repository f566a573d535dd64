"""What a convoy report says: read at one moment, in the report's language, then frozen.

It holds what partners may know: convoys whose route and times were released, and what is reported
of others. No driver, plate, position or planned route is read. ``collect`` gives JSON values; kg
are texts of decimals, so that no digit is lost on the way to PDF, workbook and interface.
"""

from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from convoys import release
from convoys.models import Claim, OperatedConvoy
from core.isolation import one_moment
from core.models import Membership, Operation, Role, User
from core.policy import Actor
from situation import convoy_picture, deliveries
from situation.convoy_picture import ConvoyPicture, ReportedConvoy
from situation.deliveries import Sums

FORMAT = 1
NOBODY = 0
MOST_CONVOYS = 5000


@dataclass(frozen=True)
class AnyPartner(Actor):
    """Stands for every partner of an operation: what it may know, each of them may know."""

    operation: Operation | None = None

    @cached_property
    def memberships(self) -> list[Membership]:
        """Return the role of a partner, in nobody's name."""
        return [Membership(operation=self.operation, role=Role.PARTNER)]


def collect(operation: Operation, language: str) -> dict[str, Any]:
    """Return all that the report says; the active translation must be ``language``."""
    with timezone.override(UTC), one_moment():
        partner = AnyPartner(user=User(pk=NOBODY), operation=operation)
        picture = convoy_picture.take(operation, partner, most_reported=MOST_CONVOYS)
        return {
            "format": FORMAT,
            "language": language,
            "operation": {"slug": operation.slug, "name": operation.name},
            "picture": _picture(picture),
            "convoys": _convoys(release.known_to(operation, partner)),
            "is_partial": picture.is_partial,
        }


def _picture(picture: ConvoyPicture) -> dict[str, Any]:
    told = picture.reported
    return {
        "as_of": picture.as_of.isoformat(),
        "is_invented": picture.is_invented,
        "operated": picture.operated,
        "stages": [_plain(asdict(one)) for one in picture.stages],
        "losses": [_plain(asdict(one)) for one in picture.losses],
        "areas": [_plain(asdict(one)) for one in picture.areas],
        "discrepancies": _plain(asdict(picture.discrepancies)),
        "reported": {
            "totals": _plain(asdict(told.totals)),
            "confirmed_kg": str(told.confirmed_kg),
            "without_receipt_kg": str(told.without_receipt_kg),
            "least_without_receipt_kg": str(told.least_without_receipt_kg),
            "convoys": [_reported(one) for one in told.convoys],
            "joint": [_claim(one) for one in told.joint],
        },
        "roads": [_plain(asdict(one)) for one in picture.roads],
        "ending": [_plain(asdict(one)) for one in picture.ending],
    }


def _convoys(runs: QuerySet[OperatedConvoy]) -> list[dict[str, Any]]:
    """Return each convoy with its equation: both sides, in kilograms, and what they differ by."""
    sums = deliveries.equations(runs)
    rows = runs.select_related("convoy", "lead_org").order_by("-arrived_at", "-pk")[:MOST_CONVOYS]
    return [_convoy(one, sums.get(one.pk) or Sums()) for one in rows]


def _convoy(run: OperatedConvoy, sums: Sums) -> dict[str, Any]:
    parts = {
        "loaded": sums.loaded,
        "overage": sums.overage,
        "good": sums.good,
        "damaged": sums.damaged,
        "lost": sums.lost_in_all,
        "returned": sums.returned,
        "onward": sums.onward,
        "outstanding": sums.outstanding,
        "balance": sums.balance,
    }
    return {
        "id": run.pk,
        "number": run.number,
        "name": run.convoy.name,
        "is_demo": run.convoy.is_demo,
        "organisation": run.lead_org.acronym,
        "state": run.get_state_display(),
        "arrived_on": run.arrived_at.date().isoformat() if run.arrived_at else None,
        "lost_by_kind": {kind: str(kg) for kind, kg in sums.lost.items() if kg},
        **{f"{key}_kg": str(kg) for key, kg in parts.items()},
    }


def _reported(convoy: ReportedConvoy) -> dict[str, Any]:
    return {
        "id": convoy.pk,
        "name": convoy.name,
        "organiser": convoy.organiser,
        "is_demo": convoy.is_demo,
        "attributes": [
            {
                "key": one.key,
                "label": one.label,
                "is_disputed": one.is_disputed,
                "claims": [
                    _claim(claim) | {"is_adopted": _is_adopted(one.adopted, claim)}
                    for claim in one.claims
                ],
            }
            for one in convoy.attributes
        ],
    }


def _is_adopted(adoption: Any, claim: Claim) -> bool:
    return bool(adoption and adoption.claim_id == claim.pk)


def _claim(claim: Claim) -> dict[str, Any]:
    return _plain(
        {
            "attribute": claim.attribute,
            "label": str(claim.get_attribute_display()),
            "low": claim.low,
            "high": claim.high,
            "first_day": claim.first_day,
            "last_day": claim.last_day,
            "text": claim.text,
            "source": claim.source,
            "published_on": claim.published_on,
            "reliability": claim.reliability,
            "credibility": claim.credibility,
        }
    )


def _plain(value: dict[str, Any]) -> dict[str, Any]:
    return {key: _json(one) for key, one in value.items()}


def _json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
