"""The REST API's routes, version 1; names the apps only as strings."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("", include("core.api.routes")),
    path("", include("assessments.api.routes")),
    path("", include("convoys.api.routes")),
]
