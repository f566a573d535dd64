"""The field client's shell and its own small API."""

from django.urls import path

from assessments.views import beacon, field, field_app
from core.views.area_maps import field_areas

urlpatterns = [
    path("", field.shell, name="field"),
    path("sw.js", field_app.worker, name="field_worker"),
    path("manifest.webmanifest", field_app.manifest, name="field_manifest"),
    path("api/session", field.session, name="field_session"),
    path("api/beacon", beacon.beacon, name="field_beacon"),
    path("api/areas.geojson", field_areas, name="field_areas"),
    path("api/forms", field.forms, name="field_forms"),
    path("api/forms/<int:pk>", field.form, name="field_form"),
    path("api/forms/<int:pk>/xform", field.xform, name="field_xform"),
    path("api/forms/<int:pk>/attachments/<str:name>", field.attachment, name="field_attachment"),
    path("api/forms/<int:pk>/submissions", field.submit, name="field_submit"),
    path("api/forms/<int:pk>/tests", field.submit, {"is_test": True}, name="field_try"),
]
