"""Whatever parameter of a reading action names something unseen: it is answered as unknown is.

Not only the parameters that the contract lists: each name of a parameter that any action takes is
tried with each action, in the place of what it wants and beside it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
import string
from collections.abc import Iterator
from typing import Any

import pytest

from ckan import model
from ckan.logic import get_action

from ..doors import Try, read
from .test_same_answer import Unseen, answer, as_on_a_server, first_difference, places

__all__ = ["as_on_a_server"]

# Names that a parameter has somewhere in CKAN, beside those of the contract.
MORE = (
    "activity_id dataset dataset_id filter_id group groups id2 ids name_or_id object object_id "
    "organization owner_org package package_id parent q query resource resource_id source_id "
    "subject tag user_id version view_id"
).split()
VALUES = ("id", "name", "resource", "version")
# All of them is more than a hundred thousand questions: in portions, which can be run alone.
PORTIONS = 40
CHOSEN = range(PORTIONS) if "SATUDATA_LONG" in os.environ else [None]


def _word() -> str:
    return "".join(secrets.choice(string.ascii_lowercase) for _ in range(24))


def actions() -> dict[str, dict[str, Any]]:
    """Return each action that only reads, with parameters that it takes."""
    contract = read()
    found: dict[str, dict[str, Any]] = {}
    for name, entry in contract["actions"].items():
        given = entry["with"]
        found[name] = given[0] if isinstance(given, list) else given
    for group in contract["empty"]:
        found.update({name: {} for name in group.get("actions", ())})

    def reads(name: str) -> bool:
        try:
            return bool(getattr(get_action(name), "side_effect_free", False))
        except KeyError:
            return False

    return {name: given for name, given in sorted(found.items()) if reads(name)}


def parameters(given: dict[str, dict[str, Any]]) -> list[str]:
    """Return every name of a parameter that is known."""
    return sorted({*MORE, *(key for each in given.values() for key in each)})


def tries(number: int, names: list[str], portion: int | None) -> Iterator[tuple[str, str]]:
    """Return which parameters carry which kind of name: a portion of all, or a few."""
    for place, name in enumerate(names):
        for turn, value in enumerate(VALUES):
            which = place + turn * 7 + number
            if which % (len(names) * 2) == 0 if portion is None else which % PORTIONS == portion:
                yield name, value


def _seen_just_now(city: Any, who: str | None) -> None:
    """Have somebody been seen: CKAN notes it now and then, with a cookie in that one answer."""
    if who:
        user = model.User.get(city.users[who]["name"])
        user.last_active = dt.datetime.now(dt.UTC).replace(tzinfo=None) + dt.timedelta(days=1)
        model.Session.commit()


@pytest.mark.parametrize("portion", CHOSEN)
@pytest.mark.parametrize("who", [None, "produsen_lain"])
def test_no_parameter_of_a_reading_action_tells_unseen_from_unknown(
    city, as_on_a_server, who, portion, record_property
) -> None:
    _seen_just_now(city, who)
    hidden = places(city, city.dataset(name=_word()))
    shown = places(city, city.publish())
    around = {"org": "dinkes", "group": "tiada", "user": "tiada", "me": "tiada", "tag": "tanda"}
    open_one = Unseen(shown, around)
    thing = Unseen(hidden, around)
    headers = city.token(who)
    given = actions()
    names = parameters(given)
    differ, asked = [], 0
    for number, (action, takes) in enumerate(given.items()):
        for name, value in tries(number, names, portion):
            unknown = {**thing.unknown(), "name": _word()}
            said = []
            for named in (hidden, unknown):
                # What it takes is filled in with an open dataset's places, the one with ours.
                body = Try("POST", f"/api/3/action/{action}", json.dumps(takes))
                filled = json.loads(body.filled({**around, **open_one.places}).body or "{}")
                filled[name] = named[value]
                request = Try("POST", body.path, json.dumps(filled))
                # Of the open dataset, whose file has the same bytes, nothing is taken out.
                said.append(answer(as_on_a_server, headers, request, {value: named[value]}))
                asked += 1
            if said[0] != said[1]:
                differ.append(f"{action} {name}={value}: {first_difference(*said)}")
    assert not differ, "\n".join(differ)
    assert asked >= len(given)
    record_property("counts", {"questions asked of an unseen and an unknown name": asked})
