"""Core's pages."""

from django.urls import path

from core.views import home, preferences

urlpatterns = [
    path("", home.home, name="home"),
    path("language/", preferences.language, name="language"),
]
