"""Core's pages."""

from django.urls import path

from core.views import home, jobs, preferences

urlpatterns = [
    path("", home.home, name="home"),
    path("language/", preferences.language, name="language"),
    path("o/<slug:slug>/jobs/", jobs.jobs, name="jobs"),
    path("o/<slug:slug>/jobs/<uuid:pk>/", jobs.job, name="job"),
    path("o/<slug:slug>/jobs/<uuid:pk>/retry/", jobs.job_retry, name="job_retry"),
    path("jobs/<uuid:pk>/progress/", jobs.job_progress, name="job_progress"),
]
