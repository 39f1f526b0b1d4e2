"""A clerk publishes a messy workbook, the first of its kind: acts and typed fields are counted."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("produsen_dinkes")  # whose files it brings

MADE = Path(__file__).parents[2] / "workbooks" / "made.py"
ODDITIES = {"letterhead", "measure above the years"}
"""Of the workbook that is brought: an office's letterhead, and a heading of two rows, joined."""
OPEN = {"jenis_informasi": "berkala", "tingkat_keamanan": "biasa", "data_pribadi": "tidak_ada"}
TYPED = {"definisi": "Bayi yang sudah mendapat semua imunisasi dasar."}


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workbook of Dinas Kesehatan as agencies send them."""
    spec = importlib.util.spec_from_file_location("workbooks_made", MADE)
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    sys.modules["workbooks_made"] = module
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("workbooks")
    return next(
        folder / truth.file
        for truth in module.make(folder)
        if truth.agency == "dinkes" and set(truth.oddities) >= ODDITIES
    )


def test_a_clerk_publishes_a_workbook_with_a_letterhead_and_a_joined_heading(
    visit, hands, workbook, site
) -> None:
    page = visit("produsen_dinkes")
    page.goto("/satudata/meja")
    clerk = hands(page)
    clerk.click("#content a[href$='/satudata/unggah']")
    clerk.choose("#road-upload", workbook.name, workbook.read_bytes())
    clerk.click("#content form[enctype] button[type=submit]")
    page.wait_for_selector("#intake-rows")
    site.shoot(page, "berkas-terbaca")
    # What is offered is accepted together, which is no act of anybody who types.
    page.click("button[value=semua]")
    page.wait_for_load_state("networkidle")
    for name, value in TYPED.items():
        clerk.fill(f"#road-{name}", value)
    clerk.click("#intake-form button[value=lanjut]")
    page.wait_for_selector("#intake-axes")
    for axis, value in OPEN.items():
        assert page.locator(f"#road-{axis}").input_value() == ""
        clerk.fill(f"#road-{axis}", value)
    site.shoot(page, "berkas-klasifikasi")
    clerk.click("#intake-axes button[value=ajukan]")
    clerk.done()
    expect(page.locator("#case-state")).to_contain_text("Diperiksa Walidata")
    assert clerk.count <= 10
    assert len(TYPED) <= 2


@pytest.fixture
def following(workbook, tmp_path) -> Path:
    """Return the same workbook a year later: other figures, another year in its headings."""
    book = openpyxl.load_workbook(workbook)
    changed = 0
    for sheet in book.worksheets:
        for line in sheet.iter_rows():
            for cell in line:
                figure = type(cell.value) in (int, float) and cell.column > 2
                if figure and not 1990 < cell.value < 2100 and changed < 3:
                    cell.value, changed = cell.value + 1, changed + 1
    assert changed
    path = tmp_path / workbook.name
    book.save(path)
    return path


def test_the_next_file_takes_three_acts_and_a_sister_six(
    visit, hands, api, workbook, following, site
) -> None:
    page = visit("produsen_dinkes")
    page.goto("/satudata/unggah")
    page.set_input_files("#road-upload", str(workbook))
    page.click("#content form[enctype] button[type=submit]")
    page.wait_for_selector("#intake-rows")
    page.fill("#road-title", "Berkas yang datang tiap bulan")
    page.click("button[value=semua]")
    page.wait_for_load_state("networkidle")
    for name, value in TYPED.items():
        page.fill(f"#road-{name}", value)
    page.click("#intake-form button[value=lanjut]")
    page.wait_for_selector("#intake-axes")
    for axis, value in OPEN.items():
        page.select_option(f"#road-{axis}", value)
    page.click("#intake-axes button[value=ajukan]")
    page.wait_for_selector("#case-state")
    name = page.url.rstrip("/").rsplit("/", 1)[1]
    api("walidata", "satudata_classification_transition", id=name, transition="approve")

    page.goto(f"/dataset/{name}")
    clerk = hands(page)
    clerk.choose("#next-file-upload", following.name, following.read_bytes())
    clerk.click("#next-file-form button.btn-primary")
    page.wait_for_selector("#intake-fits")
    site.shoot(page, "berkas-berikutnya")
    clerk.click("#intake-next button[value=ajukan]")
    clerk.done()
    expect(page.locator("#case-state")).to_contain_text("Diperiksa Walidata")
    assert clerk.count <= 3

    # And a dataset of its own like this one: the year that follows, by the same recipe.
    page.goto(f"/dataset/{name}")
    sister = hands(page)
    sister.choose("#next-file-upload", following.name, following.read_bytes())
    sister.click("#next-file-form button[value=seperti]")
    page.wait_for_url(lambda url: url.rstrip("/").startswith(f"{site.url}/satudata/unggah"))
    assert page.url.endswith("/klasifikasi"), page.locator("#content").inner_text()
    site.shoot(page, "berkas-seperti")
    for axis, value in OPEN.items():
        assert page.locator(f"#road-{axis}").input_value() == ""
        sister.fill(f"#road-{axis}", value)
    sister.click("#intake-axes button[value=ajukan]")
    sister.done()
    expect(page.locator("#case-state")).to_contain_text("Diperiksa Walidata")
    assert sister.count <= 6


@pytest.mark.parametrize("size", [{"width": 360, "height": 740}])
def test_the_steps_work_on_a_phone_and_by_keyboard(visit, workbook, size) -> None:
    page = visit("produsen_dinkes", size=size)
    page.goto("/satudata/unggah")
    page.set_input_files("#road-upload", str(workbook))
    page.focus("#content form[enctype] button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#intake-rows")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= size["width"]
    # Enter in a field goes on, as the first button does.
    page.fill("#road-title", "")
    page.focus("#road-title")
    page.keyboard.press("Enter")
    expect(page.locator("#satudata-errors")).to_be_visible()
    expect(page.locator("#road-title-error")).to_be_visible()
    page.click("text=Hapus berkas")
    page.wait_for_url(lambda url: url.endswith("/satudata/unggah"))
