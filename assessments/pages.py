"""Pages of assessments, forms and submissions."""

from django.urls import include, path

from assessments.views import (
    app_users,
    assessments,
    assignments,
    conditions,
    devices,
    entities,
    files,
    form_versions,
    forms,
    handover,
    record_imports,
    scope,
)

ADMINISTRATION = "o/<slug:slug>/administration/"
ASSESSMENTS = "o/<slug:slug>/assessments/"
FORMS = "o/<slug:slug>/forms/"
VERSION = f"{FORMS}versions/<int:pk>/"
LIST = f"{FORMS}entities/lists/<int:pk>/"

urlpatterns = [
    *(
        path(f"{ADMINISTRATION}{address}", view, name=name)
        for address, view, name in (
            ("collect/", app_users.app_users, "app_users"),
            ("collect/<int:pk>/revoke/", app_users.app_user_revoke, "app_user_revoke"),
            ("devices/", devices.devices, "devices"),
            ("devices/<int:pk>/", devices.device, "device"),
            ("devices/<int:pk>/revoke/", devices.device_revoke, "device_revoke"),
            ("devices/<int:pk>/allow/", devices.device_allow, "device_allow"),
            ("devices/imports/", record_imports.record_imports, "record_imports"),
            ("devices/imports/<int:pk>/", record_imports.record_import, "record_import"),
            (
                "devices/imports/<int:pk>/confirm/",
                record_imports.record_import_confirm,
                "record_import_confirm",
            ),
        )
    ),
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
            ("<int:pk>/assignments/", assignments.assignments, "assignments"),
            (
                "<int:pk>/assignments/<int:assignment>/remove/",
                assignments.assignment_remove,
                "assignment_remove",
            ),
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
    path(FORMS, forms.forms, name="forms"),
    path(f"{FORMS}upload/", forms.form_upload, name="form_upload"),
    path(f"{FORMS}<int:pk>/", forms.form, name="form"),
    path(f"{FORMS}<int:pk>/open/", forms.form_open, name="form_open"),
    path(f"{FORMS}entities/", entities.entity_lists, name="entity_lists"),
    path(LIST, entities.entity_list, name="entity_list"),
    path(f"{LIST}export/", entities.entity_list_export, name="entity_list_export"),
    path(f"{FORMS}entities/<int:pk>/archive/", entities.entity_archive, name="entity_archive"),
    path(VERSION, form_versions.form_version, name="form_version"),
    path(f"{VERSION}source/", form_versions.form_source, name="form_source"),
    path(f"{VERSION}files/", forms.form_attach, name="form_attach"),
    path(f"{VERSION}publish/", forms.form_publish, name="form_publish"),
    path(f"{VERSION}discard/", forms.form_discard, name="form_discard"),
    path(f"{ADMINISTRATION}handover/", handover.handover, name="handover"),
    path(
        "o/<slug:slug>/submissions/<int:pk>/files/<int:file>/",
        files.submission_file,
        name="submission_file",
    ),
    path("", include("assessments.submissions.pages")),
]
