"""A workbook's tidy table stands first, for whoever may have it, while the workbook is the same."""

from __future__ import annotations

from typing import Any

import pytest

from ckan import model

from ckanext.satudata_pontianak.access.quality import facts
from ckanext.satudata_pontianak.access.reading.lead import TIDIED_OF
from ckanext.satudata_pontianak.classification.intake import shelf
from ckanext.satudata_pontianak.classification.records import reads
from ckanext.satudata_pontianak.classification.versions import tables

from .test_intake_pages import AXES, TYPED, brought, values_of, workbook
from .test_next_file_page import _address, _send


def make_tables(dataset: dict[str, Any]) -> None:
    """Do what the worker does after a decision."""
    served = [v.id for _, v in reads.pointers_of([dataset["id"]]).values()]
    model.Session.rollback()
    for version in served:
        tables.load(version)


@pytest.fixture
def submitted(desk, city) -> dict[str, Any]:
    """Return a dataset made of a workbook with letterhead and a heading of two rows."""
    for id_ in shelf.ids():
        shelf.remove(id_)
    city.act("admin", "organization_patch", id="dinkes", kotak_surat="data@dinkes.go.id")
    address = brought(desk, content=workbook())
    desk.post("produsen", address, {**values_of(address), **TYPED, "langkah": "semua"})
    done = desk.post("produsen", f"{address}/klasifikasi", {**AXES, "langkah": "ajukan"})
    assert done.status == 302, done.text
    return city.act("produsen", "package_show", id=done.location.rsplit("/", 1)[1])


@pytest.fixture
def opened(city, submitted) -> dict[str, Any]:
    """Return it after Walidata approved it and its tables were made."""
    city.step("walidata", submitted, "approve")
    make_tables(submitted)
    return city.act(None, "package_show", id=submitted["id"])


def of_format(dataset: dict[str, Any], name: str) -> dict[str, Any]:
    return next(r for r in dataset["resources"] if r["format"] == name)


def address(dataset: dict[str, Any], resource: dict[str, Any], leaf: str = "") -> str:
    return f"/dataset/{dataset['name']}/resource/{resource['id']}{leaf}"


def test_the_page_of_a_dataset_is_about_its_tidy_table(desk, city, opened) -> None:
    book, tidy = of_format(opened, "XLSX"), of_format(opened, "CSV")
    assert tidy[TIDIED_OF] == book["id"]
    assert TIDIED_OF not in book
    page = desk.get(None, f"/dataset/{opened['name']}").body
    head = page.partition('class="sd-dataset-head"')[2].partition("</header>")[0]
    main = head.partition('class="btn btn-primary" href="')[2].partition('"')[0]
    assert main == tidy["url"]
    assert head.index(tidy["url"]) < head.index(book["url"])
    assert address(opened, tidy, "/tabel.xlsx") in head
    assert address(opened, book, "/tabel.xlsx") not in head
    rows = page.partition('id="sd-first-rows"')[2].partition("</table>")[0]
    assert "Laki-laki" in rows
    assert "kolom_" not in rows
    assert "PEMERINTAH" not in rows
    programs = page.partition('id="sd-programs-title"')[2].partition("</section>")[0]
    assert tidy["id"] in programs
    assert book["id"] not in programs
    assert address(opened, tidy, "/grafik.svg") in page
    files = page.partition('id="dataset-resources"')[2].partition("</section>")[0]
    assert files.index(tidy["id"]) < files.index(book["id"])


@pytest.mark.parametrize("leaf", ["", "/tabel", "/grafik"])
def test_the_pages_of_the_workbook_lead_to_the_tidy_table(desk, opened, leaf) -> None:
    book, tidy = of_format(opened, "XLSX"), of_format(opened, "CSV")
    said = f'href="{address(opened, tidy, leaf)}">Buka tabel rapi'
    assert said in desk.get(None, address(opened, book, leaf)).body
    assert "Buka tabel rapi" not in desk.get(None, address(opened, tidy, leaf)).body


def test_a_program_reads_the_tidy_table_and_the_workbook_is_none(city, submitted) -> None:
    def told(dataset: dict[str, Any]) -> dict[str, bool]:
        found = facts.of_dataset(dataset, facts.waiting(dataset))
        return {file.format: file.table for file in found.files}

    # Also before a worker brought its rows into the database.
    assert told(submitted) == {"CSV": True, "XLSX": False}
    city.step("walidata", submitted, "approve")
    make_tables(submitted)
    assert told(city.act(None, "package_show", id=submitted["id"])) == {"CSV": True, "XLSX": False}


def test_what_a_reader_may_not_have_leads_nobody(desk, city, opened) -> None:
    reason = "Perlu diperiksa lagi"
    city.act("walidata", "satudata_hold_create", id=opened["id"], scope="data", reason=reason)
    shown = city.act(None, "package_show", id=opened["id"])
    assert not any(TIDIED_OF in r or r["url"] for r in shown["resources"])
    page = desk.get(None, f"/dataset/{opened['name']}").body
    for file in opened["resources"]:
        assert f'href="{file["url"]}"' not in page


def test_a_table_of_an_older_workbook_leads_no_more(desk, city, opened) -> None:
    where = _address(_send(desk, opened, [["Hanya judul"]]))
    done = desk.post("produsen", where, {"langkah": "asli", "tahun": "2026"})
    assert done.status == 302, done.text
    city.step("walidata", opened, "approve")
    make_tables(opened)
    shown = city.act(None, "package_show", id=opened["id"])
    assert not any(TIDIED_OF in r for r in shown["resources"])
    assert "Buka tabel rapi" not in desk.get(None, f"/dataset/{opened['name']}").body
