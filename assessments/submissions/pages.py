"""Pages of submissions: the table, one of them, decisions, files and exports."""

from django.urls import path

from assessments.views import (
    submission_detail,
    submission_export,
    submission_review,
    submissions,
)

HERE = "o/<slug:slug>/submissions/"

urlpatterns = [
    *(
        path(f"{HERE}{address}", view, name=name)
        for address, view, name in (
            ("", submissions.submissions, "submissions"),
            ("export/", submission_export.submissions_export, "submissions_export"),
            ("review/", submission_review.submissions_review, "submissions_review"),
            ("review/<uuid:batch>/", submission_review.review_batch, "review_batch"),
            ("<int:pk>/", submission_detail.submission, "submission"),
            ("<int:pk>/review/", submission_review.submission_review, "submission_review"),
            ("<int:pk>/xml/", submission_detail.submission_raw, "submission_raw"),
            ("<int:pk>/record.xml", submission_detail.submission_xml, "submission_xml"),
        )
    ),
]
