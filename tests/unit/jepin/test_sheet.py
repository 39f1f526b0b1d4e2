"""Rows of a list of apps that belong to one another: chains and circles."""

from __future__ import annotations

from ckanext.satudata_pontianak.jepin.rules import sheet

MOST = sheet.MOST


class Counted(dict[str, str]):
    """Counts how often an app was asked for."""

    asked = 0

    def __getitem__(self, key: str) -> str:
        self.asked += 1
        return super().__getitem__(key)


def chain() -> dict[str, str]:
    return {f"a{n}": f"a{n + 1}" for n in range(MOST)}


def test_depths_end_at_a_root_or_in_a_circle() -> None:
    above = {"a": "b", "b": "root", "c": "d", "d": "e", "e": "d", "f": "c", "x": "x"}
    assert sheet.depths(above) == {
        "a": 2, "b": 1, "c": 3, "d": None, "e": None, "f": 4, "x": None
    }  # fmt: skip


def test_each_app_of_a_chain_is_walked_over_once() -> None:
    above = Counted(chain())
    depths = sheet.depths(above)
    assert (depths["a0"], above.asked) == (MOST, MOST)


def test_a_refusal_reaches_every_row_below_it() -> None:
    said = chain()
    found = sheet.refused(said, {*said, f"a{MOST}"}, [f"a{MOST}"], {})
    assert {*found} == {*said}
    assert str(found["a0"]) == "The row belongs to one that is refused: a1."
    # Below an app that is there a refusal does not go on: it stays where it stood.
    there = sheet.refused(said, {f"a{MOST}"}, [f"a{MOST}"], {})
    assert [*there] == [f"a{MOST - 1}"]


def test_a_circle_that_a_refusal_brings_back_is_refused_too() -> None:
    stands = {"a": "b"}
    said = {"a": "c", "c": "a", "b": "a", "d": "c", "e": ""}
    found = sheet.refused(said, {"c", "d"}, [], stands)
    assert {name: str(why) for name, why in found.items()} == {
        "a": sheet.CIRCLE, "c": sheet.CIRCLE, "b": sheet.CIRCLE,
        "d": "The row belongs to one that is refused: c.",
    }  # fmt: skip
