"""Security facts of an app: who has them, and that nobody else gets them by any door."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.jepin.rules.security import security
from ckanext.satudata_pontianak.smki.records.model import SmkiRole

from ..refusals import refusal_of
from .apps import app_of, publish_app

FACTS = {
    "hosting": "Pusat Data Kenanga",
    "addresses": "192.0.2.17\n192.0.2.18",
    "supplier": "PT Contoh Melati",
    "vapt_status": "open",
    "vapt_day": "2026-09-01",
    "waf": "true",
    "confidentiality": "3",
    "electronic_system": "high",
    "secret_scan": "found",
}
SECRETS = ("Kenanga", "192.0.2.17", "Melati")


def write(city, who, app, **given):
    return city.act(who, "satudata_jepin_security_set", id=app["id"], **given)


def shown(city, who, app) -> dict[str, str | None]:
    found = city.act(who, "satudata_jepin_security_show", id=app["id"])
    return {fact["name"]: fact["value"] for fact in found["facts"]}


def test_the_owner_and_who_keeps_it_safe_read_and_write_them(city):
    made = publish_app(city)
    assert set(shown(city, "produsen", made).values()) == {None}
    done = write(city, "produsen", made, **FACTS)
    assert done["receipt"]["entry"]
    assert write(city, "walidata", made, waf="false")["receipt"]["entry"]
    assert write(city, "walidata", made, waf="false")["receipt"] is None
    city.join("dinsos", "penjaga", "member")
    row = SmkiRole(
        role="ttis",
        user_id=city.users["penjaga"]["id"],
        nomor_sk="SK/9/2026",
        first_day=dt.date(2026, 1, 1),
    )
    model.Session.add(row)
    model.Session.commit()
    for who in ("produsen", "produsen_2", "kepala_dinkes", "walidata", "penjaga"):
        found = shown(city, who, made)
        assert (found["hosting"], found["waf"]) == (FACTS["hosting"], "false"), who
        assert city.act(who, "satudata_jepin_app_show", id=made["id"])["secures"], who
    assert write(city, "produsen", made, hosting="")["facts"]
    assert shown(city, "produsen", made)["hosting"] is None
    assert shown(city, "produsen", made)["supplier"] == FACTS["supplier"]


def test_nobody_else_has_them_by_any_door(city, app):
    made = publish_app(city)
    write(city, "produsen", made, **FACTS)
    for who in ("warga", "produsen_lain", "pegawai_dinsos", "staf", "pengawas", "penetap", "admin"):
        for action, more in (
            ("satudata_jepin_security_show", {}),
            ("satudata_jepin_security_set", {"waf": "false"}),
        ):
            with pytest.raises(tk.NotAuthorized):
                city.act(who, action, id=made["id"], **more)
    for who in (None, "warga", "staf", "pengawas", "admin", "produsen", "walidata"):
        for action, asked in (
            ("package_show", {"id": made["id"]}),
            ("package_search", {"q": "Kenanga OR Melati", "include_private": True}),
            ("package_search", {"fq": f"id:{made['id']}", "fl": "*"}),
            ("package_activity_list", {"id": made["id"], "include_data": False}),
            ("satudata_jepin_app_show", {"id": made["id"]}),
            ("satudata_ledger_list", {"dataset": made["id"]}),
        ):
            answer = city.over_http(app, who, action, **asked)
            assert not any(word in answer.body for word in SECRETS), (who, action)
        for address in ("/layanan/{}", "/dataset/{}.jsonld", "/dataset/activity/{}"):
            page = app.get(address.format(made["name"]), headers=city.token(who), status=None)
            assert not any(word in page.body for word in SECRETS), (who, address)
    kept = model.Session.scalars(sa.text("SELECT body::text FROM satudata_ledger.entry")).all()
    assert not any(word in body for word in SECRETS for body in kept)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("waf", "mungkin"),
        ("confidentiality", "4"),
        ("vapt_day", "2999-01-01"),
        ("vapt_day", "2026-02-30"),
        ("hosting", "a\nb"),
        ("hosting", "x" * 201),
        ("addresses", "x" * 2001),
        ("addresses", "milik 6171014101900001"),
        ("supplier", ["a"]),
    ],
)
def test_a_fact_is_read_with_care(city, field, value):
    made = publish_app(city)
    with refusal_of(field):
        write(city, "produsen", made, **{"waf": "true", field: value})
    assert set(shown(city, "produsen", made).values()) == {None}


def test_what_is_no_fact_is_refused(city, app):
    made = publish_app(city)
    asked = {"id": made["id"], "password": "rahasia"}
    assert (
        city.over_http(app, "produsen", "satudata_jepin_security_set", **asked).status_code == 409
    )
    assert {"waf", "addresses", "secret_scan"} < set(security().fields)


def test_a_purge_leaves_no_fact_and_no_link_of_an_app(city):
    made, other = app_of(city), app_of(city)
    write(city, "produsen", made, **FACTS)
    city.act("produsen", "satudata_jepin_links_set", id=other["id"], parent=made["name"])
    model.Session.commit()
    city.act("admin", "dataset_purge", id=made["id"])
    for table in ("security", "link"):
        left = sa.text(f"SELECT count(*) FROM satudata_app_{table}")
        assert model.Session.scalar(left) == 0
