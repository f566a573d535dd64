"""Pages of assessments, forms and submissions."""

from django.urls import path

from assessments.views import assessments, conditions, scope

ASSESSMENTS = "o/<slug:slug>/assessments/"

urlpatterns = [
    *(
        path(f"{ASSESSMENTS}{address}", view, name=name)
        for address, view, name in (
            ("", assessments.assessments, "assessments"),
            ("new/", assessments.assessment_new, "assessment_new"),
            ("scope/", scope.scope, "assessment_scope"),
            ("scope/areas/", scope.scope_areas, "assessment_scope_areas"),
            ("<int:pk>/", assessments.assessment, "assessment"),
            ("<int:pk>/edit/", assessments.assessment_edit, "assessment_edit"),
            ("<int:pk>/move/<slug:step>/", assessments.assessment_move, "assessment_move"),
            ("<int:pk>/conditions/", conditions.condition_add, "condition_add"),
            (
                "<int:pk>/conditions/<int:condition>/met/",
                conditions.condition_met,
                "condition_met",
            ),
            (
                "<int:pk>/conditions/<int:condition>/fell/",
                conditions.condition_fell,
                "condition_fell",
            ),
            (
                "<int:pk>/conditions/<int:condition>/remove/",
                conditions.condition_remove,
                "condition_remove",
            ),
        )
    ),
]
