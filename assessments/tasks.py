"""Background jobs of forms: each calls one rule."""

from typing import Any

from django.utils.translation import gettext as _

from assessments import publish
from assessments.models import FormVersion
from core import jobs
from core.jobs import Progress


def conversion_failed(*, version_id: int, error: str) -> None:
    """Say on the version that its conversion never ended."""
    version = FormVersion.objects.get(pk=version_id)
    publish.fail(version, error, _("Try again; if it stays so, tell the administrator."))


@jobs.handler(publish.CONVERT_JOB, on_failure=conversion_failed)
def convert_form(progress: Progress, *, version_id: int) -> dict[str, Any]:
    """Convert an uploaded form."""
    progress.tell(0, 1, _("Converting"))
    version = publish.convert_version(FormVersion.objects.get(pk=version_id))
    progress.tell(1, 1)
    return {"version": version.pk, "state": version.state, "form": version.form_id}
