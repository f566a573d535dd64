"""What can be taken out about access. Rows are narrowed by the sensitivity of each fact."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core import geo
from core.access import status
from core.datasets import Column, Dataset, Kind, Names, Sensitivity, declare, names_of
from core.models import (
    AccessConstraint,
    AccessScore,
    AccessWindow,
    Clearance,
    DeconflictionNotice,
    MovementOutcome,
    MovementRequest,
    RouteSegment,
    ScoreAdoption,
    Site,
    StatusObservation,
)
from core.policy import Actor

PARTNER = Sensitivity.PARTNER


def column(
    key: str, label: str | Promise, kind: Kind = Kind.TEXT, source: str = "", **more: Any
) -> Column:
    """Return a column that partners may see in the rows that they may see."""
    return Column(key, label, kind, source=source, sensitivity=PARTNER, **more)


def of(model: type[Model], **computed: Any) -> Callable[[dict[str, Any]], QuerySet[Any]]:
    """Return what gives a model's rows, of the parameters' operation if they name one."""

    def rows(parameters: dict[str, Any]) -> QuerySet[Any]:
        found: QuerySet[Any] = model._default_manager.annotate(**computed)
        operation = parameters.get("operation")
        return found.filter(operation=operation) if operation else found

    return rows


def names(path: str) -> ArrayAgg:
    """Return the names at the end of a many-to-many path as a list."""
    return ArrayAgg(path, filter=~Q(**{path: None}), order_by=path, default=[])


OPERATION = column("operation", _("Operation"), source="operation__slug")
NUMBER = column("id", _("Number"), hxl="#meta+id")


def event(name: str) -> Column:
    """Return the column by which a file of events says what a row is, on its way back, too."""
    return column("event", _("Event"), value=lambda _row: name, hxl="#event+kind")


FACT = (
    column("observed_at", _("Observed at"), Kind.DATETIME, "occurred_at", hxl="#date+occurred"),
    column("recorded_at", _("Recorded at"), Kind.DATETIME, hxl="#date+recorded"),
    column("source", _("Source"), hxl="#meta+source"),
    column("source_url", _("Address of the source"), hxl="#meta+url"),
    column("reported_through", _("Reported through"), source="source_org__acronym", hxl="#org"),
    column("reliability", _("Reliability of the source")),
    column("credibility", _("Credibility of the report"), Kind.INTEGER),
    column("sensitivity", _("Who may read it")),
    column("note", _("Note"), hxl="#description"),
    column("is_demo", _("Invented, for demonstration"), Kind.BOOLEAN),
)
PLACE = (
    column("pcode", "P-code", source="area__pcode", hxl="#adm+code"),
    column("area", _("Area"), source="area__name", hxl="#adm+name"),
)
ROAD = (
    column("segment", _("Segment"), source="segment__name", hxl="#loc+name+segment"),
    column("site", _("Site"), source="site__name", hxl="#loc+name+site"),
)
ALONG = column(
    "segments", _("Segments"), Kind.LIST, value=names_of("segment_names"), hxl="#loc+list"
)

CONSTRAINTS = declare(
    Dataset(
        name="access-constraints",
        label=_("Access constraints"),
        verb="constraint.read",
        rows=of(AccessConstraint, sector_codes=names("sectors")),
        columns=(
            event("constraint"),
            NUMBER,
            OPERATION,
            column("type", _("Type (1 to 9)"), Kind.INTEGER, hxl="#access+type"),
            column("title", _("Title"), hxl="#event+name"),
            *PLACE,
            *ROAD,
            column("who_restricts", _("Who restricts"), source="actor_kind"),
            column("impact", _("Impact (0 to 3, X is an information gap)"), hxl="#impact"),
            column("people_affected", _("People affected"), Kind.INTEGER, hxl="#affected"),
            column("sectors", _("Sectors"), Kind.LIST, "sector_codes", hxl="#sector+list"),
            column("started_on", _("Since"), Kind.DATE, hxl="#date+start"),
            column("ended_on", _("Until"), Kind.DATE, hxl="#date+end"),
            column("ended_reason", _("How it ended")),
            column("withdrawn_at", _("Withdrawn"), Kind.DATETIME),
            *FACT,
        ),
    )
)

ADOPTED = ScoreAdoption.objects.filter(score=OuterRef("pk"), superseded_at=None)
SCORES = declare(
    Dataset(
        name="access-scores",
        label=_("Access scores"),
        verb="score.read",
        rows=of(AccessScore, adopted=Exists(ADOPTED)),
        columns=(
            event("score"),
            NUMBER,
            OPERATION,
            *PLACE,
            column("score", _("Score (0 to 5, X is an information gap)"), hxl="#access+score"),
            column("as_of", _("As of"), Kind.DATE, hxl="#date+start"),
            column("valid_until", _("Valid until"), Kind.DATE, hxl="#date+end"),
            column("adopted", _("Adopted"), Kind.BOOLEAN),
            *FACT,
        ),
    )
)

OBSERVATIONS = declare(
    Dataset(
        name="access-observations",
        label=_("Observed status of roads and checkpoints"),
        verb="observation.read",
        rows=of(StatusObservation),
        columns=(
            event("status"),
            NUMBER,
            OPERATION,
            *ROAD,
            column("status", _("Status"), hxl="#status"),
            column("valid_until", _("Valid until"), Kind.DATETIME, hxl="#date+end"),
            *FACT,
        ),
    )
)

WINDOWS = declare(
    Dataset(
        name="access-windows",
        label=_("Access windows"),
        verb="window.read",
        rows=of(AccessWindow, segment_names=names("segments__name")),
        geometry="geometry",
        needs=("segment_names", "geometry"),
        columns=(
            event("window"),
            NUMBER,
            OPERATION,
            column("kind", _("Kind"), hxl="#event+type"),
            column("title", _("Title"), hxl="#event+name"),
            column("parties", _("Parties")),
            ALONG,
            column("starts_at", _("Starts"), Kind.DATETIME, hxl="#date+start"),
            column("ends_at", _("Ends"), Kind.DATETIME, hxl="#date+end"),
            column("terms", _("Terms")),
            column(
                "corners",
                _("Corners of the area (latitude, longitude)"),
                Kind.LIST,
                value=lambda row: Names(geo.corners(row["geometry"])),
            ),
            column("state", _("State"), hxl="#status"),
            *FACT,
        ),
    )
)

CLEARANCES = declare(
    Dataset(
        name="clearances",
        label=_("Clearances"),
        verb="clearance.read",
        rows=of(Clearance, segment_names=names("segments__name")),
        needs=("segment_names", "excluded_items"),
        columns=(
            event("clearance"),
            NUMBER,
            OPERATION,
            column("authority", _("Authority"), hxl="#org+authority"),
            column("kind", _("Kind of clearance")),
            column("purpose", _("For what"), hxl="#activity"),
            ALONG,
            column("valid_from", _("Valid from"), Kind.DATETIME, hxl="#date+start"),
            column("valid_to", _("Valid until"), Kind.DATETIME, hxl="#date+end"),
            column("conditions", _("Conditions")),
            column("not_allowed", _("Not allowed"), Kind.LIST, value=names_of("excluded_items")),
            column("reference", _("Reference of the answer")),
            column("state", _("State"), hxl="#status"),
            *FACT,
        ),
    )
)

JOURNEY = (
    column("addressee", _("To whom"), hxl="#org+addressee"),
    column("purpose", _("What moves"), hxl="#activity"),
    # A planned route and its times are the operation's own, whoever may read the notice.
    replace(ALONG, sensitivity=Sensitivity.INTERNAL),
    Column("starts_at", _("Starts"), Kind.DATETIME, hxl="#date+start"),
    Column("ends_at", _("Ends"), Kind.DATETIME, hxl="#date+end"),
    column("state", _("State"), hxl="#status"),
    column("submitted_at", _("Submitted at"), Kind.DATETIME),
    column("answered_at", _("Answered at"), Kind.DATETIME),
    column("reference", _("Reference of the answer")),
)

NOTICES = declare(
    Dataset(
        name="deconfliction-notices",
        label=_("Deconfliction notices"),
        verb="notice.read",
        rows=of(DeconflictionNotice, segment_names=names("segments__name")),
        needs=("segment_names",),
        columns=(
            event("notice"),
            NUMBER,
            OPERATION,
            *JOURNEY,
            column("is_emergency", _("Emergency"), Kind.BOOLEAN),
            *FACT,
        ),
    )
)

MOVEMENTS = declare(
    Dataset(
        name="movement-requests",
        label=_("Movement requests"),
        verb="movement.read",
        rows=of(MovementRequest, segment_names=names("segments__name")),
        needs=("segment_names",),
        columns=(event("request"), NUMBER, OPERATION, *JOURNEY, *FACT),
    )
)

OUTCOMES = declare(
    Dataset(
        name="movement-outcomes",
        label=_("Outcomes of movement requests"),
        verb="outcome.read",
        rows=of(MovementOutcome),
        columns=(
            event("outcome"),
            NUMBER,
            OPERATION,
            column("movement", _("What moved"), source="movement__purpose", hxl="#activity"),
            column("addressee", _("Asked of"), source="movement__addressee"),
            column("access", _("Access"), source="access_outcome", hxl="#status+access"),
            column("delivery", _("Delivery"), source="delivery_outcome", hxl="#status+delivery"),
            *FACT,
        ),
    )
)

SITES = declare(
    Dataset(
        name="sites",
        label=_("Sites"),
        verb="site.read",
        rows=of(Site),
        geometry="point",
        columns=(
            column("id", _("Number"), Kind.INTEGER, hxl="#meta+id"),
            OPERATION,
            column("name", _("Name"), hxl="#loc+name"),
            column("names", _("Names by language"), Kind.OBJECT),
            column("kind", _("Kind"), hxl="#loc+type"),
            *PLACE,
            column("latitude", _("Latitude"), Kind.DECIMAL, "point__lat", hxl="#geo+lat"),
            column("longitude", _("Longitude"), Kind.DECIMAL, "point__lon", hxl="#geo+lon"),
            column("retired_at", _("Out of use since"), Kind.DATETIME),
            column("source", _("Source"), hxl="#meta+source"),
            column("is_demo", _("Invented, for demonstration"), Kind.BOOLEAN),
        ),
    )
)

SEGMENTS = declare(
    Dataset(
        name="route-segments",
        label=_("Route segments"),
        verb="segment.read",
        rows=of(RouteSegment),
        geometry="line",
        columns=(
            column("id", _("Number"), Kind.INTEGER, hxl="#meta+id"),
            OPERATION,
            column("name", _("Name"), hxl="#loc+name"),
            column("start", _("From"), source="start__name", hxl="#loc+name+start"),
            column("end", _("To"), source="end__name", hxl="#loc+name+end"),
            column("length_km", _("Length"), Kind.DECIMAL, unit="km", hxl="#geo+length"),
            column("max_gross_t", _("Largest gross weight"), Kind.DECIMAL, unit="t"),
            column("max_axle_t", _("Largest axle load"), Kind.DECIMAL, unit="t"),
            column("retired_at", _("Out of use since"), Kind.DATETIME),
            column("source", _("Source"), hxl="#meta+source"),
            column("is_demo", _("Invented, for demonstration"), Kind.BOOLEAN),
        ),
    )
)


def with_status(dataset: Dataset, actor: Actor) -> Dataset:
    """Return the segments with what each reads as now, from what the actor may know."""

    @cache
    def known() -> dict[Any, status.Reading]:
        segments = dataset.queryset(actor).filter(retired_at=None).only("pk", "name")
        return {key: one for (_model, key), one in status.readings(segments, actor=actor).items()}

    def read(row: dict[str, Any]) -> str | None:
        return known()[row["id"]].status.value if row["id"] in known() else None

    def why(row: dict[str, Any]) -> str | None:
        return known()[row["id"]].basis if row["id"] in known() else None

    more = (
        column("status", _("Status now"), value=read, hxl="#status"),
        column("status_basis", _("What the status rests on"), value=why),
    )
    return replace(dataset, columns=(*dataset.columns, *more), needs=("id", *dataset.needs))
