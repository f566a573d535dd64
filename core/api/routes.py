"""REST routes of operations, organisations, areas and population."""

from django.urls import path

from core.api import views

urlpatterns = [
    path("operations/", views.OperationsView.as_view(), name="api-operations"),
    path("operations/<slug:key>/", views.OperationView.as_view(), name="api-operation"),
    path("organisations/", views.OrganisationsView.as_view(), name="api-organisations"),
    path("areas/", views.AreasView.as_view(), name="api-areas"),
    path("areas/<str:key>/", views.AreaView.as_view(), name="api-area"),
    path("population/", views.PopulationView.as_view(), name="api-population"),
]
