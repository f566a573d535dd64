"""The REST API's routes, version 1; names the apps only as strings."""

from django.urls import include, path

from core.api import docs

urlpatterns = [
    path("", docs.docs, name="api-docs"),
    path("schema/", docs.SchemaView.as_view(), name="api-schema"),
    path("", include("core.api.routes")),
    path("", include("assessments.api.routes")),
    path("", include("convoys.api.routes")),
]
