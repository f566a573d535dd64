"""Invents households whose answers make sense together: who is displaced is colder and eats worse.

Answers are nested as the questionnaire's groups are: a group is a mapping, a repeat a list of
mappings, a select-multiple answer a list of texts. Calculated values are worked out here as the
form would. Nothing describes a real household.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from situation.demo import sources
from situation.demo.dice import Dice

Answers = dict[str, Any]
HARDSHIP = {"IDP": 0.62, "HST": 0.36, "RES": 0.26, "RDP": 0.5}
DWELLINGS = {
    "IDP": {"hosted": 48, "rented": 20, "centre": 20, "unfinished": 6, "tent": 2, "own": 4},
    "HST": {"own": 88, "rented": 12},
    "RES": {"own": 86, "rented": 14},
    "RDP": {"own": 90, "hosted": 10},
}
HEATING = {"central": 40, "electric": 18, "stove": 34, "other": 4, "none": 4}
POOR_HEATING = {"central": 12, "electric": 26, "stove": 40, "other": 6, "none": 16}
FOOD_WEIGHTS = {
    "cereals": 2,
    "pulses": 3,
    "dairy": 4,
    "meat": 4,
    "vegetables": 1,
    "fruit": 1,
    "oil": 0.5,
    "sugar": 0.5,
}
USUAL_DAYS = {
    "cereals": 6.8,
    "pulses": 2.6,
    "dairy": 4.2,
    "meat": 2.8,
    "vegetables": 5.0,
    "fruit": 3.2,
    "oil": 6.0,
    "sugar": 5.6,
}
COPING_WEIGHTS = {"less_preferred": 1, "borrow": 2, "portions": 1, "adults": 3, "meals": 1}


@dataclass(frozen=True)
class Household:
    """An invented household: where and what it is, and how hard its life is (0 to 1)."""

    country: str
    pcode: str
    group: str
    hardship: float
    interviewed: date


def invent(dice: Dice, *, country: str, pcode: str, interviewed: date) -> Household:
    """Return a household; more of them are displaced than host or neither."""
    group = dice.pick({"IDP": 58, "HST": 26, "RES": 12, "RDP": 4})
    hardship = min(0.97, max(0.03, dice.around(HARDSHIP[group], 0.34)))
    return Household(country, pcode, group, hardship, interviewed)


def refusal() -> Answers:
    """Return the answers of somebody who does not want to take part."""
    return {"opening": {"consent": "no"}}


def answers(home: Household, dice: Dice, *, location: str, photo: str) -> Answers:
    """Return a household's answers; ``location`` as ``lat lon altitude accuracy``, or blank."""
    roster = members(home, dice)
    people = len(roster)
    school_age = sum(member["is_school_age"] == 1 for member in roster)
    given: Answers = {
        "opening": {
            "consent": "yes",
            "respondent": dice.pick({"head": 45, "spouse": 40, "adult": 15}),
        },
        "place": {
            "country": home.country,
            "admin1": home.pcode,
            "settlement": f"Settlement {dice.between(1, 9)} (invented)",
            "location": location,
        },
        "household": _household(home, dice, roster, school_age),
        "shelter": _shelter(home, dice, people),
        "wash": _wash(home, dice, people),
        "food": _food(home, dice),
        "services": _services(home, dice, school_age),
    }
    given["closing"] = {
        "priorities": _priorities(home, dice, given),
        "photo": photo,
        "remarks": dice.pick(dict.fromkeys(sources.remarks(), 1)) if dice.chance(0.3) else "",
    }
    return given


def members(home: Household, dice: Dice) -> list[Answers]:
    """Return the roster; among the displaced there are more women and children."""
    displaced = home.group == "IDP"
    size = max(1, round(dice.around(5.2 if displaced else 4.4, 1.5)))
    ages = [dice.between(24, 72)]
    while len(ages) < size:
        child = dice.chance(0.5 if displaced else 0.36)
        ages.append(dice.between(0, 17) if child else dice.between(18, 82))
    female = 0.62 if displaced else 0.52
    return [
        {
            "age": age,
            "sex": "f" if dice.chance(female if age >= 18 else 0.48) else "m",
            "needs_support": "yes" if dice.chance(0.03 + age / 500) else "no",
            "is_under_five": 1 if age < 5 else "",
            "is_school_age": 1 if 6 <= age <= 17 else "",
        }
        for age in ages
    ]


def _household(home: Household, dice: Dice, roster: list[Answers], school_age: int) -> Answers:
    left = date(2020, 9, 27) + timedelta(days=min(dice.between(0, 30), dice.between(0, 44)))
    known = {"displaced_on": min(left, home.interviewed).isoformat()} if home.group == "IDP" else {}
    return {
        "population_group": home.group,
        **known,
        "household_size": len(roster),
        "member": roster,
        "members_listed": len(roster),
        "under_five": sum(member["is_under_five"] == 1 for member in roster),
        "school_age": school_age,
    }


def _shelter(home: Household, dice: Dice, people: int) -> Answers:
    dwelling = dice.pick(DWELLINGS[home.group])
    poor = dwelling in {"centre", "unfinished", "tent"}
    room = max(2.0, dice.around(11.0 - 7.0 * home.hardship - 2.0 * poor, 1.6))
    area = round(room * people, 1)
    heating = dice.pick(POOR_HEATING if poor or home.hardship > 0.6 else HEATING)
    cold = dice.around(7 * home.hardship + 2.5 * (heating == "none") - 1.2, 1.3)
    wants = dict.fromkeys(("blankets", "clothes", "footwear"), 0.85 * home.hardship)
    rarer = {"mattresses": 0.5, "stove": 0.45, "fuel": 0.8, "kitchen": 0.35}
    lacking = dice.some(wants | {item: share * home.hardship for item, share in rarer.items()})
    mild = {"none": 80, "minor": 16, "heavy": 4, "destroyed": 0}
    bad = {"none": 40, "minor": 38, "heavy": 18, "destroyed": 4}
    return {
        "dwelling": dwelling,
        "damage": dice.pick(bad if dwelling == "unfinished" or home.group == "RDP" else mild),
        "floor_area": area,
        "area_per_person": round(area / people, 1),
        "heating": heating,
        "cold_nights": min(7, max(0, round(cold))),
        "items_lacking": lacking or ["none"],
    }


def _wash(home: Household, dice: Dice, people: int) -> Answers:
    source = dice.pick(
        {
            "piped": 60 - 30 * home.hardship,
            "public": 12,
            "protected": 14,
            "trucked": 6,
            "bottled": 3,
            "unprotected": 12 * home.hardship,
            "surface": 2 * home.hardship,
        }
    )
    usual = {"piped": 62, "public": 34, "protected": 30, "trucked": 20, "bottled": 16}
    litres = max(4.0, dice.around(usual.get(source, 18) * (1.15 - 0.7 * home.hardship), 6))
    total = round(litres * people / 10) * 10
    toilet = dice.pick(
        {"flush": 62 - 40 * home.hardship, "slab": 34, "open": 16 * home.hardship, "none": 1}
    )
    shared = people + (dice.between(3, 40) if home.hardship > 0.6 else dice.between(0, 6))
    return {
        "water_source": source,
        "water_litres": total,
        "litres_per_person": round(total / people),
        "toilet": toilet,
        **({"toilet_users": shared} if toilet != "none" else {}),
    }


def _days(dice: Dice, mean: float) -> int:
    return min(7, max(0, round(dice.around(mean, 0.9))))


def _food(home: Household, dice: Dice) -> Answers:
    fall = {"cereals": 0.15, "oil": 0.3, "sugar": 0.3}
    eaten = {
        name: _days(dice, usual * (1.1 - fall.get(name, 0.85) * home.hardship))
        for name, usual in USUAL_DAYS.items()
    }
    coping = {
        name: _days(dice, (6.0 if name == "less_preferred" else 3.4) * home.hardship**1.5)
        for name in COPING_WEIGHTS
    }
    score = sum(FOOD_WEIGHTS[name] * days for name, days in eaten.items())
    return {
        "consumption": {f"fcs_{name}": days for name, days in eaten.items()},
        "fcs": int(score) if score == int(score) else score,
        "coping": {f"rcsi_{name}": days for name, days in coping.items()},
        "rcsi": sum(COPING_WEIGHTS[name] * days for name, days in coping.items()),
    }


def _services(home: Household, dice: Dice, school_age: int) -> Answers:
    care = dice.pick(
        {"not_needed": 40, "all": 34, "some": 8 + 18 * home.hardship, "none": 12 * home.hardship}
    )
    reasons = {"distance": 0.3, "cost": 0.5, "closed": 0.2, "medicine": 0.25, "covid": 0.2}
    concerns = {
        "separation": 0.25,
        "missing": 0.1,
        "documents": 0.25,
        "privacy": 0.5,
        "distress": 0.6,
        "housing": 0.35,
        "ordnance": 0.25,
    }
    given: Answers = {"care": care}
    if care in {"some", "none"}:
        given["care_barriers"] = dice.some(reasons) or ["cost"]
    if school_age:
        absent = sum(dice.chance(0.12 + 0.6 * home.hardship) for _ in range(school_age))
        given["out_of_school"] = absent
    worries = dice.some({name: share * home.hardship * 1.2 for name, share in concerns.items()})
    return given | {"concerns": worries or ["none"]}


def _priorities(home: Household, dice: Dice, given: Answers) -> list[str]:
    """Return up to three: what is worst for this household comes first."""
    shelter, wash, food = given["shelter"], given["wash"], given["food"]
    need = {
        "heating": shelter["cold_nights"] / 5,
        "winter": len(shelter["items_lacking"]) / 4,
        "shelter": 0.9 if shelter["dwelling"] in {"centre", "unfinished", "tent"} else 0.2,
        "food": food["rcsi"] / 16,
        "water": 0.8 if wash["litres_per_person"] < 15 else 0.1,
        "health": 0.9 if given["services"]["care"] in {"some", "none"} else 0.15,
        "education": given["services"].get("out_of_school", 0) / 3,
        "cash": 0.3 + 0.5 * home.hardship,
        "information": 0.25,
        "protection": len(given["services"]["concerns"]) / 6,
    }
    ranked = sorted(need, key=lambda name: need[name] + dice.fraction() / 2, reverse=True)
    return ranked[: dice.pick({1: 8, 2: 27, 3: 65})]
