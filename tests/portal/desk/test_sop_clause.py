"""Each screen of the workflow says which row of which SOP it carries out, and in what time."""

from __future__ import annotations

import datetime as dt
import re

from ckanext.satudata_pontianak import days

ROW = re.compile(r'href="[^"]*/satudata/sop/([a-z-]+)#langkah-(\d+)"')


def rows(page) -> set[str]:
    """Return the SOPs that a page names, with their rows."""
    return {f"{name} {number}" for name, number in ROW.findall(page.body)}


def names(page) -> set[str]:
    return {row.split()[0] for row in rows(page)}


def test_each_step_of_a_case_names_its_row_and_the_time_left(desk, city) -> None:
    dataset = city.dataset()
    page = desk.case("produsen", dataset)
    assert "SOP-SDP-01" in page.body
    assert len(rows(page)) >= 2
    city.step("produsen", dataset, "submit")
    for path in ("/satudata/antrean", f"/satudata/berkas/{dataset['name']}"):
        page = desk.get("walidata", path)
        assert "publikasi" in names(page)
        assert "satudata-overdue" not in page.body
        assert re.search(r"tersisa \d+ hari", page.text)


def test_the_other_screens_name_the_row_that_they_carry_out(desk, city) -> None:
    dataset = city.publish()
    name = dataset["name"]
    for who, path, document in (
        ("walidata", f"/satudata/berkas/{name}/buka", "klasifikasi"),
        ("walidata", f"/satudata/berkas/{name}/tahan", "penarikan"),
        ("walidata", f"/satudata/berkas/{name}/versi-lama", "publikasi"),
        ("produsen", f"/satudata/berkas/{name}/unggah", "data-pribadi"),
        ("admin", f"/satudata/berkas/{name}/akses-darurat", "akun-hak-akses"),
        ("walidata", "/satudata/perangkat-daerah/diskominfo/pelimpahan", "akun-hak-akses"),
    ):
        assert names(desk.get(who, path)) == {document}, path
    city.act("walidata", "satudata_hold_create", id=name, scope="data", reason="Diperiksa dulu.")
    hold = city.act("ppid", "satudata_classification_show", id=name)["holds"][0]["id"]
    assert names(desk.get("ppid", f"/satudata/berkas/{name}/lepas/{hold}")) == {"penarikan"}


def test_a_request_names_the_rows_of_asking_and_answering(desk, city) -> None:
    dataset = city.limit()
    asked = desk.get("warga", f"/satudata/akses/{dataset['name']}")
    assert names(asked) == {"permintaan-akses"}
    until = (days.today() + dt.timedelta(days=30)).isoformat()
    purpose = "Penelitian tentang ketersediaan obat."
    made = city.act(
        "warga", "satudata_access_request_create", id=dataset["id"], purpose=purpose, until=until
    )
    page = desk.get("ppid", f"/satudata/permohonan/{made['id']}")
    assert len(rows(page)) >= 3
    assert names(page) == {"permintaan-akses"}
