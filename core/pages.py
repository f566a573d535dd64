"""Core's pages."""

from django.urls import path, reverse_lazy
from django.views.generic import RedirectView

from core.views import (
    administration,
    area_imports,
    area_maps,
    areas,
    exports,
    history,
    home,
    jobs,
    members,
    people,
    preferences,
    profile,
    tokens,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("operations/new/", home.operation_new, name="operation_new"),
    path("profile/", profile.profile, name="profile"),
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/deactivate/", people.person_deactivate, name="person_deactivate"),
    path("invitations/", members.invitation_accept, name="invitation_accept"),
    path("invitations/<str:token>/", members.invitation, name="invitation"),
    path("recover/", members.recovery_password, name="recovery_password"),
    path("recover/<str:token>/", members.recovery, name="recovery"),
    path("accounts/password/reset/", members.forgotten, name="forgotten"),
    # Tessera sends no mail: what django-allauth has for it leads to where one is helped.
    *(
        path(f"accounts/{address}", RedirectView.as_view(url=reverse_lazy(name)))
        for address, name in (
            ("email/", "profile"),
            ("confirm-email/", "profile"),
            ("confirm-email/<str:key>/", "profile"),
            ("password/reset/done/", "forgotten"),
            ("password/reset/key/<path:key>", "forgotten"),
        )
    ),
    path("language/", preferences.language, name="language"),
    path("o/<slug:slug>/tokens/", tokens.tokens, name="tokens"),
    path("o/<slug:slug>/tokens/<int:pk>/revoke/", tokens.token_revoke, name="token_revoke"),
    path("o/<slug:slug>/history/<str:label>/<str:pk>/", history.history, name="history"),
    *(
        path(f"o/<slug:slug>/administration/{address}", view, name=name)
        for address, view, name in (
            ("", administration.administration, "administration"),
            ("members/add/", administration.member_add, "member_add"),
            ("members/history/", history.roles_history, "roles_history"),
            ("members/<int:pk>/", administration.member, "member"),
            ("members/<int:pk>/remove/", administration.member_remove, "member_remove"),
            ("invitations/", administration.invitations, "invitations"),
            ("invitations/<int:pk>/revoke/", administration.invitation_revoke, "invitation_revoke"),
            ("organisations/", administration.organisations, "organisations"),
            ("organisations/new/", administration.organisation, "organisation_new"),
            ("organisations/<int:pk>/", administration.organisation, "organisation"),
            ("operation/", home.operation_edit, "operation_edit"),
        )
    ),
    *(
        path(f"o/<slug:slug>/areas/{address}", view, name=name)
        for address, view, name in (
            ("", areas.areas, "areas"),
            ("map.geojson", area_maps.area_map_data, "area_map"),
            ("imports/", area_imports.area_imports, "area_imports"),
            ("imports/<int:pk>/", area_imports.area_import_page, "area_import"),
            ("imports/<int:pk>/confirm/", area_imports.area_import_confirm, "area_import_confirm"),
            (
                "imports/<int:pk>/outline.geojson",
                area_imports.area_import_outline,
                "area_import_outline",
            ),
            ("<str:pcode>/", areas.area, "area"),
            ("<str:pcode>/below/", areas.area_children, "area_children"),
        )
    ),
    path("o/<slug:slug>/export/<slug:dataset>.<slug:fmt>", exports.export, name="export"),
    path("o/<slug:slug>/jobs/", jobs.jobs, name="jobs"),
    path("o/<slug:slug>/jobs/<uuid:pk>/", jobs.job, name="job"),
    path("o/<slug:slug>/jobs/<uuid:pk>/retry/", jobs.job_retry, name="job_retry"),
    path("jobs/<uuid:pk>/progress/", jobs.job_progress, name="job_progress"),
]
