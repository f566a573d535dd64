"""REST routes of operations, areas and population."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
