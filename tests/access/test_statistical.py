"""A statistical activity is known to its agency, and to who may know a dataset of it."""

from __future__ import annotations

import pytest

import ckan.plugins.toolkit as tk

SAVE = "satudata_statistical_activity_save"
SHOW = "satudata_statistical_activity_show"
LIST = "satudata_statistical_activity_list"
ATTACH = "satudata_statistical_activity_attach"
TITLE = "Survei Burung Kenari 2026"


@pytest.fixture
def activity(city):
    """An activity of an agency."""
    values = {"judul_kegiatan": TITLE, "cara_pengumpulan": "survei", "metode": ["pengamatan"]}
    return city.act("produsen", SAVE, agency="dinkes", values=values)["activity"]


def attach(city, dataset, ms_keg: str, who: str = "produsen"):
    return city.act(who, ATTACH, id=dataset["id"], ms_keg=ms_keg)


def unknown(city, who, id: str) -> None:
    with pytest.raises(tk.ObjectNotFound):
        city.act(who, SHOW, ms_keg=id)
    assert id not in [each["id"] for each in city.act(who, LIST, limit=500)["results"]]


def test_an_activity_is_known_outside_only_with_a_dataset_that_is(city, activity, app) -> None:
    id = activity["id"]
    for who in (None, "warga"):
        unknown(city, who, id)
    draft = city.dataset()
    attach(city, draft, id)
    unknown(city, None, id)
    there, nowhere = app.get(f"/kegiatan/{id}", status=404), app.get("/kegiatan/x", status=404)
    assert there.body.replace(id, "x") == nowhere.body
    assert "/kegiatan?agency=" not in app.get("/organization/dinkes").body
    opened = city.publish()
    attach(city, opened, id)
    assert "/kegiatan?agency=dinkes" in app.get("/organization/dinkes").body
    shown = city.act(None, SHOW, ms_keg=id)
    assert [each["id"] for each in shown["datasets"]] == [opened["id"]]
    assert (shown["missing"], shown["may_change"]) == ([], False)
    assert TITLE in app.get(f"/kegiatan/{id}").body
    assert TITLE in app.get("/kegiatan").body
    assert f"/kegiatan/{id}" in app.get(f"/dataset/{opened['name']}").body
    assert city.act(None, SHOW, id=opened["id"])["id"] == id
    linked = app.get(f"/dataset/{opened['name']}.ttl").body
    assert "wasGeneratedBy" in linked
    assert TITLE in linked
    city.act("walidata", "satudata_hold_create", id=opened["id"], scope="all", reason="Ada temuan")
    unknown(city, None, id)


def test_its_agency_and_walidata_know_it_and_only_the_agency_changes_it(city, activity) -> None:
    id = activity["id"]
    assert city.act("walidata", SHOW, ms_keg=id)["may_change"] is False
    shown = city.act("produsen", SHOW, ms_keg=id)
    assert "datasets" in shown
    assert shown["missing"]
    unknown(city, "produsen_lain", id)
    with pytest.raises(tk.ObjectNotFound):
        city.act("produsen_lain", SAVE, ms_keg=id, values={"tujuan": "Lain"})
    with pytest.raises(tk.NotAuthorized):
        city.act("walidata", SAVE, ms_keg=id, values={"tujuan": "Lain"})
    done = city.act("produsen", SAVE, ms_keg=id, values={"tujuan": "Mengetahui jumlahnya"})
    assert done["receipt"]["entry"]
    assert (
        city.act("produsen", SAVE, ms_keg=id, values={"tujuan": "Mengetahui jumlahnya"})["receipt"]
        is None
    )


def test_what_cannot_stand_is_named_by_its_field(city, activity) -> None:
    wrong = {
        "judul_kegiatan": "",
        "cara_pengumpulan": "dikira-kira",
        "sektor_kegiatan": "Sektor apa saja",
        "metode": ["menebak"],
        "jml_pengumpul": "banyak",
        "email": "dinas@gmail.com",
        "jadwal_desain_awal": "2026-05-02",
        "jadwal_desain_akhir": "2026-05-01",
        "tiada": "x",
        "tujuan": "NIK 6171014101900001",
    }
    with pytest.raises(tk.ValidationError) as refused:
        city.act("produsen", SAVE, ms_keg=activity["id"], values=wrong)
    assert set(refused.value.error_dict) - {"code"} == set(wrong) - {"jadwal_desain_awal"}
    with pytest.raises(tk.ValidationError):
        city.act("produsen", SAVE, agency="disdukcapil", values={"judul_kegiatan": "Sensus"})


def test_a_dataset_comes_from_an_activity_of_its_own_agency_alone(city, activity) -> None:
    draft = city.dataset("produsen_lain", owner_org="disdukcapil")
    for id in (activity["id"], "tiada"):
        with pytest.raises(tk.ValidationError) as refused:
            attach(city, draft, id, "produsen_lain")
        assert "ms_keg" in refused.value.error_dict
    own = city.dataset()
    assert attach(city, own, activity["id"])["ms_keg"] == activity["id"]
    assert attach(city, own, activity["id"])["receipt"] is None
    assert attach(city, own, "")["ms_keg"] is None
    assert attach(city, own, "")["receipt"] is None
    with pytest.raises((tk.NotAuthorized, tk.ObjectNotFound)):
        attach(city, own, activity["id"], "warga")


def test_an_editor_describes_an_activity_on_a_page_and_names_its_dataset(city, app) -> None:
    who = city.token("produsen")
    address = "/satudata/kegiatan/baru"
    assert "judul_kegiatan" in app.get(address, headers=who).body
    refused = app.post(address, data={"agency": "dinkes", "email": "x"}, headers=who, status=422)
    assert 'id="road-judul_kegiatan-error"' in refused.body
    assert 'id="road-email-error"' in refused.body
    sent = {"agency": "dinkes", "judul_kegiatan": TITLE, "sarana": ["capi", "cawi"]}
    done = app.post(address, data=sent, headers=who, follow_redirects=False, status=303)
    id = done.headers["Location"].rpartition("/")[2]
    page = app.get(f"/kegiatan/{id}", headers=who).body
    assert "(CAPI); " in page
    assert 'id="activity-missing"' in page
    assert TITLE in app.get("/satudata/kegiatan", headers=who).body
    dataset = city.dataset()
    choose = f"/satudata/berkas/{dataset['name']}/kegiatan"
    assert TITLE in app.get(choose, headers=who).body
    app.post(choose, data={"ms_keg": id}, headers=who, follow_redirects=False, status=303)
    assert city.act("produsen", SHOW, id=dataset["id"])["id"] == id
