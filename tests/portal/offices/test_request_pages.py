"""Pages of requests: ask, follow, answer, object, revoke; what each offers to whom."""

from __future__ import annotations

import datetime as dt
from html import unescape

import pytest

from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.grants.request_definition import request_rules
from ckanext.satudata_pontianak.classification.records.request_model import AccessRequest
from ckanext.satudata_pontianak.classification.rules import indonesian

PURPOSE = "Penelitian tentang ketersediaan obat di kota"
REASON = "Tujuan sesuai dengan ketentuan"
MINE, DESK = "/satudata/permohonan", "/satudata/permohonan/meja"


def until(ahead: int = 30) -> str:
    return (days.today() + dt.timedelta(days=ahead)).isoformat()


def ask(desk, who, dataset, **values):
    fields = {"purpose": PURPOSE, "until": until(), **values}
    return desk.post(who, f"/satudata/akses/{dataset['name']}", fields)


def offered(desk, who, path) -> set[str]:
    return set(desk.get(who, path).steps)


def test_the_page_of_closed_data_leads_to_the_form(desk, city) -> None:
    dataset = city.limit()
    path = f"/satudata/akses/{dataset['id']}"
    for who in (None, "warga", "pegawai_dinsos"):
        assert path in desk.get(who, f"/dataset/{dataset['name']}").body
    for who in ("walidata", "produsen_lain", "staf", "pengawas"):
        assert path not in desk.get(who, f"/dataset/{dataset['name']}").body
        assert desk.get(who, path).status == 403
    assert "email" not in desk.get("warga", path).forms[-1][2]
    assert any("email" in names for _, _, names in desk.get(None, path).forms)
    public = city.publish()
    assert "/satudata/akses/" not in desk.get("warga", f"/dataset/{public['name']}").body
    hidden = city.dataset()
    for name in (hidden["name"], "tidak-ada"):
        assert desk.get("warga", f"/satudata/akses/{name}").status == 404


def test_a_citizen_asks_ppid_answers_and_the_grant_is_revoked(desk, city, app) -> None:
    dataset = city.limit()
    made = ask(desk, "warga", dataset)
    assert made.status == 302
    path = made.location[made.location.index("/satudata/") :]
    page = desk.get("warga", path)
    assert PURPOSE in page.text
    assert set(page.steps) == {"withdraw"}
    assert desk.get("warga_lain" if "warga_lain" in city.users else "staf", path).status == 404
    assert path in desk.get("warga", MINE).body
    assert path in desk.get("ppid", DESK).body
    assert path not in desk.get("penetap", DESK).body
    assert offered(desk, "ppid", path) == {"extend", "grant", "refuse"}
    wrong = desk.post("ppid", path, {"transition": "grant", "reason": "", "until": until(60)})
    assert wrong.status == 422
    assert 'aria-invalid="true"' in wrong.body
    assert desk.post("warga", path, {"transition": "grant", "reason": REASON}).status == 403
    done = desk.post("ppid", path, {"transition": "grant", "reason": REASON, "until": until(5)})
    assert done.status == 302
    file = f"/dataset/{dataset['id']}/resource/{dataset['resources'][0]['id']}/download"
    assert desk.get("warga", file).status == 200
    assert REASON in desk.get("warga", path).text
    assert desk.get("warga", path).hidden("/cabut") == []
    (hidden,) = desk.get("ppid", path).hidden("/cabut")
    desk.post("ppid", f"{path}/cabut", {**hidden, "reason": "pendek"})
    assert desk.get("warga", file).status == 200
    desk.post("ppid", f"{path}/cabut", {**hidden, "reason": "Tujuannya sudah tercapai"})
    assert desk.get("warga", file).status == 403


def test_a_file_that_is_out_of_sight_is_not_said_by_its_id(desk, city) -> None:
    dataset = city.limit()
    (file,) = dataset["resources"]
    made = ask(desk, "warga", dataset, scope=file["id"])
    path = made.location[made.location.index("/satudata/") :]
    assert file["name"] in desk.get("warga", path).text
    city.act("walidata", "satudata_hold_create", id=dataset["id"], scope="all", reason=REASON)
    page = desk.get("warga", path)
    assert (page.status, file["id"] in page.text) == (200, False)


def test_a_refusal_says_why_and_offers_the_objection(desk, city) -> None:
    made = ask(desk, "warga", city.limit())
    path = made.location[made.location.index("/satudata/") :]
    desk.post("ppid", path, {"transition": "refuse", "reason": "Tujuannya belum jelas"})
    page = desk.get("warga", path)
    assert "Tujuannya belum jelas" in page.text
    assert set(page.steps) == {"object"}
    desk.post("warga", path, {"transition": "object", "reason": "Sudah saya jelaskan"})
    assert path in desk.get("penetap", DESK).body
    assert offered(desk, "penetap", path) == {"grant", "refuse"}
    assert offered(desk, "ppid", path) == set()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"purpose": ""}, "ask-purpose"),
        ({"purpose": "pendek"}, "ask-purpose"),
        ({"until": "besok"}, "ask-until"),
        ({"until": "2020-01-01"}, "ask-until"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_the_rest_is_kept(desk, city, fields, wrong) -> None:
    page = ask(desk, "warga", city.limit(), **fields)
    assert page.status == 422
    assert f'id="{wrong}-error"' in page.body
    if "purpose" not in fields:
        assert PURPOSE in page.body
    assert model.Session.query(AccessRequest).count() == 0


def test_somebody_without_an_account_is_told_where_to_look(desk, city) -> None:
    dataset, rules = city.limit(), request_rules()
    form = desk.get(None, f"/satudata/akses/{dataset['name']}").text
    longest = rules.roads["public"].longest_days
    last = days.today() + dt.timedelta(days=longest)
    assert f"Paling lama {longest} hari dari hari ini: sampai {indonesian.day(last)}." in form
    page = ask(desk, None, dataset, email="siti@contoh.id")
    assert page.status == 200
    assert f"{rules.states['open'].due_working_days} hari kerja" in page.text
    assert "siti@contoh.id" not in page.body
    assert "tautan" in page.text
    assert ask(desk, None, city.limit(), email="bukan alamat").status == 422


def test_lists_need_a_name(desk, city) -> None:
    for path in (MINE, DESK, f"{MINE}/tidak-ada"):
        page = desk.get(None, path)
        assert page.status == 302
        assert "/user/login" in page.location
    assert desk.get("warga", f"{MINE}/tidak-ada").status == 404
    for page in ("0", "x", "-1", "99999999999999"):
        assert desk.get("warga", f"{MINE}?page={page}").status == 200


def test_the_procedure_names_its_sources_and_what_is_not_confirmed(desk, city) -> None:
    text = unescape(desk.get(None, "/satudata/prosedur/akses").text)
    assert "UU 14/2008 Pasal 22 ayat (7)" in text
    assert "perlu dikonfirmasi" not in text.lower()
    assert text.count("* Belum dicocokkan dengan naskah resminya oleh Bagian Hukum.") == 1
    assert "UU 14/2008 Pasal 22 ayat (7)*" in text
    # Who can have it confirmed reads the whole list; others read the mark.
    listed = "Perlu dikonfirmasi Bagian Hukum"
    assert listed in desk.get("ppid", "/satudata/sop").text
    assert listed not in desk.get("warga", "/satudata/sop").text
    assert listed not in desk.get(None, "/satudata/sop").text
    assert "10 hari kerja" in text


def test_bad_links_say_so(desk, city) -> None:
    for page in ("konfirmasi", "ikuti", "izin"):
        for token in ("x", "a.b.c", "x" * 3000):
            answer = desk.get(None, f"{MINE}/{page}/{token}")
            assert answer.status in (200, 404, 409), (page, token)
            assert desk.post(None, f"{MINE}/{page}/{token}", {}).status in (404, 409)
