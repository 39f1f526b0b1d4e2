"""A hold is a hold: an editor places one, somebody else confirms it, and nothing calls it open."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.access.reading import registers
from ckanext.satudata_pontianak.access.reading.registers import Wanted
from ckanext.satudata_pontianak.classification.clock import deadlines_told
from ckanext.satudata_pontianak.classification.records.model import Decision, Hold
from ckanext.satudata_pontianak.classification.records.notice_model import Notice

from ..refusals import refusal_of

WHY = "Ada NIK di kolom keterangan"
CURRENT = ("Data terbuka", "Mutakhir")


def place(city: Any, who: str, dataset: dict[str, Any], scope: str = "data") -> str:
    done = city.act(who, "satudata_hold_create", id=dataset["id"], scope=scope, reason=WHY)
    return done["holds"][0]["id"]


def told(city: Any, kind: str) -> set[str]:
    names = {user["id"]: name for name, user in city.users.items()}
    query = sa.select(Notice.user_id).where(Notice.kind == kind)
    return {names[user_id] for user_id in model.Session.scalars(query)}


def test_an_editor_holds_data_of_the_own_agency_and_somebody_else_confirms(city, app) -> None:
    dataset = city.publish()
    file = dataset["resources"][0]
    address = f"/dataset/{dataset['id']}/resource/{file['id']}/download"
    for who in ("produsen_lain", "staf", "warga"):
        with pytest.raises(tk.NotAuthorized):
            place(city, who, dataset)
    with pytest.raises(tk.ValidationError) as refused:
        place(city, "produsen", dataset, "all")
    assert list(refused.value.error_dict) == ["scope"]
    assert app.get(address).status_code == 200
    form = app.get(f"/satudata/berkas/{dataset['name']}/tahan", headers=city.token("produsen")).body
    assert 'value="data"' in form
    assert 'value="all"' not in form
    hold = place(city, "produsen", dataset)
    assert app.get(address, status=None).status_code == 403  # at once
    assert told(city, "hold_placed") >= {"kepala_dinkes", "walidata", "ppid", "produsen_2"}
    assert "produsen" not in told(city, "hold_placed")
    for who in ("produsen", "produsen_2", "warga"):  # who placed it, and whose word it is not
        with pytest.raises(tk.NotAuthorized):
            city.act(who, "satudata_hold_confirm", id=dataset["id"], hold=hold)
    # An admin of the agency has it at once, Walidata after a working day.
    listed = city.act("kepala_dinkes", "satudata_classification_list", holds=True)["holds"]
    assert [(row["hold"], row["risen"]) for row in listed] == [(hold, False)]
    assert city.act("walidata", "satudata_classification_list", holds=True)["holds"] == []
    model.Session.get(Hold, hold).placed_at -= dt.timedelta(days=7)
    model.Session.commit()
    for _ in range(2):
        deadlines_told.run()
    assert told(city, "hold_unconfirmed") == {"walidata", "walidata_2"}
    queue = app.get("/satudata/antrean", headers=city.token("walidata")).body
    assert queue.index(f'data-hold="{hold}"') < queue.index("satudata-filter")
    assert (
        f'data-hold="{hold}"'
        not in app.get("/satudata/antrean", headers=city.token("produsen_2")).body
    )
    page = f"/satudata/berkas/{dataset['name']}/pastikan/{hold}"
    app.get(page, headers=city.token("produsen"), status=403)
    assert "Pastikan" in app.get(page, headers=city.token("walidata")).body
    app.post(page, headers=city.token("walidata"), follow_redirects=False, status=302)
    assert told(city, "hold_confirmed") == {"kepala_dinkes", "produsen", "produsen_2"}
    assert city.act("ppid", "satudata_classification_list", holds=True)["holds"] == []
    with refusal_of("transition", code="no_hold"):  # once
        city.act("ppid", "satudata_hold_confirm", id=dataset["id"], hold=hold)
    given = {"hold": hold, "ground": "examined", "reason": "Temuan keliru"}
    done = city.act("ppid", "satudata_hold_release", id=dataset["id"], **given)
    assert done["holds"] == []
    assert app.get(address).status_code == 200
    assert "kepala_dinkes" in told(city, "hold_lifted")


def test_what_is_held_is_not_called_open_and_current_and_has_no_licence_or_citation(
    city, app
) -> None:
    dataset = city.publish()
    name = dataset["name"]
    pages = (
        f"/dataset/{name}",
        "/dataset/",
        f"/dataset/{name}/resource/{dataset['resources'][0]['id']}",
    )
    open_page = app.get(pages[0]).body
    for word in (*CURRENT, "Cara mengutip", "license noopener"):
        assert word in open_page
    app.get(f"/dataset/{name}/sitasi.bib", status=200)
    counted = {"rows": 0, "facet.field": ["tingkat_keamanan", "satudata_level", "license_id"]}
    facets = city.act(None, "package_search", **counted)["facets"]
    assert facets == {
        "tingkat_keamanan": {"biasa": 1},
        "satudata_level": {"biasa": 1},
        "license_id": {"cc-by": 1},
    }
    hold = place(city, "produsen", dataset)
    # Nor is it counted, found or offered as a filter under what it is not called.
    facets = city.act(None, "package_search", **counted)["facets"]
    assert facets == {
        "tingkat_keamanan": {"held": 1},
        "satudata_level": {"held": 1},
        "license_id": {},
    }
    assert city.act(None, "package_search", fq="tingkat_keamanan:biasa")["count"] == 0
    agency = app.get(f"/organization/{dataset['organization']['name']}").body
    assert re.search(r"Ditangguhkan</span> <span>1</span>", agency)
    narrowed = app.get("/dataset/?tingkat_keamanan=held").body
    assert f'/dataset/{name}"' in narrowed
    assert "Tingkat keamanan: Ditangguhkan" in re.sub(r"\s+", " ", narrowed)
    for who in (None, "walidata", "produsen"):
        for page in pages:
            said = app.get(page, headers=city.token(who)).body
            assert "Ditangguhkan" in said
            for word in CURRENT:
                assert f"{word}</span>" not in said, (who, page)
            assert "license noopener" not in said
            assert "sd-citation" not in said
    app.get(f"/dataset/{name}/sitasi.bib", status=404)
    for form in ("ttl", "jsonld"):
        graph = app.get(f"/dataset/{name}.{form}").body
        assert "creativecommons.org" not in graph
    shown = city.act(None, "package_show", id=name)
    assert shown["satudata_decision"]["held"] is True
    assert not {"license_id", "license_title", "license_url", "isopen"} & set(shown)
    assert city.act("produsen", "package_show", id=name)["license_id"] == dataset["license_id"]
    found = city.act(None, "package_search", fq="satudata_freshness:fresh")
    assert found["count"] == 0
    (row,) = registers.find(Wanted("dip"), 10).rows
    assert row["held"]
    assert "Ditangguhkan" in app.get("/satudata/dip").body
    city.act("ppid", "satudata_hold_release", id=name, hold=hold, reason="Sudah diperiksa")
    again = city.act(None, "package_show", id=name)
    assert (again["satudata_decision"]["held"], again["license_id"]) == (False, "cc-by")


def test_a_decree_whose_period_is_over_does_not_stand_as_one_in_force(city, app) -> None:
    dataset = city.limit()
    page, token = f"/dataset/{dataset['name']}", city.token("produsen")
    assert "Penetapan yang berlaku" in app.get(page, headers=token).body
    assert "license noopener" not in app.get(page, headers=token).body
    assert "sd-citation" not in app.get(page, headers=token).body
    model.Session.query(Decision).one().akhir = dt.date(2026, 1, 1)
    model.Session.commit()
    # Whoever may not have the data is told why without that word.
    closed = app.get(page).body
    assert "membatasi data ini bagi pihak tertentu" in closed
    assert "<li>anggota Perangkat Daerah pemilik</li>" in closed
    assert "<li>PPID</li>" in closed
    assert "Penetapan yang berlaku" not in closed
    for address in (page, f"/satudata/berkas/{dataset['name']}"):
        said = app.get(address, headers=token).body
        assert "Penetapan yang berlaku" not in said
        assert "Penetapan yang masa berlakunya telah berakhir" in said
