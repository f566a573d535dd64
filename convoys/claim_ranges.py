"""Going by the range of all that sources say of a convoy, where none is to be preferred.

The range is a claim like others, whose source are all of them; it contradicts none, and is adopted
with a reason.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone

from convoys import claims
from convoys.models import Adoption, Claim
from convoys.models.reported import AMOUNTS, DAYS
from convoys.reported import picture
from core import policy
from core.policy import Actor

LONGEST = 200
Ends = tuple[Any, Any]


def _of(claim: Claim) -> tuple[Ends, list[Claim]]:
    """Return the least and the most that is said beside a claim, and what is said."""
    convoys = list(claim.convoys.all()[:2])
    if len(convoys) != 1 or claim.attribute not in (*AMOUNTS, *DAYS):
        return (None, None), [claim]
    about = [one for one in picture(convoys[0]) if one.key == claim.attribute]
    said = about[0].claims if about else [claim]
    low, high = ("low", "high") if claim.attribute in AMOUNTS else ("first_day", "last_day")
    return (min(getattr(one, low) for one in said), max(getattr(one, high) for one in said)), said


def wider(claim: Claim) -> Claim | None:
    """Return what all that is said spans, unsaved; None where the claim itself says as much."""
    (least, most), _said = _of(claim)
    if claim.attribute in AMOUNTS:
        found = Claim(attribute=claim.attribute, low=least, high=most)
    else:
        found = Claim(attribute=claim.attribute, first_day=least, last_day=most)
    own = (claim.low, claim.high, claim.first_day, claim.last_day)
    is_same = own == (found.low, found.high, found.first_day, found.last_day)
    return None if least is None or is_same else found


@transaction.atomic
def adopt(claim: Claim, *, actor: Actor, reason: str) -> Adoption:
    """Record the range around a claim, unless it stands there, and adopt it.

    Raises Problem as ``claims.adopt`` does.
    """
    policy.check(actor, "claim.adopt", claim)
    (least, most), said = _of(claim)
    if wider(claim) is None:
        return claims.adopt(claim, actor=actor, reason=reason)
    ends = ("low", "high") if claim.attribute in AMOUNTS else ("first_day", "last_day")
    whole = [one for one in said if (getattr(one, ends[0]), getattr(one, ends[1])) == (least, most)]
    found = whole[0] if whole else _recorded(claim, least, most, said, actor)
    return claims.adopt(found, actor=actor, reason=reason)


def _recorded(claim: Claim, least: Any, most: Any, said: list[Claim], actor: Actor) -> Claim:
    sources = "; ".join(dict.fromkeys(one.source for one in said))
    return claims.record(
        [claim.convoys.get()],
        actor=actor,
        attribute=claim.attribute,
        value=least,
        upper=most,
        source=sources if len(sources) <= LONGEST else f"{sources[: LONGEST - 1]}…",
        published_on=timezone.now().date(),
        reliability=max(one.reliability for one in said),
        credibility=max(one.credibility for one in said),
    )
