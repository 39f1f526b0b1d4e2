"""The monthly file by one page: uploaded, checked, and submitted when nothing was found in it."""

from __future__ import annotations

import io

import pytest

NEW = b"kecamatan,penduduk\nPontianak Kota,146000\nPontianak Barat,157100\n"
NIKS = b"catatan,nik\nContoh,6171014101900001\nContoh Dua,6171020202850002\n"


def _path(dataset) -> str:
    return f"/satudata/berkas/{dataset['name']}/unggah"


def _file(content: bytes = NEW, name: str = "oktober.csv"):
    return (io.BytesIO(content), name)


def _case(city, dataset, who="walidata"):
    return city.act(who, "satudata_classification_show", id=dataset["id"])


def test_the_page_is_for_who_brings_the_data(desk, city) -> None:
    dataset = city.publish()
    address = f"/dataset/{dataset['name']}"
    may = {"produsen", "produsen_2", "kepala_dinkes"}
    people = (*city.users, "admin", None)
    assert {who for who in people if _path(dataset) in desk.get(who, address).body} == may
    assert {who for who in people if desk.get(who, _path(dataset)).status == 200} == may
    assert desk.get(None, _path(dataset)).status == 302
    assert desk.get("warga", _path(dataset)).status == 403
    assert desk.get("produsen", "/satudata/berkas/tidak-ada/unggah").status == 404
    sent = {"upload": _file(), "resource": dataset["resources"][0]["id"]}
    assert desk.post("warga", _path(dataset), sent).status == 403
    assert _case(city, dataset)["case"] is None


def test_an_undecided_dataset_has_no_such_page(desk, city) -> None:
    dataset = city.dataset()
    assert _path(dataset) not in desk.get("produsen", f"/dataset/{dataset['name']}").body
    assert desk.get("produsen", _path(dataset)).status == 403


def test_a_clear_file_is_submitted_and_replaces_the_old_one(desk, city) -> None:
    dataset = city.publish()
    resource = dataset["resources"][0]
    page = desk.get("produsen", _path(dataset))
    assert f'<option value="{resource["id"]}" selected>' in page.body
    sent = {
        "upload": _file(),
        "resource": resource["id"],
        "name": "Data Oktober",
        "tahun": "2026",
    }
    done = desk.post("produsen", _path(dataset), sent)
    assert done.status == 302
    assert done.location.endswith(f"/satudata/berkas/{dataset['name']}")
    assert _case(city, dataset)["case"]["state"] == "verification"
    public = city.act(None, "package_show", id=dataset["id"])
    assert public["resources"][0]["hash"] == resource["hash"]
    assert (public["tahun"], public["resources"][0]["name"]) == ("2025", "Data")
    city.step("walidata", dataset, "approve")
    public = city.act(None, "package_show", id=dataset["id"])
    assert len(public["resources"]) == 1
    assert public["resources"][0]["id"] == resource["id"]
    assert public["resources"][0]["size"] == len(NEW)
    assert (public["tahun"], public["resources"][0]["name"]) == ("2026", "Data Oktober")


def test_nothing_goes_on_by_itself_where_the_proposal_denies_a_masked_file(desk, city) -> None:
    """The question of the case's page is asked here as well: the clerk goes on from there."""
    dataset = city.publish()
    rows = "\n".join(f"Qanari Zwuxtono {n},0{n % 9 + 1}/02/1990,{'LP'[n % 2]}" for n in range(16))
    people = f"nama,tanggal_lahir,jenis_kelamin\n{rows}\n".encode()
    sent = {"upload": _file(people, "warga.csv"), "resource": "baru", "tahun": "2025"}
    assert desk.post("produsen", _path(dataset), sent).status == 302
    version = next(s["version"] for s in _case(city, dataset, "produsen")["scans"] if s["findings"])
    plan = {"column-0": "drop", "column-1": "age_band", "column-2": "keep", "suppress_below": "5"}
    masked = f"/satudata/berkas/{dataset['name']}/samarkan/{version}"
    assert desk.post("produsen", masked, {**plan, "target": "replace"}).status == 302
    city.act("produsen", "package_patch", id=dataset["id"], data_pribadi="umum")
    further = {"upload": _file(), "resource": dataset["resources"][0]["id"], "tahun": "2025"}
    done = desk.post("produsen", _path(dataset), further)
    assert done.status == 302
    assert _case(city, dataset, "produsen")["case"]["state"] == "draft"
    page = desk.case("produsen", dataset)
    assert "Berkas sudah diunggah tetapi belum diajukan:" in page.text
    assert "memang benar, ajukan sekali lagi" in page.text
    city.act("produsen", "package_patch", id=dataset["id"], data_pribadi="dianonimkan")
    assert (
        desk.post(
            "produsen", _path(dataset), {**further, "upload": _file(NEW + b"Pontianak Utara,7\n")}
        ).status
        == 302
    )
    assert _case(city, dataset)["case"]["state"] == "verification"


def test_a_further_file_stands_beside_the_first(desk, city) -> None:
    dataset = city.publish()
    sent = {"upload": _file(), "resource": "baru", "name": "", "tahun": "2025"}
    assert desk.post("produsen", _path(dataset), sent).status == 302
    city.step("walidata", dataset, "approve")
    public = city.act(None, "package_show", id=dataset["id"])
    assert [r["name"] for r in public["resources"]] == ["Data", "oktober.csv"]
    # With two files nothing is chosen in advance: which one is replaced, a person says.
    assert " selected>" not in desk.get("produsen", _path(dataset)).body


def test_a_file_with_findings_waits_and_is_not_submitted(desk, city) -> None:
    dataset = city.publish()
    sent = {"upload": _file(NIKS), "resource": dataset["resources"][0]["id"]}
    done = desk.post("produsen", _path(dataset), sent)
    assert done.status == 302
    assert _case(city, dataset)["case"]["state"] == "draft"
    assert done.location.endswith(f"/satudata/berkas/{dataset['name']}")
    assert _path(dataset) in desk.case("produsen", dataset).body
    assert _path(dataset) not in desk.case("walidata", dataset).body
    # A clean file in its place goes on in the same case.
    sent = {"upload": _file(), "resource": dataset["resources"][0]["id"]}
    assert desk.post("produsen", _path(dataset), sent).status == 302
    shown = _case(city, dataset)
    assert shown["case"]["state"] == "verification"
    assert [scan["verdict"] for scan in shown["scans"]] == ["clear"]


def test_a_file_that_comes_during_the_check_waits_for_the_next_case(desk, city) -> None:
    dataset = city.publish()
    which = {"resource": dataset["resources"][0]["id"]}
    assert desk.post("produsen", _path(dataset), {"upload": _file(), **which}).status == 302
    before = _case(city, dataset)
    later = _file(NEW.replace(b"146000", b"146001"))
    done = desk.post("produsen", _path(dataset), {"upload": later, **which})
    assert done.status == 302
    assert done.location.endswith(f"/dataset/{dataset['name']}")
    after = _case(city, dataset)
    assert after["case"]["evidence"] == before["case"]["evidence"]
    city.step("walidata", dataset, "approve")
    assert _case(city, dataset)["case"]["state"] == "draft"


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({}, {"upload", "resource"}),
        ({"upload": (io.BytesIO(b""), "")}, {"upload"}),
        ({"upload": (io.BytesIO(b""), "kosong.csv")}, {"upload"}),
        ({"upload": "bukan berkas"}, {"upload"}),
        ({"upload": "file", "resource": "tidak-ada"}, {"resource"}),
        ({"upload": "file", "tahun": "tahun lalu"}, {"tahun"}),
        ({"upload": "same"}, {"upload"}),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(desk, city, csv_bytes, sent, wrong) -> None:
    dataset = city.publish()
    files = {"file": _file(), "same": _file(csv_bytes, "penduduk.csv")}
    values = {k: files.get(v, v) if isinstance(v, str) else v for k, v in sent.items()}
    if sent:
        values = {"resource": dataset["resources"][0]["id"], **values}
    page = desk.post("produsen", _path(dataset), values)
    assert page.status == 422
    assert {
        name
        for name in ("upload", "resource", "name", "tahun")
        if f'"road-{name}-error"' in page.body
    } == wrong
    assert 'role="alert"' in page.body
    assert _case(city, dataset)["case"] is None
    assert city.act("produsen", "package_show", id=dataset["id"])["tahun"] == "2025"


def test_personal_data_in_the_name_of_a_file_is_refused(desk, city) -> None:
    dataset = city.publish()
    which = {"resource": dataset["resources"][0]["id"]}
    sent = {"upload": _file(), "name": "Data 6171014101900001", **which}
    page = desk.post("produsen", _path(dataset), sent)
    assert page.status == 422
    assert 'id="road-name-error"' in page.body
    assert _case(city, dataset)["case"] is None


def test_why_it_is_not_submitted_is_said(desk, city) -> None:
    dataset = city.publish()
    city.act("produsen", "package_patch", id=dataset["id"], notes="")
    sent = {"upload": _file(), "resource": dataset["resources"][0]["id"]}
    done = desk.post("produsen", _path(dataset), sent)
    assert done.status == 302
    assert done.location.endswith(f"/satudata/berkas/{dataset['name']}")
    assert _case(city, dataset)["case"]["state"] == "draft"
