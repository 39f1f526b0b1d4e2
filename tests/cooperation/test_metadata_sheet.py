"""The metadata of many datasets: one sheet, changed, looked at and taken over by its page."""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import Workbook, load_workbook
from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.bulk.fields import ID, STATE
from ckanext.satudata_pontianak.bulk.round_trip import workbook

PAGE = "/satudata/metadata"
NIK = "6171014101900001"
ACTION = "satudata_metadata_import"
HEADS = {
    ID: "Id di portal",
    "satuan": "Satuan",
    "title": "Judul",
    "frekuensi_penerbitan": "Frekuensi penerbitan",
}


def downloaded(city, app, who: str = "produsen", agency: str = "") -> bytes:
    query = f"?agency={agency}" if agency else ""
    answer = app.get(f"{PAGE}/metadata.xlsx{query}", headers=city.token(who))
    assert answer.status_code == 200
    return answer.data


def column(sheet: Any, name: str) -> int:
    heads = {cell.value: cell.column for cell in sheet[1]}
    return heads[HEADS[name]]


def edited(content: bytes, changes: Mapping[tuple[str, str], str]) -> bytes:
    """Change cells: (id of the dataset, field) → text."""
    book = load_workbook(io.BytesIO(content))
    sheet: Any = book.worksheets[0]
    for row in range(2, sheet.max_row + 1):
        for (dataset, name), text in changes.items():
            if sheet.cell(row, column(sheet, ID)).value == dataset:
                sheet.cell(row, column(sheet, name)).value = text
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def rows_of(content: bytes) -> int:
    sheet: Any = load_workbook(io.BytesIO(content)).worksheets[0]
    return sheet.max_row - 1


def bring(city, content: bytes, who: str = "produsen", *, apply: bool = False) -> dict[str, Any]:
    upload = FileStorage(io.BytesIO(content), filename="metadata.xlsx")
    return city.act(who, ACTION, upload=upload, apply=apply)


def outcomes(found: Mapping[str, Any]) -> dict[str, str]:
    return {row["name"]: row["outcome"] for row in found["rows"]}


def stored(city, dataset) -> str:
    return city.act("produsen", "package_show", id=dataset["id"])["satuan"]


def sent(app, city, content: bytes, what: str, who: str = "produsen") -> Any:
    fields = {"upload": (io.BytesIO(content), "metadata.xlsx"), "apply": what}
    return app.post(PAGE, data=fields, headers=city.token(who), follow_redirects=False)


def test_many_datasets_are_changed_by_one_sheet_on_the_page(city, app) -> None:
    made = [city.dataset(title=f"Contoh {n}") for n in range(3)]
    page = app.get(PAGE, headers=city.token("produsen"))
    assert page.status_code == 200
    assert "metadata.xlsx?agency=dinkes" in page.body
    content = downloaded(city, app)
    assert rows_of(content) == 3
    assert outcomes(bring(city, content, apply=True)) == {d["name"]: "same" for d in made}
    changed = edited(content, {(made[0]["id"], "satuan"): "Pos", (made[1]["id"], "title"): "Baru"})
    seen = sent(app, city, changed, "look")
    assert "<ins>Pos</ins>" in seen.body
    assert "<ins>Baru</ins>" in seen.body
    assert stored(city, made[0]) == made[0]["satuan"] != "Pos"
    assert sent(app, city, changed, "apply").status_code == 200
    assert stored(city, made[0]) == "Pos"
    assert city.act("produsen", "package_show", id=made[1]["id"])["title"] == "Baru"
    again = bring(city, changed, apply=True)
    assert again["counts"] == {"changed": 0, "same": 3, "differs": 0, "wrong": 0}


def checked_of(body: str) -> str:
    return re.findall(
        r'(?:name="checked" value="|/satudata/metadata/catatan/)([0-9a-f]{64})"', body
    )[0]


def confirmed(app, city, checked: str, who: str = "produsen") -> Any:
    fields = {"checked": checked, "apply": "apply"}
    return app.post(PAGE, data=fields, headers=city.token(who), follow_redirects=False)


def test_what_was_looked_at_is_applied_without_choosing_the_file_again(city, app) -> None:
    dataset = city.dataset(title="Contoh")
    content = edited(downloaded(city, app), {(dataset["id"], "satuan"): "Pos"})
    seen = sent(app, city, content, "look")
    checked = checked_of(seen.body)
    assert stored(city, dataset) != "Pos"
    assert confirmed(app, city, "0" * 64).status_code == 422
    assert confirmed(app, city, checked, "produsen_lain").status_code == 422
    assert stored(city, dataset) != "Pos"
    assert confirmed(app, city, checked).status_code == 200
    assert stored(city, dataset) == "Pos"
    # Applied, it is not kept any longer.
    assert confirmed(app, city, checked).status_code == 422


def test_a_sheet_with_faults_comes_back_with_remarks_in_its_cells(city, app) -> None:
    dataset = city.dataset(title="Contoh")
    changes = {
        (dataset["id"], "frekuensi_penerbitan"): "tiap bulan",
        (dataset["id"], "satuan"): "Pos",
    }
    seen = sent(app, city, edited(downloaded(city, app), changes), "look")
    assert 'name="checked"' not in seen.body
    path = f"{PAGE}/catatan/{checked_of(seen.body)}"
    answer = app.get(path, headers=city.token("produsen"))
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]
    sheet: Any = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    cell = sheet.cell(2, column(sheet, "frekuensi_penerbitan"))
    assert cell.value == "tiap bulan"
    assert "Bulanan" in cell.comment.text
    assert sheet.cell(2, column(sheet, "satuan")).value == "Pos"
    # Mended and brought back, it is taken.
    mended = edited(answer.data, {(dataset["id"], "frekuensi_penerbitan"): "Bulanan"})
    assert outcomes(bring(city, mended, apply=True)) == {dataset["name"]: "changed"}
    for who in ("produsen_lain", "produsen"):
        other = path if who != "produsen" else f"{PAGE}/catatan/tiada"
        assert app.get(other, headers=city.token(who)).status_code == 404
    assert app.get(path, headers=city.token("warga")).status_code == 403


def test_what_was_changed_since_is_told_and_left_as_it_is(city, app) -> None:
    first, second = (city.dataset(title=f"Contoh {n}") for n in range(2))
    content = downloaded(city, app)
    city.act("produsen", "package_patch", id=first["id"], satuan="Gedung")
    changed = edited(content, {(d["id"], "satuan"): "Pos" for d in (first, second)})
    found = bring(city, changed, apply=True)
    assert outcomes(found) == {first["name"]: "differs", second["name"]: "changed"}
    assert (stored(city, first), stored(city, second)) == ("Gedung", "Pos")


def test_what_another_is_writing_meanwhile_is_waited_for_and_not_written_over(city, app) -> None:
    dataset = city.dataset(title="Contoh")
    content = edited(downloaded(city, app), {(dataset["id"], "satuan"): "Pos"})
    model.Session.remove()
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    seen: list[bool] = []
    engine = model.meta.engine
    with engine.connect() as other, engine.connect() as watch:
        other.execute(
            sa.text(
                "UPDATE package SET title = 'Lain', metadata_modified = metadata_modified "
                "+ interval '1 second' WHERE id = :id"
            ),
            {"id": dataset["id"]},
        )

        def let_go() -> None:
            until = time.monotonic() + 60
            while not seen and time.monotonic() < until:
                seen.extend([True] * min(1, int(watch.execute(waiting).scalar_one())))
                watch.rollback()
            other.commit()

        thread = threading.Thread(target=let_go)
        thread.start()
        try:
            found = bring(city, content, apply=True)
        finally:
            thread.join()
    assert seen == [True]
    assert outcomes(found) == {dataset["name"]: "differs"}
    assert stored(city, dataset) == dataset["satuan"]
    assert city.act("produsen", "package_show", id=dataset["id"])["title"] == "Lain"


def test_nothing_is_changed_while_a_row_is_wrong_and_its_cell_is_named(city, app) -> None:
    first, second = (city.dataset(title=f"Contoh {n}") for n in range(2))
    content = downloaded(city, app)
    cells = {(first["id"], "satuan"): "Pos", (second["id"], "title"): f"Warga {NIK}"}
    seen = sent(app, city, edited(content, cells), "apply")
    assert "Judul" in seen.body.partition("satudata-error")[2]
    assert NIK not in seen.body
    assert stored(city, first) != "Pos"
    found = bring(city, edited(content, {(second["id"], "title"): ""}), apply=True)
    assert outcomes(found)[second["name"]] == "wrong"


def test_a_row_of_another_agency_answers_as_an_unknown_one(city, app) -> None:
    mine, other = (
        city.dataset(title="Contoh"),
        city.dataset("produsen_lain", title="Lain", owner_org="disdukcapil"),
    )
    content = downloaded(city, app)
    answers = []
    for dataset_id in (other["id"], "tiada", "", "tidak/ada"):
        changed = edited(content, {(mine["id"], ID): dataset_id, (mine["id"], "satuan"): "Pos"})
        (row,) = bring(city, changed, apply=True)["rows"]
        answers.append((row["outcome"], row["errors"], row["changes"], row["title"]))
    assert len({str(each) for each in answers}) == 1
    assert rows_of(downloaded(city, app, agency=other["owner_org"])) == 0
    assert rows_of(downloaded(city, app, agency="tiada")) == 0


@pytest.mark.parametrize("who", ["warga", "admin"])
def test_who_publishes_for_nobody_has_no_sheet(city, app, who) -> None:
    for path in (PAGE, f"{PAGE}/metadata.xlsx"):
        assert app.get(path, headers=city.token(who)).status_code == 403
    with pytest.raises(tk.NotAuthorized):
        bring(city, b"", who)


def _book(*lines: list[str]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for line in lines:
        book.worksheets[0].append(line)
    book.save(out)
    return out.getvalue()


def test_strange_sheets_are_refused_and_change_nothing(city, app) -> None:
    dataset = city.dataset(title="Contoh")
    whole = workbook([dataset], str, lambda shown: "0")
    many = _book([ID, STATE, "satuan"], *([dataset["id"], "0", "Pos"] for _ in range(501)))
    axes = _book([ID, STATE, "tingkat_keamanan"], [dataset["id"], "0", "biasa"])
    lacking = _book(["title", "satuan"], ["Contoh", "Pos"])
    for content in (b"", b"PK\x03\x04 none", whole[:300], many, axes, lacking):
        with pytest.raises(tk.ValidationError) as refused:
            bring(city, content, apply=True)
        assert "upload" in refused.value.error_dict
    twice = _book([ID, STATE, "satuan"], *([dataset["id"], "0", "Pos"] for _ in range(2)))
    assert bring(city, twice, apply=True)["counts"]["wrong"] == 1
    bare = _book([ID, STATE, "satuan"], [dataset["id"], "", "Pos"])
    assert bring(city, bare, apply=True)["counts"]["wrong"] == 1
    assert stored(city, dataset) != "Pos"
