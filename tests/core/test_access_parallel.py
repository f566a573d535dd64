"""The same report sent many times at once is one report."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.utils import timezone

from core.access import reports
from core.models import AccessConstraint, Area
from core.policy import SYSTEM
from tests.cast import assemble
from tests.factories.core import AreaFactory

SENT = 12


@pytest.mark.django_db(transaction=True)
def test_a_report_sent_many_times_at_once_is_recorded_once() -> None:
    area: Area = AreaFactory(operation=assemble().operation)
    key, at = uuid4(), timezone.now()

    def send(_number: int) -> UUID:
        try:
            made = reports.constraint(
                area.operation,
                actor=SYSTEM,
                client_id=key,
                type=3,
                title="Road blocked",
                area=area,
                impact="X",
                started_on="2020-11-10",
                occurred_at=at,
                source="Team",
            )
            return made.pk
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=SENT) as pool:
        assert set(pool.map(send, range(SENT))) == {key}
    assert AccessConstraint.objects.count() == 1
