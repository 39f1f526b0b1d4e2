"""Workbooks that end in a signature: Walidata says once that the NIP may stay, not each month."""

from __future__ import annotations

import copy
import io
from typing import Any

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.classification.intake import shelf
from ckanext.satudata_pontianak.classification.records.model import Resolution
from ckanext.satudata_pontianak.ledger import service as ledger

from ...refusals import refusal_of
from .test_intake_pages import AXES, TITLE, TYPED, brought, values_of, workbook

SIGNER, OTHER = "19700101 199503 1 001", "19710203 199604 2 002"


def _rows(month: str, more: int, nip: str = SIGNER) -> list[list[Any]]:
    wards = ["Kota", "Barat", "Timur", "Utara", "Selatan", "Tenggara"]
    return [
        ["PEMERINTAH KOTA PONTIANAK"],
        ["DINAS KESEHATAN"],
        [],
        [f"{TITLE} di Kota Pontianak Bulan {month} 2026"],
        ["Satuan: Kasus"],
        [],
        ["No.", "Kecamatan", "Laki-laki", "Perempuan"],
        *([n + 1, f"Pontianak {ward}", more + n, more + 2 * n] for n, ward in enumerate(wards)),
        [],
        [None, None, None, f"Pontianak, 3 {month} 2026"],
        [None, None, None, "Kepala Dinas"],
        [],
        [None, None, None, "Contoh Nama"],
        [None, None, None, f"NIP. {nip}"],
    ]


OCTOBER, NOVEMBER, DECEMBER = _rows("Oktober", 10), _rows("November", 20), _rows("Desember", 30)


@pytest.fixture
def dataset(desk, city) -> dict[str, Any]:
    """Return an open dataset of a signed workbook, whose NIP Walidata said may stay."""
    for id_ in shelf.ids():
        shelf.remove(id_)
    city.act("admin", "organization_patch", id="dinkes", kotak_surat="data@dinkes.go.id")
    address = brought(desk, content=workbook(copy.deepcopy(OCTOBER)))
    desk.post("produsen", address, {**values_of(address), **TYPED, "langkah": "semua"})
    done = desk.post("produsen", f"{address}/klasifikasi", {**AXES, "langkah": "ajukan"})
    found = city.act("produsen", "package_show", id=done.location.rsplit("/", 1)[1])
    with refusal_of("transition", code="scans_clear"):
        city.step("walidata", found, "approve")
    page = desk.case("walidata", found)
    sent = next(h for h in page.hidden("/temuan") if h.get("resolution"))
    assert desk.post("walidata", f"/satudata/berkas/{found['name']}/temuan", sent).status == 302
    city.step("walidata", found, "approve")
    return city.act("produsen", "package_show", id=found["id"])


def _bring(desk, dataset, rows: list[list[Any]]) -> None:
    """Take the three acts of a month: open the page, choose the file, submit what was read."""
    home = f"/satudata/berkas/{dataset['name']}/unggah"
    assert desk.get("produsen", home).status == 200
    original = next(r["id"] for r in dataset["resources"] if r["format"] == "XLSX")
    file = (io.BytesIO(workbook(copy.deepcopy(rows))), "berikutnya.xlsx")
    chosen = desk.post("produsen", home, {"upload": file, "resource": original})
    assert chosen.status == 302, chosen.text
    address = chosen.location.partition("://")[2].partition("/")[2].join(("/", ""))
    done = desk.post("produsen", address, {"langkah": "ajukan", "tahun": "2026"})
    assert done.status == 302, done.text


def _findings(city, dataset) -> tuple[str, list[dict[str, Any]]]:
    shown = city.act("walidata", "satudata_classification_show", id=dataset["id"])
    found = [item for scan in shown["scans"] for item in scan["findings"]]
    return shown["case"]["state"], found


def _carried(dataset) -> list[str]:
    query = sa.select(ledger.entry_table.c.body).where(
        ledger.entry_table.c.event == "finding.carry"
    )
    bodies = model.Session.scalars(query)
    return [str(body) for body in bodies if body["dataset"] == dataset["id"]]


def test_a_signed_monthly_file_takes_three_acts_and_walidata_approves_it(
    desk, city, dataset
) -> None:
    for rows in (NOVEMBER, DECEMBER):
        _bring(desk, dataset, rows)
        state, found = _findings(city, dataset)
        assert state == "verification"
        assert [(f["signs"], f["resolution"], f["carried"]) for f in found] == [
            (True, "lawfully_public", True)
        ]
        page = desk.case("walidata", dataset)
        assert "tanda tangannya di tempat yang sama" in page.text
        assert "Ini bukan pembaruan" not in page.text
        assert "approve" in page.steps
        assert city.step("walidata", dataset, "approve")["decision"]["level"] == "biasa"
    entries = _carried(dataset)
    assert len(entries) == 2
    kept = [row.reason for row in model.Session.scalars(sa.select(Resolution))]
    for text in (*entries, *kept):
        assert SIGNER not in text
        assert SIGNER.replace(" ", "") not in text


def test_an_nip_in_the_table_or_a_second_one_below_it_is_asked_anew(desk, city, dataset) -> None:
    within = copy.deepcopy(NOVEMBER)
    within[8][3] = f"NIP. {OTHER}"
    second = [*copy.deepcopy(NOVEMBER), [None, None, None, f"NIP. {OTHER}"]]
    for rows in (within, second):
        _bring(desk, dataset, rows)
        _, found = _findings(city, dataset)
        assert found
        assert not any(item["carried"] or item["resolution"] for item in found)
        shown = city.act("produsen", "satudata_classification_show", id=dataset["id"])
        step = {"draft": "withdraw", "verification": "recall"}[shown["case"]["state"]]
        city.step("produsen", dataset, step, **({"catatan": "Keliru"} if step == "recall" else {}))
    assert _carried(dataset) == []


def test_what_was_said_of_another_place_or_is_held_is_asked_anew(desk, city, dataset) -> None:
    moved = copy.deepcopy(NOVEMBER)
    moved[-1] = [None, None, f"NIP. {SIGNER}"]
    _bring(desk, dataset, moved)
    _, found = _findings(city, dataset)
    assert [(f["signs"], f["resolution"], f["carried"]) for f in found] == [(True, None, False)]
