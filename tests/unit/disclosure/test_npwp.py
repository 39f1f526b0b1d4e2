"""Numbers of taxpayers that no heading names are told by their check digits, where all have one."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest

from .corpus.identifiers import digits, luhn_digit, npwp15, npwp16
from .corpus.unseen.makers import imei


def many(make: Callable[[Random], str], count: int = 400, seed: int = 1) -> list[str]:
    r = Random(seed)  # noqa: S311 - made-up numbers come from a seed
    return [make(r) for _ in range(count)]


def prefixed(r: Random) -> str:
    return f"41112100{luhn_digit('41112100')}{digits(r, 6)}"


@pytest.mark.parametrize("heading", ["id_wp", "kode", None])
@pytest.mark.parametrize("make", [npwp15, npwp16], ids=["fifteen", "sixteen"])
def test_a_column_of_them_is_found_under_any_heading(column, heading, make):
    found = column(heading, many(make))["npwp"]
    assert (found.count, found.hard, found.reason.code) == (400, True, "npwp.digits")


def test_thirty_different_ones_are_enough_and_few_are_not(column):
    assert "npwp" in column("id_wp", many(npwp15, 31))
    assert "npwp" not in column("id_wp", many(npwp15, 29))
    assert "npwp" not in column("id_wp", many(npwp15, 5) * 80)


def test_a_nought_that_a_spreadsheet_took_is_given_back(column):
    assert column("id_wp", [n.lstrip("0") for n in many(npwp15)])["npwp"].count == 400


def test_a_mistyped_one_in_a_hundred_hides_nothing_and_one_in_ten_does(column):
    numbers = many(npwp15)
    wrong = [n[:8] + str((int(n[8]) + 1) % 10) + n[9:] for n in numbers]
    assert column("id_wp", [*numbers[4:], *wrong[:4]])["npwp"].count == 396
    assert "npwp" not in column("id_wp", [*numbers[40:], *wrong[:40]])


@pytest.mark.parametrize(
    "make",
    [
        lambda r: digits(r, 15),
        lambda r: "0" + digits(r, 15),
        lambda r: str(r.randint(10**14, 10**15 - 1) // 1000 * 1000),
        lambda r: f"20{r.randint(10, 29)}{r.randint(101, 1231):04}{digits(r, 6)}",
        prefixed,
        imei,
    ],
    ids=["any", "sixteen", "amounts", "moments", "one prefix", "imei"],
)
def test_what_only_has_the_length_stays_silent(column, make):
    for seed in range(20):
        assert "npwp" not in column("kode", many(make, 300, seed))


def test_a_million_cells_are_decided_by_some_of_them(column):
    numbers = many(lambda r: digits(r, 15), 20_000)
    assert "npwp" not in column("kode", numbers)
    assert column("kode", many(npwp15, 20_000))["npwp"].count == 20_000
