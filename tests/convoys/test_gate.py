"""Everything that the dispatch gate can say, provoked and read in two languages."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy

from convoys import dispatch, planning
from convoys.models import OperatedConvoy, Vehicle
from core.access.inputs import RULES
from core.errors import Problem
from core.models import RouteSegment
from tests.cast import Cast
from tests.convoys.road import Road, begin
from tests.factories.access import (
    ClearanceFactory,
    ConstraintFactory,
    MovementFactory,
    NoticeFactory,
    ObservationFactory,
    RequirementFactory,
    SegmentFactory,
    SiteFactory,
    WindowFactory,
    hours,
)
from tests.factories.convoys import VehicleFactory

ARMENIAN = re.compile("[\u0531-\u0587]")
LATIN = re.compile("[A-Za-z]")


@dataclass
class Scene:
    """A convoy that stands ready before an open road, and what a finding is expected to name."""

    road: Road
    segment: RouteSegment
    subject: Any = None
    dated: datetime | None = None  # None: what is missing is missing now

    @property
    def leg(self) -> Any:
        """Return the only leg."""
        return self.road.run.legs.get()

    def make(self, factory: Any, **facts: Any) -> Any:
        """Make a fact of access in the convoy's operation."""
        return factory(operation=self.road.run.operation, **facts)

    def about(self, subject: Any, dated: datetime | None = None) -> None:
        """Say what the finding is expected to name, and its date."""
        self.subject, self.dated = subject, dated


def seen(scene: Scene, place: Any, **facts: Any) -> None:
    """Expect a newer observation of a road or passage to be named."""
    made = scene.make(ObservationFactory, **{"occurred_at": timezone.now()} | facts)
    scene.about(place, made.occurred_at)


def segment_closed(scene: Scene) -> None:
    seen(scene, scene.segment, segment=scene.segment, status="closed", valid_until=days(9))


def segment_unknown(scene: Scene) -> None:
    seen(scene, scene.segment, segment=scene.segment, valid_until=days(1))


def checkpoint_closed(scene: Scene) -> None:
    post = passage(scene)
    seen(scene, post, segment=None, site=post, status="closed", valid_until=days(9))


def checkpoint_unknown(scene: Scene) -> None:
    scene.about(passage(scene))


def passage(scene: Scene) -> Any:
    """Let the road begin at a checkpoint."""
    scene.segment.start = scene.make(SiteFactory, kind="checkpoint")
    scene.segment.save()
    return scene.segment.start


def days(number: int) -> datetime:
    """Return the moment so many days from now."""
    return timezone.now() + timedelta(days=number)


def limit(name: str) -> Callable[[Scene], None]:
    """Return what lets the road bear less than the vehicle weighs."""

    def set_up(scene: Scene) -> None:
        RouteSegment.objects.filter(pk=scene.segment.pk).update(**{name: 1})
        scene.about(scene.segment, scene.segment.created_at)

    return set_up


def constraint(impact: str) -> Callable[[Scene], None]:
    """Return what puts a constraint on the road."""

    def set_up(scene: Scene) -> None:
        made = scene.make(ConstraintFactory, segment=scene.segment, area=None, impact=impact)
        scene.about(scene.segment, made.occurred_at)

    return set_up


def window(state: str) -> Callable[[Scene], None]:
    """Return what lets the road be open for a window that ends too early."""

    def set_up(scene: Scene) -> None:
        made = scene.make(WindowFactory, state=state)
        made.segments.add(scene.segment)
        scene.about(scene.segment, made.occurred_at)

    return set_up


def clearance(state: str = "", **facts: Any) -> Callable[[Scene], None]:
    """Return what requires a clearance, and gives one in a state, if any."""

    def set_up(scene: Scene) -> None:
        scene.about(scene.make(RequirementFactory, segment=scene.segment))
        if state:
            decided = timezone.now()
            scene.make(ClearanceFactory, state=state, decided_at=decided, **facts)
            scene.dated = decided

    return set_up


def item_excluded(scene: Scene) -> None:
    code = scene.road.lines[0].item.code
    made = scene.make(
        ClearanceFactory,
        state="granted",
        valid_to=days(9),
        decided_at=timezone.now(),
        excluded_items=[code],
    )
    scene.about(code, made.decided_at)


def notice_missing(scene: Scene) -> None:
    scene.about(gettext_lazy("Notice"))


def notice(ahead: int) -> Callable[[Scene], None]:
    """Return what gives notice so many days before the convoy leaves, and nobody answers."""

    def set_up(scene: Scene) -> None:
        made = scene.make(
            NoticeFactory,
            state="submitted",
            submitted_at=scene.road.run.etd - timedelta(days=ahead),
            ends_at=days(9),
        )
        scene.about(made, made.submitted_at)

    return set_up


def movement(state: str) -> Callable[[Scene], None]:
    """Return what asks somebody for the movement."""

    def set_up(scene: Scene) -> None:
        made = scene.make(MovementFactory, state=state, starts_at=days(1), ends_at=days(9))
        scene.about(made, made.occurred_at)

    return set_up


def vehicle_none(scene: Scene) -> None:
    scene.road = begin(scene.road.cast)
    scene.about(scene.road.run)


def waybill_missing(scene: Scene) -> None:
    vehicle = scene.make(VehicleFactory)
    planning.add_leg(scene.road.fresh(), actor=scene.road.actor("lars"), vehicle=vehicle)
    scene.about(vehicle)


def waybill_unissued(scene: Scene) -> None:
    scene.road = begin(scene.road.cast)
    scene.about(scene.road.carry([10]))


def vehicle_over_axle(scene: Scene) -> None:
    Vehicle.objects.filter(pk=scene.leg.vehicle_id).update(axle_limit_kg=1)
    scene.about(scene.leg.vehicle)


def booked(*, driver: bool) -> Callable[[Scene], None]:
    """Return what lets another convoy have the same vehicle, or the same driver."""

    def set_up(scene: Scene) -> None:
        mine = scene.leg
        leg = planning.add_leg(
            begin(scene.road.cast).fresh(),
            actor=scene.road.actor("lars"),
            vehicle=scene.make(VehicleFactory) if driver else mine.vehicle,
            driver=mine.driver if driver else None,
        )
        leg.refresh_from_db()
        scene.about(mine.vehicle, leg.period.lower)

    return set_up


def adviser_no_go(scene: Scene) -> None:
    made = planning.brief(
        scene.road.fresh(), actor=scene.road.actor("lars"), decision="no_go", adviser="S"
    )
    scene.about(scene.road.run, made.recorded_at)


def route_missing(scene: Scene) -> None:
    scene.road.run.route_steps.all().delete()
    scene.about(scene.road.run)


SCENES: dict[str, Callable[[Scene], None]] = {
    "segment_closed": segment_closed,
    "segment_unknown": segment_unknown,
    "segment_gross_limit": limit("max_gross_t"),
    "segment_axle_limit": limit("max_axle_t"),
    "checkpoint_closed": checkpoint_closed,
    "checkpoint_unknown": checkpoint_unknown,
    "constraint_high": constraint("3"),
    "constraint_gap": constraint("X"),
    "window_outside": window("active"),
    "window_broken": window("broken"),
    "clearance_missing": clearance(),
    "clearance_denied": clearance("denied"),
    "clearance_expires": clearance("granted", valid_to=hours(10)),
    "item_excluded": item_excluded,
    "notice_missing": notice_missing,
    "notice_late": notice(1),
    "notice_unacknowledged": notice(3),
    "movement_denied": movement("denied"),
    "movement_unanswered": movement("pending"),
    "vehicle_none": vehicle_none,
    "waybill_missing": waybill_missing,
    "waybill_unissued": waybill_unissued,
    "vehicle_over_axle": vehicle_over_axle,
    "vehicle_booked": booked(driver=False),
    "driver_booked": booked(driver=True),
    "adviser_no_go": adviser_no_go,
    "route_missing": route_missing,
}


@pytest.fixture
def scene(cast: Cast) -> Scene:
    """Give a convoy that is loaded, on a road that was seen open."""
    road = begin(cast)
    segment = SegmentFactory(operation=cast.operation, name="Corridor")
    planning.set_route(road.fresh(), [segment], actor=cast.actor("lars"))
    ObservationFactory(operation=cast.operation, segment=segment, valid_until=days(9))
    road.carry([10])
    return Scene(road.ready(), segment)


def refusal(run: OperatedConvoy, actor: Any, code: str, language: str) -> dict[str, Any]:
    """Return what a refused dispatch says under a code."""
    with translation.override(language), pytest.raises(Problem) as refused:
        dispatch.dispatch(run, actor=actor)
    assert (refused.value.status, refused.value.code) == (409, "gate_closed")
    assert code in refused.value.detail
    return next(one for one in refused.value.errors if one["code"] == code)


def test_every_code_of_the_gate_is_provoked_here() -> None:
    assert set(SCENES) == set(RULES)


@pytest.mark.parametrize("code", RULES)
def test_a_refusal_names_its_input_its_date_and_what_would_change_it(
    code: str, scene: Scene
) -> None:
    before = timezone.now()
    SCENES[code](scene)
    run, carmen = scene.road.fresh(), scene.road.actor("carmen")
    english, armenian = (refusal(run, carmen, code, language) for language in ("en", "hy"))
    for language, told in (("en", english), ("hy", armenian)):
        with translation.override(language):
            assert told["where"] == told["subject"] == str(scene.subject)
        dated = datetime.fromisoformat(told["dated"])
        assert dated == scene.dated if scene.dated else before <= dated <= timezone.now()
        assert "{" not in told["message"] + told["fix"]
    assert english["input"] == armenian["input"] == RULES[code].input
    for text in ("message", "fix"):
        assert LATIN.search(english[text])
        assert not ARMENIAN.search(english[text])
        assert ARMENIAN.search(armenian[text]), armenian[text]


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if rule.is_hard])
def test_no_reason_overrides_a_hard_refusal(code: str, scene: Scene) -> None:
    SCENES[code](scene)
    with pytest.raises(Problem, match="None of these can be overridden"):
        dispatch.dispatch(
            scene.road.fresh(), actor=scene.road.actor("carmen"), override="We must go"
        )


@pytest.mark.parametrize("code", [code for code, rule in RULES.items() if not rule.is_hard])
def test_a_coordinators_reason_overrides_a_soft_refusal(code: str, scene: Scene) -> None:
    SCENES[code](scene)
    gone = dispatch.dispatch(
        scene.road.fresh(), actor=scene.road.actor("carmen"), override="We must go"
    )
    assert gone.state == "dispatched"


@pytest.mark.parametrize("figure", ["payload_kg", "volume_m3"])
def test_a_vehicle_is_never_corrected_to_less_than_it_is_loaded_with(
    figure: str, scene: Scene
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Vehicle.objects.filter(pk=scene.leg.vehicle_id).update(**{figure: 1})
