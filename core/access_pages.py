"""Pages of access, below ``/o/<slug>/access/``."""

from django.urls import path

from core.views import (
    access,
    access_edits,
    access_events,
    access_papers,
    access_roads,
    table_imports,
)

HOME = "o/<slug:slug>/access/"
PLAIN = (
    ("", access.access, "access"),
    ("calendar/", access.access_calendar, "access_calendar"),
    ("timeline/", access.access_timeline, "access_timeline"),
    ("constraints/", access_events.constraints, "constraints"),
    ("constraints/new/", access_events.constraint_new, "constraint_new"),
    ("constraints/<uuid:pk>/", access_events.constraint, "constraint"),
    ("constraints/<uuid:pk>/end/", access_events.constraint_end, "constraint_end"),
    ("constraints/<uuid:pk>/withdraw/", access_events.constraint_withdraw, "constraint_withdraw"),
    ("observations/new/", access_events.observation_new, "observation_new"),
    ("observations/<uuid:pk>/adopt/", access_events.observation_adopt, "observation_adopt"),
    ("scores/new/", access_events.score_new, "score_new"),
    ("scores/<uuid:pk>/adopt/", access_events.score_adopt, "score_adopt"),
    ("import/", table_imports.upload("access", "access.report"), "access_import"),
    ("import/empty.csv", table_imports.template("access", "access.report"), "access_template"),
    ("roads/", access_roads.roads_page, "roads"),
    ("roads/new/", access_roads.segment_new, "segment_new"),
    ("roads/<int:pk>/", access_roads.segment, "segment"),
    ("roads/<int:pk>/edit/", access_roads.segment_edit, "segment_edit"),
    ("roads/<int:pk>/split/", access_roads.segment_split, "segment_split"),
    ("roads/<int:pk>/join/", access_roads.segment_join, "segment_join"),
    ("roads/<int:pk>/retire/", access_roads.segment_retire, "segment_retire"),
    ("sites/new/", access_roads.site_new, "site_new"),
    ("sites/<int:pk>/", access_roads.site, "site"),
    ("sites/<int:pk>/edit/", access_roads.site_edit, "site_edit"),
    ("sites/<int:pk>/retire/", access_roads.site_retire, "site_retire"),
    ("papers/", access_papers.papers, "papers"),
    ("requirements/new/", access_papers.requirement_new, "requirement_new"),
    ("requirements/<int:pk>/end/", access_papers.requirement_end, "requirement_end"),
    ("windows/<uuid:pk>/correct/", access_edits.window_correct, "window_correct"),
    ("clearances/<uuid:pk>/steps/<int:step>/", access_edits.step_done, "clearance_step"),
    ("clearances/<uuid:pk>/steps/add/", access_edits.step_new, "clearance_step_new"),
    ("movements/<uuid:pk>/outcome/", access_papers.outcome_new, "outcome_new"),
)
PAPERS = tuple(
    route
    for paper in access_papers.PAPERS
    for route in (
        (f"{paper.name}s/new/", access_papers.new(paper), f"{paper.name}_new"),
        (f"{paper.name}s/<uuid:pk>/", access_papers.one(paper), paper.name),
        (f"{paper.name}s/<uuid:pk>/move/", access_papers.move(paper), f"{paper.name}_move"),
    )
)

EDITS = tuple(
    (f"{paper.name}s/<uuid:pk>/edit/", access_edits.edit(paper), f"{paper.name}_edit")
    for paper in access_papers.PAPERS
    if paper.name in ("notice", "movement")
)

urlpatterns = [
    *(path(HOME + address, view, name=name) for address, view, name in (*PLAIN, *PAPERS, *EDITS)),
    path("o/<slug:slug>/files/<int:pk>/", table_imports.table_import, name="table_import"),
    path(
        "o/<slug:slug>/files/<int:pk>/confirm/",
        table_imports.table_import_confirm,
        name="table_import_confirm",
    ),
]
