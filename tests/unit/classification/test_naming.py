"""Names of datasets tell nothing when they are taken."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.classification.records import naming
from ckanext.satudata_pontianak.classification.rules.axes import classification

AGENCY = st.from_regex(r"[a-z][a-z0-9-]{0,99}[a-z0-9]", fullmatch=True)


@given(agency=AGENCY, title=st.text(max_size=300))
def test_what_is_made_begins_with_the_agency_and_is_a_name(agency, title) -> None:
    made = naming.made(agency, title)
    assert naming.belongs(made, agency, ())
    assert re.fullmatch(r"[a-z0-9_-]{2,100}", made)


def test_the_ending_is_given_also_where_nothing_has_the_name() -> None:
    made = {naming.made("dinkes", "jumlah-penduduk") for _ in range(20)}
    assert len(made) == 20
    assert all(re.fullmatch(r"dinkes-jumlah-penduduk-[a-z0-9]{6}", name) for name in made)


def test_the_code_is_not_written_twice() -> None:
    assert naming.made("dinkes", "dinkes-stok-obat").startswith("dinkes-stok-obat-")


def test_a_random_name_says_nothing_but_whose_it_is() -> None:
    name = naming.at_random("dinkes")
    assert naming.is_at_random(name, "dinkes")
    assert not naming.is_at_random("dinkes-stok-obat-abcdef", "dinkes")
    assert not naming.is_at_random(name, "dinsos")


@pytest.mark.parametrize(
    ("name", "belongs"),
    [
        ("dinas-stok", True),
        ("dinas-sosial-bantuan", False),  # begins with another agency's longer code
        ("dinassosial", False),
        ("dinas", False),
        ("ppid-stok", False),
        ("Dinas-stok", False),
    ],
)
def test_a_name_belongs_to_the_agency_with_the_longest_code(name, belongs) -> None:
    assert naming.belongs(name, "dinas", ["dinas-sosial", "ppid"]) is belongs


def test_only_what_editors_may_not_know_of_is_called_at_random() -> None:
    rules = classification()
    hidden = [level for level in rules.levels if naming.unseen_by_editors(level, rules)]
    assert hidden == ["sangat_rahasia"]
    assert not naming.unseen_by_editors(None, rules)
