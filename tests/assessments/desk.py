"""Puts forms and records into the database through the rules, as people would."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments import intake, publish
from assessments.models import FormVersion
from assessments.publish import Upload
from assessments.receipts import Receipt
from tests.assessments.workbooks import needs_form, record
from tests.cast import Cast
from tests.factories.assessments import AssessmentFactory
from tests.factories.core import AreaFactory, square

PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc\xf8"
    b"\xcf\xc0\xf0\x1f\0\5\0\1\xff\x89\x99=\x1d\0\0\0\0IEND\xaeB`\x82"
)


@dataclass
class Desk:
    """A cast with an assessment, two areas and the published questionnaire of the tests."""

    cast: Cast
    version: FormVersion

    def send(self, content: bytes | None = None, who: str = "olga", **options: Any) -> Receipt:
        """Send a record for somebody."""
        body = record() if content is None else content
        return intake.receive(
            FormVersion.objects.get(pk=self.version.pk),
            actor=self.cast.actor(who),
            content=body,
            **options,
        )


def add(cast: Cast, content: bytes, *files: Upload, **options: Any) -> FormVersion:
    """Upload and convert a form for the analyst."""
    return publish.add(
        cast.operation,
        actor=cast.actor("anna"),
        file=Upload("needs.xlsx", content),
        files=files,
        **options,
    )


def photo(name: str = "photo.png", content: bytes = PNG) -> SimpleUploadedFile:
    """Return a file on its way in."""
    return SimpleUploadedFile(name, content)


@pytest.fixture
def open_desk(cast: Cast, media: None) -> Callable[[], Desk]:
    """Give a function that sets everything up; see Desk."""

    def set_up() -> Desk:
        assessment = AssessmentFactory(
            operation=cast.operation, lead=cast.organisations["OCHA"], title="Rapid"
        )
        for pcode, west in (("XX100", 45.0), ("XX200", 47.0)):
            AreaFactory(operation=cast.operation, pcode=pcode, geometry=square(west, 39.0))
        version = add(cast, needs_form(), assessment=assessment)
        return Desk(cast, publish.publish(version, actor=cast.actor("anna")))

    return set_up


@pytest.fixture
def desk(open_desk: Callable[[], Desk]) -> Desk:
    """Give a desk that is set up."""
    return open_desk()
