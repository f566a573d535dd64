"""Pages of the common picture: overview and reports."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
