"""OpenRosa's addresses, with an app user's token in the path or with none."""

from django.urls import path

from assessments.openrosa import formlist, manifest, submission

ROUTES = (
    ("formList", formlist.form_list, "form_list"),
    ("forms/<int:pk>.xml", formlist.form, "form"),
    ("forms/<int:pk>/manifest", manifest.manifest, "manifest"),
    ("forms/<int:pk>/files/<str:name>", manifest.file, "file"),
    ("forms/<int:pk>/files/<str:name>/integrity", manifest.integrity, "integrity"),
    ("submission", submission.submission, "submission"),
)

urlpatterns = [
    path(f"{token}{address}", view, name=f"openrosa_{name}")
    for token in ("", "<str:token>/")
    for address, view, name in ROUTES
]
