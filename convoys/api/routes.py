"""REST routes of convoys."""

from django.urls import path

from convoys.api import views

urlpatterns = [
    path("convoys/", views.ConvoysView.as_view(), name="api-convoys"),
    path("claims/", views.ClaimsView.as_view(), name="api-claims"),
]
