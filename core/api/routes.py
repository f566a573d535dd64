"""REST routes of operations, areas and population."""

from django.urls import path

from core.api import views

urlpatterns = [
    path("operations/", views.OperationsView.as_view(), name="api-operations"),
]
