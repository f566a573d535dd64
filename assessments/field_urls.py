"""The field client's shell and its own small API."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
