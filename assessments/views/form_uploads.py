"""The HTML forms of uploads: a questionnaire with its files, and files for a draft."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from assessments.models import Assessment
from assessments.publish import Upload
from core import policy
from core.errors import Problem
from core.forms import ManyFilesField
from core.models import Operation
from core.policy import Actor


class UploadForm(forms.Form):
    """A questionnaire, the assessment that it is for, and the files that it names."""

    file = forms.FileField(
        label=_("Questionnaire"),
        help_text=_("An XLSForm (.xlsx or .xls) or an XForm (.xml), up to 20 MB."),
    )
    assessment = forms.ModelChoiceField(
        Assessment.objects.none(),
        required=False,
        label=_("Assessment"),
        empty_label=_("None yet"),
        help_text=_("Who leads it sees all its submissions, besides those who collected them."),
    )
    attachments = ManyFilesField(
        required=False,
        label=_("Files that the questionnaire names"),
        help_text=_(
            "Pictures, CSV, GeoJSON or XML lists. They can come later; publishing waits for them."
        ),
    )

    def __init__(self, *args: Any, actor: Actor, operation: Operation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Assessment.objects.filter(operation=operation).exclude(
            state__in=(Assessment.State.ARCHIVED, Assessment.State.CANCELLED)
        )
        assessments: Any = self.fields["assessment"]
        assessments.queryset = policy.filter(actor, "assessment.read", found)


class AttachForm(forms.Form):
    """Files for a draft, matched by their names."""

    attachments = ManyFilesField(label=_("Files"))


def uploads(files: Iterable["UploadedFile[Any]"], *, most_bytes: int) -> list[Upload]:
    """Return the files as the rules take them; raise Problem before a larger one is read."""
    taken = []
    for one in files:
        if (one.size or 0) > most_bytes:
            limit = f"{most_bytes // 1_000_000} MB"
            raise Problem("too_large", what=one.name, limit=limit)
        taken.append(Upload(one.name or "", one.read()))
    return taken
