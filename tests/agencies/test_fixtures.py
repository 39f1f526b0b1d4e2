"""Seeding a portal with the agencies to start with."""

from __future__ import annotations

import pytest

from ckan import model
from ckan.tests import factories

from ckanext.satudata_pontianak.agencies import fixtures, registry
from ckanext.satudata_pontianak.agencies.rules.duties import Duty


@pytest.fixture
def context(clean_db, clean_index):
    return {"user": factories.Sysadmin()["name"], "ignore_auth": False}


def test_seeding_makes_every_agency_once_with_its_duty(context, records):
    created = fixtures.seed(context)
    assert len(created) == 34
    assert registry.body_of(Duty.WALIDATA).name == "dinas-komunikasi-dan-informatika"
    assert registry.body_of(Duty.PPID).name == "ppid"
    assert registry.body_of(Duty.ATASAN_PPID).name == "sekretariat-daerah"
    assert registry.actor_for(context["user"]).member_of == frozenset()
    assert len(records("agency.create")) == 34
    assert records("agency.create")[0]["detail"]["nomor_sk"] == "CONTOH/SK/2026"
    assert fixtures.seed(context) == []


def test_seeding_leaves_alone_what_is_there_and_gives_no_duty_twice(town):
    created = fixtures.seed({"user": "admin", "ignore_auth": False})
    assert "ppid" not in created
    assert len(created) == 33
    assert registry.body_of(Duty.WALIDATA).name == "kominfo"
    assert registry.agency("dinas-komunikasi-dan-informatika").roles == {Duty.PRODUSEN}
    assert model.Group.get("ppid").title == "Ppid"
