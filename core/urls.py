"""The routes: names the apps only as strings."""

from django.urls import include, path

from core.views import health

handler400 = "core.views.errors.bad_request"
handler404 = "core.views.errors.not_found"
handler500 = "core.views.errors.server_error"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    # First what devices and programs ask for often: each route before it is looked at.
    path("field/", include("assessments.field_urls")),
    path("field/api/", include("convoys.field_urls")),
    path("openrosa/", include("assessments.openrosa.urls")),
    path("api/v1/", include("core.api.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("core.pages")),
    path("", include("core.access_pages")),
    path("", include("assessments.pages")),
    path("", include("convoys.pages")),
    path("", include("situation.pages")),
]
