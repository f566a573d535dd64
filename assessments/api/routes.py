"""REST routes of assessments, forms and submissions."""

from django.urls import path

from assessments.api import review, submissions, views

ONE = "submissions/<uuid:uid>/"

urlpatterns = [
    path("assessments/", views.AssessmentsView.as_view(), name="api-assessments"),
    path("assessments/<int:key>/", views.AssessmentView.as_view(), name="api-assessment"),
    path("forms/", views.FormsView.as_view(), name="api-forms"),
    path("forms/versions/", views.VersionsView.as_view(), name="api-form-versions"),
    path("forms/questions/", views.QuestionsView.as_view(), name="api-questions"),
    path("forms/choices/", views.ChoicesView.as_view(), name="api-choices"),
    path("entities/", views.EntitiesView.as_view(), name="api-entities"),
    path("submissions/", submissions.SubmissionsView.as_view(), name="api-submissions"),
    path("submissions/members/", submissions.MembersView.as_view(), name="api-members"),
    path("submissions/decisions/", review.DecisionsView.as_view(), name="api-decisions"),
    path("submissions/decisions/<uuid:batch>/undo/", review.UndoView.as_view(), name="api-undo"),
    path(ONE, submissions.SubmissionView.as_view(), name="api-submission"),
    path(f"{ONE}record.xml", submissions.RecordView.as_view(), name="api-record"),
    path(
        f"{ONE}decisions/",
        review.SubmissionDecisionsView.as_view(),
        name="api-submission-review",
    ),
]
