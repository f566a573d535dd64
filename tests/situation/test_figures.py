"""Figures: what counts, and where each number leads."""

import datetime
import json
import re
import zoneinfo
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils import timezone, translation
from time_machine import travel

from assessments.coverage import Selection
from situation import figures
from situation.figures import Picture
from tests.assessments.world import Field, field_of
from tests.cast import Cast


@pytest.fixture
def field(cast: Cast) -> Field:
    """Give an assessment in the field with two provinces in scope."""
    return field_of(cast)


def fill(field: Field) -> None:
    """Send submissions on two days with a day between, in several states."""
    with travel("2020-11-20T10:00:00+00:00", tick=False):
        field.submit(field.north, state="approved")
        field.submit(field.north, state="received", is_test=True)
        field.submit(field.north, state="received")
    with travel("2020-11-22T10:00:00+00:00", tick=False):
        field.submit(field.north, state="rejected", organisation=field.cast.organisations["IFRC"])
        field.submit(None, state="in_review")


def taken(field: Field, **selection: Any) -> Picture:
    """Return the picture of the field's operation."""
    return figures.take(Selection(field.operation, **selection))


def values(picture: Picture) -> dict[str, int]:
    """Return the key figures by name."""
    return {figure.key: figure.value for figure in picture.key_figures}


def test_key_figures(field: Field) -> None:
    fill(field)
    picture = taken(field)
    assert values(picture) == {
        "areas": 1,
        "received": 4,
        "approved": 1,
        "waiting": 2,
        "organisations": 2,
        "conditions": 0,
    }
    assert picture.assessed.total == 2


def test_days_without_submissions_are_there(field: Field) -> None:
    fill(field)
    days = [(figure.day.day, figure.received, figure.approved) for figure in taken(field).days]
    assert days == [(20, 2, 1), (21, 0, 0), (22, 2, 0)]


def test_states_are_all_there_in_the_order_of_the_review(field: Field) -> None:
    fill(field)
    assert [(figure.state, figure.number) for figure in taken(field).states] == [
        ("received", 1),
        ("in_review", 1),
        ("approved", 1),
        ("has_issues", 0),
        ("rejected", 1),
    ]


def test_parts_add_up_to_the_whole(field: Field) -> None:
    fill(field)
    picture = taken(field)
    whole = picture.received.value
    assert sum(figure.received for figure in picture.areas) == whole
    assert sum(figure.received for figure in picture.days) == whole
    assert sum(figure.received for figure in picture.organisations) == whole
    assert sum(figure.number for figure in picture.states) == whole


def test_a_number_leads_to_as_many_records(field: Field, client: Client) -> None:
    fill(field)
    client.force_login(field.cast.carmen)
    picture = taken(field)
    counted = [
        *((figure.url, figure.received) for figure in picture.areas),
        *((figure.approved_url, figure.approved) for figure in picture.areas),
        *((figure.url, figure.received) for figure in picture.days),
        *((figure.url, figure.received) for figure in picture.organisations),
        *((figure.url, figure.number) for figure in picture.states),
        *((figure.url, figure.value) for figure in picture.key_figures[1:4]),
    ]
    for url, number in counted:
        page = client.get(url)
        assert page.status_code == 200, url
        records = set(re.findall(r"/submissions/(\d+)/", page.content.decode()))
        assert len(records) == number, url


def test_links_keep_the_selection(field: Field) -> None:
    fill(field)
    picture = taken(field, assessment=field.assessment, since=datetime.date(2020, 11, 1))
    asked = parse_qs(urlsplit(picture.states[0].url).query)
    assert asked == {
        "assessment": [str(field.assessment.pk)],
        "since": ["2020-11-01"],
        "state": ["received"],
    }


def test_days_begin_where_the_reader_is(field: Field) -> None:
    with travel("2020-11-20T21:30:00+00:00", tick=False):
        field.submit(field.north)
    assert taken(field).days[0].day.day == 20
    with timezone.override("Asia/Yerevan"):
        picture = taken(field)
    assert (picture.zone, picture.days[0].day.day) == ("Asia/Yerevan", 21)


# Yerevan's clock stays as it is, Paris's changes twice a year, Almaty's was changed once, in 2024.
@pytest.mark.parametrize(
    "zone", ["Asia/Yerevan", "Asia/Kathmandu", "Asia/Kolkata", "Europe/Paris", "Asia/Almaty"]
)
def test_days_are_whole_in_every_zone(field: Field, zone: str) -> None:
    local = zoneinfo.ZoneInfo(zone)
    for month in (7, 12):
        for minutes in (-1, 1):
            midnight = datetime.datetime(2020, month, 10, tzinfo=local)
            with travel(midnight + datetime.timedelta(minutes=minutes), tick=False):
                field.submit(field.north)
    with timezone.override(local):
        days = [(one.day.month, one.day.day) for one in taken(field).days if one.received]
    assert days == [(7, 9), (7, 10), (12, 9), (12, 10)]


def test_names_are_in_the_readers_language(field: Field) -> None:
    field.north.names = {"en": "North", "hy": "Հյուսիս"}
    field.north.save()
    with translation.override("hy"):
        assert taken(field).areas[0].name == "Հյուսիս"


def test_invented_numbers_say_so(field: Field) -> None:
    assert not taken(field).is_invented
    field.assessment.is_demo = True
    assert taken(field, assessment=field.assessment).is_invented


def test_a_picture_is_kept_as_json(field: Field) -> None:
    fill(field)
    kept = json.loads(json.dumps(taken(field).as_dict()))
    assert kept["days"][0]["day"] == "2020-11-20"
    assert kept["areas"][0]["gap_code"] == ""
    assert kept["areas"][1]["gap_code"] == "no_submission"


def test_an_operation_without_anything_has_figures(cast: Cast) -> None:
    picture = figures.take(Selection(cast.operation))
    assert set(values(picture).values()) == {0}
    assert (picture.areas, picture.days, picture.organisations) == ([], [], [])
