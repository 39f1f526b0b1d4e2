"""The list of agencies to start with."""

from __future__ import annotations

import re
from collections import Counter

import pytest
import yaml

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.agencies.rules.duties import SINGLE, Duty
from ckanext.satudata_pontianak.metadata.formats import stored_mailbox

AGENCIES = yaml.safe_load((paths.schemas() / "codes" / "agencies.yaml").read_text("utf-8"))[
    "agencies"
]


def test_there_are_the_citys_thirty_two_agencies_and_two_bodies_beside_them() -> None:
    assert len(AGENCIES) == 34
    assert len({a["name"] for a in AGENCIES}) == 34
    assert sum(a["name"].startswith("kecamatan-") for a in AGENCIES) == 6


def test_every_duty_that_needs_one_body_has_one() -> None:
    held = Counter(role for a in AGENCIES for role in a["sdi_role"])
    assert {duty.value for duty in Duty} == set(held)
    assert all(held[duty.value] == 1 for duty in SINGLE)


@pytest.mark.parametrize("agency", AGENCIES, ids=lambda a: a["name"])
def test_an_entry_says_where_it_comes_from_and_gives_an_example_mailbox(agency: dict) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9-]+", agency["name"])
    assert agency["status_verifikasi"] in ("terverifikasi", "perlu_konfirmasi")
    assert agency["sumber_verifikasi"]
    assert agency["nama_inggris"] not in ("", agency["title"])
    assert stored_mailbox(agency["kotak_surat"]).endswith("@contoh.pontianak.go.id")
