"""A refusal names what was sent, and no number or mailbox of a person with it."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak.surface import bounds, key_errors, keys, parameters
from ckanext.satudata_pontianak.surface.repeating import LONGEST, repeated

NIK = "6171014107800003"
KINDS = ("dataset", "resource", "group", "organization")


@pytest.mark.parametrize(
    "name", ["judul", "jumlah_2023_2024", "kolom aneh", "20241231", "", "é%s{}", "x" * LONGEST]
)
def test_an_ordinary_name_is_repeated_as_it_was_sent(name):
    assert repeated(name) == name


@pytest.mark.parametrize(
    "name",
    [
        NIK, f"nik_{NIK}", "6171 0141 0780 0003", "6171.0141-0780/0003", "x" * 50 + NIK,
        "\uff16\uff11\uff17\uff11\uff10\uff11\uff14\uff11\uff10\uff17\uff18\uff10", "081234567890",
        "198001012005011001",
    ],
)  # fmt: skip
def test_a_name_that_holds_a_number_of_a_person_is_told_without_its_digits(name):
    told = repeated(name)
    assert not any(c.isdigit() for c in told)
    assert len(told) <= LONGEST + 1


def test_a_name_that_is_a_mailbox_is_told_without_whose():
    assert repeated("budi.santoso@gmail.com dan siti@yahoo.com") == "•@gmail.com dan •@yahoo.com"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("key", [NIK, f"lampiran {NIK}"])
def test_no_refusal_of_a_key_repeats_a_nik(kind, key):
    data = {key: "isi", "extras": [{"key": key, "value": "isi"}]}
    problems = keys.tidied(kind, data, {})
    told = str(key_errors.errors(problems, kind, {}, lambda text: text))
    assert "lampiran" in told or "•" in told
    assert NIK not in told


def test_no_refusal_of_a_parameter_or_of_a_length_repeats_a_nik():
    with pytest.raises(parameters.Refused) as refused:
        parameters.checked("package_search", {NIK: "1"})
    assert NIK not in f"{refused.value.parameter} {refused.value.message}"
    assert NIK not in bounds.shown(f"isi {NIK}")
