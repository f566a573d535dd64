"""What is reckoned while one types a load: the vehicle's room and axles, and what a unit fills."""

import json

import pytest
from lxml import html

from tests.cast import Cast
from tests.convoys.road import begin
from tests.convoys.test_run_pages import Desk

pytestmark = pytest.mark.django_db


def test_the_form_of_a_load_knows_the_vehicles_room_and_axles(cast: Cast) -> None:
    road = begin(cast)
    waybill = road.carry([10, 5], payload=40)
    vehicle = waybill.leg.vehicle
    vehicle.tare_kg, vehicle.axles, vehicle.axle_limit_kg = 9000, 4, 7000
    vehicle.save()
    road.carry([7])
    (spare,) = road.loads(road.waybills[1])
    lars = Desk(cast, "lars")
    page = lars.do(road.run, "take_off", on=spare)
    assert "On one axle: 6,000 of 7,000 kg" in page
    answer = lars.client.get(f"/o/caucasus/runs/{road.run.pk}/do/load/?on={waybill.pk}")
    (source,) = html.fromstring(answer.content).xpath("//script[@id='room']/text()")
    room = json.loads(source)
    assert room["vehicle"] == {
        "kg": 15_000,
        "most_kg": 40_000,
        "m3": 15,
        "most_m3": 2000,
        "tare_kg": 9000,
        "axles": 4,
        "most_axle_kg": 7000,
    }
    assert room["units"] == {str(road.lines[2].pk): {"kg": 1000, "m3": 1}}
