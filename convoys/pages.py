"""Convoys' pages."""

from django.urls import path

from convoys.views import reported
from core.views.table_imports import template, upload

urlpatterns = [
    path("o/<slug:slug>/convoys/", reported.convoys, name="convoys"),
    path("o/<slug:slug>/convoys/new/", reported.convoy_new, name="convoy_new"),
    path("o/<slug:slug>/convoys/<int:pk>/", reported.convoy, name="convoy"),
    path("o/<slug:slug>/claims/import/", upload("claims", "convoy.report"), name="claim_import"),
    path(
        "o/<slug:slug>/claims/import/empty.csv",
        template("claims", "convoy.report"),
        name="claim_template",
    ),
    path("o/<slug:slug>/claims/new/", reported.claim_new, name="claim_new"),
    path("o/<slug:slug>/claims/<uuid:pk>/adopt/", reported.claim_adopt, name="claim_adopt"),
    path(
        "o/<slug:slug>/claims/<uuid:pk>/withdraw/", reported.claim_withdraw, name="claim_withdraw"
    ),
]
