"""An import as a job: its progress shows while it works, and its lease can be renewed."""

from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

import pytest
from django.db import connection

from core import jobs
from core.areas import apply, imports
from core.models import Area, AreaImport, Job, Operation
from core.policy import SYSTEM
from tests.factories.boundaries import box, feature, geojson, received
from tests.factories.core import OperationFactory


@pytest.fixture(autouse=True)
def handlers() -> None:
    """Register the handlers, as a worker does when it starts."""
    import_module("core.tasks")


def seen_from_outside(job: Job) -> int:
    """Return what another connection sees of the job's progress; fail if the row is locked."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '3s'")
        Job.objects.filter(pk=job.pk).update(message="still at work")
        return Job.objects.get(pk=job.pk).done_units
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_progress_shows_and_the_lease_is_free_during_an_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation: Operation = OperationFactory()
    rows = [feature(f"XX{n:02}", f"Area {n}", box(40 + n)) for n in range(3)]
    found = imports.check(received(operation, geojson(tmp_path / "a.geojson", *rows)))
    job = jobs.enqueue(
        "import_areas", title="t", actor=SYSTEM, operation=operation, area_import_id=found.pk
    )
    looks: list[int] = []
    mend = apply._mend_paths

    def look(where: Operation) -> None:
        with ThreadPoolExecutor(max_workers=1) as aside:
            looks.append(aside.submit(seen_from_outside, job).result())
        mend(where)

    monkeypatch.setattr(apply, "_mend_paths", look)
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.DONE, "")
    assert len(looks) == 1
    assert job.done_units == 4
    assert job.result_url.endswith(f"/areas/imports/{found.pk}/")
    found.refresh_from_db()
    assert found.state == AreaImport.State.DONE
    assert Area.objects.filter(operation=operation).count() == 4


def test_columns_that_make_no_sense_keep_the_last_check(db: None, tmp_path: Path) -> None:
    operation: Operation = OperationFactory()
    path = geojson(tmp_path / "a.geojson", feature("XX01", "One", box(44)))
    found = imports.check(received(operation, path))
    Path(found.file.path).write_bytes(b"%PDF-1.7")
    job = jobs.enqueue(
        "check_areas", title="t", actor=SYSTEM, operation=operation, area_import_id=found.pk
    )
    jobs.run(str(job.pk))
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    found.refresh_from_db()
    assert found.state == AreaImport.State.CHECKED
