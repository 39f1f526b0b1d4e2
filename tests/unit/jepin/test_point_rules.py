"""Tables of points against their profiles, and how fresh each point is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.jepin.rules import outlines, point_rules
from ckanext.satudata_pontianak.jepin.rules.point_definition import profiles
from ckanext.satudata_pontianak.metadata.service import dataset_fields

NOW = dt.datetime(2026, 12, 1, 12, 0, tzinfo=days.CITY)
WIFI = {
    "kode": "WF-1", "nama": "Taman Contoh", "penyedia": "Penyedia Contoh", "jenis_tempat": "taman",
    "jam_buka": "24 jam", "kecepatan_mbps": "12.5", "keadaan": "berfungsi",
    "kelurahan": "61.71.01.1003", "lintang": "-0.04", "bujur": "109.34", "terlihat": "2026-11-30",
}  # fmt: skip
CAMERA = {
    "kode": "K-1", "nama": "Simpang Contoh", "pemilik": "Dishub", "tujuan": "lalu_lintas",
    "papan_pemberitahuan": "ada", "retensi_hari": "14", "keadaan": "berfungsi",
    "kelurahan": "61.71.01.1003", "lintang": "-0.04", "bujur": "109.34", "terlihat": "2026-11-30",
}  # fmt: skip
HOSPITAL = {
    "kode": "RS-1", "nama": "RS Contoh", "jenis_faskes": "rumah_sakit", "telepon": "0561-000000",
    "jam_buka": "24 jam", "igd": "ada", "tempat_tidur": "90", "tempat_tidur_kosong": "7",
    "dihitung_pada": "2026-12-01 07:00", "kelurahan": "61.71.01.1003", "lintang": "-0.04",
    "bujur": "109.34", "terlihat": "2026-11-30",
}  # fmt: skip


def table(name: str, *rows: dict[str, str], mark: str = ",", filename: str = "t.csv") -> Any:
    heads = list(rows[0])
    lines = [mark.join(heads), *(mark.join(row.get(h, "") for h in heads) for row in rows)]
    return point_rules.read(profiles()[name], filename, "\r\n".join(lines).encode(), NOW)


def said(found: Any) -> list[str]:
    return [str(problem) for problem in found.problems]


def test_the_choices_of_the_form_are_the_profiles() -> None:
    field = next(f for f in dataset_fields() if f["field_name"] == "profil_infrastruktur")
    assert {c["value"]: c["label"] for c in field["choices"]} == {
        name: profile.label for name, profile in profiles().items()
    }


@pytest.mark.parametrize("mark", [",", ";"])
def test_rows_that_fit_are_read_in_one_way_of_writing(mark: str) -> None:
    given = {**WIFI, "terlihat": "30/11/2026", "jenis_tempat": "Taman"}
    found = table("wifi", given, mark=mark)
    assert (found.problems, found.closed) == ([], [])
    assert found.rows[0]["terlihat"] == "2026-11-30"
    assert found.rows[0]["jenis_tempat"] == "taman"


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("kode", "", "something has to stand here"),
        ("kode", "A B", "letters, digits and hyphens"),
        ("nama", "x" * 121, "at most 120"),
        ("nama", "=1+1", "not allowed"),
        ("jenis_tempat", "gunung", "choose one of: taman"),
        ("kecepatan_mbps", "cepat", "a number is expected"),
        ("kecepatan_mbps", "-1", "not less than 0"),
        ("lintang", "-6.2", "not less than -0.2"),
        ("bujur", "", "something has to stand here"),
        ("kelurahan", "Menteng", "no village"),
        ("kelurahan", "61.71.01", "no village"),
        ("terlihat", "2026-02-30", "a day is expected"),
        ("terlihat", "2026-12-02", "the future"),
    ],
)
def test_a_cell_that_does_not_fit_is_told_by_row_and_column(column, value, why) -> None:
    wrong = {**WIFI, "kode": "WF-2", column: value}
    told = said(table("wifi", WIFI, wrong))
    assert len(told) == 1
    assert told[0].startswith(f"Row 3, column {column}: ")
    assert why in told[0]


WITHIN, BORDER = (109.342, -0.0405), (109.3474, -0.03834)


def test_a_position_lies_within_an_outline_on_its_border_or_outside() -> None:
    village, neighbour = "61.71.01.1003", "61.71.01.1002"
    assert len(outlines.outlines()) == 29
    assert outlines.away(village, WITHIN) == 0
    assert outlines.away(neighbour, WITHIN) > 500
    assert outlines.village_of(WITHIN, 0) == village
    for each in (village, neighbour):
        assert outlines.away(each, BORDER) < 5
    # A thousandth of a degree beside the westernmost corner of the city, on the equator: 111 m.
    east, north = min(
        position for areas in outlines.outlines().values() for position in areas[0][0]
    )
    beside = (east - 0.001, north)
    assert outlines.village_of(beside, 100) is None
    assert outlines.village_of(beside, 112) == "61.71.03.1001"


def test_borders_are_measured_of_near_villages_alone(monkeypatch) -> None:
    measured, looked = [], []
    distance, within = outlines._distance, outlines._within
    monkeypatch.setattr(
        outlines, "_distance", lambda *given: measured.append(1) or distance(*given)
    )
    monkeypatch.setattr(outlines, "_within", lambda *given: looked.append(1) or within(*given))
    assert outlines.village_of((109.6, 0.1), 30) is None
    assert not outlines.near("61.71.01.1003", (109.6, 0.1), 30)
    assert (measured, looked) == ([], [])
    assert outlines.village_of(WITHIN, 30) == "61.71.01.1003"
    assert (measured, len(looked) < 10) == ([], True)


def test_a_row_names_the_village_in_which_its_position_lies() -> None:
    def told(village: str, position: tuple[float, float]) -> list[str]:
        values = {"kelurahan": village, "bujur": str(position[0]), "lintang": str(position[1])}
        return said(table("wifi", {**WIFI, **values}))

    assert told("Akcaya", WITHIN) == [
        "Row 2, column kelurahan: Akcaya is named here, and the position lies in Benua Melayu Darat"
    ]
    assert told("Benuamelayu Darat", WITHIN) == []
    # The outlines are simplified: on the border either side may be named.
    assert told("Benuamelayu Darat", BORDER) == told("Benuamelayu Laut", BORDER) == []
    assert told("Akcaya", (109.45, 0.05)) == [
        "Row 2, column lintang: the position lies outside the city"
    ]
    # What everybody was shown once stays shown, whichever outlines are known today.
    wifi = profiles()["wifi"]
    assert point_rules.point(wifi, {**WIFI, "kelurahan": "61.71.01.1006"}, NOW) is not None


def test_a_heading_that_does_not_fit_is_told_before_any_row() -> None:
    without = {k: v for k, v in WIFI.items() if k != "bujur"}
    assert said(table("wifi", without)) == ["The column bujur is missing."]
    assert "no column pemilik_nik" in said(table("wifi", {**WIFI, "pemilik_nik": "1"}))[0]


def test_what_is_no_table_of_the_profile_is_refused() -> None:
    assert "CSV file" in said(table("wifi", WIFI, filename="t.xlsx"))[0]
    assert "UTF-8" in str(point_rules.read(profiles()["wifi"], "t.csv", b"\xff", NOW).problems[0])
    assert point_rules.read(profiles()["wifi"], "t.csv", b"", NOW).problems
    same = table("wifi", WIFI, {**WIFI, "kode": "wf-1"})
    assert "another row has this code" in said(same)[0]
    many = [{**WIFI, "kode": f"W{n}", "keadaan": "?"} for n in range(25)]
    assert said(table("wifi", *many))[-1].startswith("And 5 more")


@pytest.mark.parametrize(
    "address",
    ["rtsp://10.0.0.1/live", "http: //kamera", "RTSP di port 554", "10.20.30.40", "www.contoh.id",
     "bit.ly/kamera-alun", "kamera.contoh.xyz:8080", "cam.contoh.dev/live",
     "kamera.contoh.id/1", "live.m3u8", "fe80:1:2:3::1"],
)  # fmt: skip
def test_no_cell_of_a_camera_leads_to_its_picture(address: str) -> None:
    for column in ("nama", "pemilik", "nomor_perangkat"):
        told = said(table("cctv", {**CAMERA, column: address}))
        assert len(told) == 1, (column, told)
        assert "UU 27/2022" in told[0]
    assert "no column url" in said(table("cctv", {**CAMERA, "url": address}))[0]


def test_what_is_not_for_everybody_keeps_a_table_from_being_open() -> None:
    found = table("cctv", {**CAMERA, "nomor_perangkat": "SN-1"})
    assert not found.problems
    assert [str(m) for m in point_rules.too_open(found)]
    assert not point_rules.too_open(table("cctv", {**CAMERA, "nomor_perangkat": ""}))


def test_a_point_not_seen_for_long_is_marked() -> None:
    wifi = profiles()["wifi"]
    found = point_rules.point(wifi, WIFI, NOW)
    assert found is not None
    assert not point_rules.stand(wifi, found, NOW + dt.timedelta(days=89)).stale
    assert point_rules.stand(wifi, found, NOW + dt.timedelta(days=90)).stale
    assert point_rules.point(wifi, {**WIFI, "lintang": "95"}, NOW) is None


def test_beds_are_shown_for_hours_only() -> None:
    health = profiles()["kesehatan"]
    found = point_rules.point(health, HOSPITAL, NOW)
    assert found is not None
    fresh = dt.datetime(2026, 12, 1, 13, 0, tzinfo=days.CITY)
    assert not point_rules.stand(health, found, fresh).hidden
    late = point_rules.stand(health, found, fresh + dt.timedelta(minutes=1))
    assert late.hidden == {"tempat_tidur_kosong"}
    assert "dihitung_pada" in said(table("kesehatan", {**HOSPITAL, "dihitung_pada": ""}))[0]


def test_a_corrected_row_stands_in_the_place_of_the_old_one() -> None:
    wifi = profiles()["wifi"]
    before = table("wifi", WIFI, {**WIFI, "kode": "WF-2"})
    content = point_rules.written(wifi, before, "wf-1", {**WIFI, "nama": "Taman Baru"})
    content = point_rules.written(
        wifi, point_rules.read(wifi, "t.csv", content, NOW), "WF-3", {**WIFI, "kode": "WF-3"}
    )
    after = point_rules.read(wifi, "t.csv", content, NOW)
    assert not after.problems
    assert [(r["kode"], r["nama"]) for r in after.rows] == [
        ("WF-1", "Taman Baru"), ("WF-2", "Taman Contoh"), ("WF-3", "Taman Contoh")
    ]  # fmt: skip
    assert point_rules.read(wifi, "t.csv", point_rules.template(wifi), NOW).columns == list(
        wifi.columns
    )
