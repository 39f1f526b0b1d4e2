"""Lists of apps: looked at row by row, taken over once, given back to be changed."""

from __future__ import annotations

import io
import json
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.cli.cli import ckan

from ckanext.satudata_pontianak.sop.files import official_files

from ..refusals import refusal_of
from .apps import app_of, publish_app

MENU = [
    {"id": 1, "user_id": 77, "parent_id": None, "name": "Kesehatan", "slug": "kesehatan",
     "type_access": "direct", "logo": "a.png", "url": "https://sehat.contoh.pontianak.go.id",
     "position": 1},
    {"id": 2, "user_id": 78, "parent_id": 1, "name": "Antrean", "slug": "antrean",
     "type_access": "blank", "logo": "b.png", "url": "https://antrean.contoh.pontianak.go.id",
     "position": 2},
]  # fmt: skip


def bring(city, who: str, content: bytes, name: str, **more: Any) -> dict[str, Any]:
    upload = FileStorage(io.BytesIO(content), filename=name)
    return city.act(who, "satudata_jepin_import", upload=upload, **more)


def menu(city, who="produsen", rows=MENU, **more):
    more = {"agency": "dinkes", **more}
    return bring(city, who, json.dumps({"menu_services": rows}).encode(), "menu.json", **more)


def workbook(heads, rows) -> bytes:
    return official_files.workbook(
        {"caption": "Aplikasi", "heads": heads, "rows": rows, "widths": ()}
    )


def packages() -> int:
    model.Session.rollback()
    return model.Session.scalar(sa.select(sa.func.count()).select_from(model.Package)) or 0


def test_the_menu_of_the_citys_app_is_looked_at_taken_over_and_nothing_the_second_time(city):
    found = menu(city)
    assert (found["applied"], found["counts"]["new"], packages()) == (False, 2, 0)
    done = menu(city, apply=True)
    assert (done["applied"], packages()) == (True, 2)
    made = city.act("produsen", "package_show", id="dinkes-antrean")
    assert (made["type"], made["url"]) == ("layanan", MENU[1]["url"])
    assert (made["urutan_jepin"], made["tampil_di_jepin"]) == ("2", "ya")
    assert made["satudata_case"]["state"] == "draft"
    assert not any(made["satudata_case"]["proposal"].get(axis) for axis in ("tingkat_keamanan",))
    shown = city.act("produsen", "satudata_jepin_app_show", id=made["id"])
    assert shown["parent"]["name"] == "dinkes-kesehatan"
    held = model.Package.get(made["id"]).extras
    assert not {"user_id", "type_access", "logo"} & set(held)
    assert not {78, "78"} & {*held.values()}
    again = menu(city, apply=True)
    counts = {"new": 0, "changed": 0, "same": 2, "differs": 0, "wrong": 0}
    assert (again["counts"], packages()) == (counts, 2)
    with pytest.raises(tk.ObjectNotFound):
        city.act(None, "package_show", id=made["id"])


def test_a_wrong_row_says_what_is_wrong_and_nothing_is_taken_over(city):
    heads = ["name", "title", "owner_org", "url", "ketersediaan_persen", "parent", "notes"]
    rows = [
        ["dinkes-a", "Aplikasi A", "dinkes", "https://a.contoh.pontianak.go.id", "99,5", "", ""],
        ["dinkes-b", "", "dinkes", "", "", "", ""],
        ["dinkes-c", "Aplikasi C", "tidak-ada", "", "", "", ""],
        ["dinkes-d", "Aplikasi D", "disdukcapil", "", "", "", ""],
        ["dinkes-e", "Aplikasi E", "dinkes", "javascript:alert(1)", "150", "", ""],
        ["dinkes-a", "Aplikasi F", "dinkes", "", "", "", ""],
        ["dinkes-g", "Aplikasi G", "dinkes", "", "", "tidak-ada", ""],
        ["dinkes-h", "Aplikasi H", "dinkes", "", "", "", "NIK 6171014101900001"],
    ]
    found = bring(city, "produsen", workbook(heads, rows), "a.xlsx", apply=True)
    assert (found["applied"], packages()) == (False, 0)
    wrong = {row["number"]: {each["field"] for each in row["errors"]} for row in found["rows"]}
    assert wrong == {
        2: set(),
        3: {"title"},
        4: {"owner_org"},
        5: {"owner_org", "name"},
        6: {"url", "ketersediaan_persen"},
        7: {"name"},
        8: {"parent"},
        9: {"notes"},
    }
    assert "6171014101900001" not in json.dumps(found["rows"][-1]["errors"])


def test_a_sheet_comes_back_changed(city):
    made, hidden = publish_app(city), app_of(city, "produsen_lain", owner_org="disdukcapil")
    sheet = city.act("produsen", "satudata_jepin_sheet")
    assert [row[sheet["headings"].index("name")] for row in sheet["rows"]] == [made["name"]]
    assert hidden["name"] not in str(sheet)
    same = bring(city, "produsen", workbook(sheet["headings"], sheet["rows"]), "a.xlsx")
    assert [row["outcome"] for row in same["rows"]] == ["same"], same["rows"]
    changed = [list(row) for row in sheet["rows"]]
    changed[0][sheet["headings"].index("jam_layanan")] = "=Senin"
    content = workbook(sheet["headings"], changed)
    looked = bring(city, "produsen", content, "a.xlsx")
    assert looked["rows"][0]["changes"] == [
        {"field": "jam_layanan", "before": "", "after": "=Senin"}
    ]
    bring(city, "produsen", content, "a.xlsx", apply=True)
    assert city.act("produsen", "package_show", id=made["id"])["jam_layanan"] == "=Senin"


def test_an_entry_of_others_is_neither_changed_nor_told(city):
    hidden = app_of(city, "produsen_lain", owner_org="disdukcapil", name="disdukcapil-x")
    seen = publish_app(city)
    heads = ["name", "title", "owner_org"]

    def told(name: str) -> Any:
        content = workbook(heads, [[name, "Lain", "dinkes"]])
        found = bring(city, "produsen", content, "a.xlsx", apply=True)
        assert (found["applied"], found["rows"][0]["outcome"]) == (False, "wrong")
        return json.dumps(found).replace(name, "")

    # Whether there is one or not: a name that is not of the agency is refused before anything.
    assert told(hidden["name"]) == told("disdukcapil-y")
    assert "dinkes-disdukcapil" in json.dumps(
        bring(city, "produsen", workbook(heads, [["disdukcapil-y", "L", "dinkes"]]), "a.xlsx")
    )
    city.join("disdukcapil", "pegawai_lain", "editor")
    found = bring(
        city, "pegawai_lain", workbook(heads, [[seen["name"], "Lain", "disdukcapil"]]), "a.xlsx"
    )
    assert [each["field"] for each in found["rows"][0]["errors"]] == ["name"]
    assert city.act("produsen", "package_show", id=seen["id"])["title"] == seen["title"]


def test_a_list_lands_whole_or_not_at_all(city):
    hidden = app_of(city, "produsen_lain", owner_org="disdukcapil", name="dinkes-x")
    here = app_of(city, name="dinkes-a", title="Aplikasi A")
    heads = ["name", "title", "owner_org", "parent"]
    rows = [
        ["dinkes-a", "Aplikasi A baru", "dinkes", "dinkes-b"],
        ["dinkes-b", "Aplikasi B", "dinkes", ""],
        [hidden["name"], "Lain", "dinkes", ""],
    ]
    there = packages()
    with refusal_of("upload"):
        bring(city, "produsen", workbook(heads, rows), "a.xlsx", apply=True)
    shown = city.act("produsen", "package_show", id=here["id"])
    assert (packages(), shown["title"]) == (there, "Aplikasi A")
    done = bring(city, "produsen", workbook(heads, rows[:2]), "a.xlsx", apply=True)
    assert (done["counts"]["new"], done["counts"]["changed"]) == (1, 1)
    shown = city.act("produsen", "satudata_jepin_app_show", id=here["id"])
    assert (shown["title"], shown["parent"]["name"]) == ("Aplikasi A baru", "dinkes-b")
    found = city.act("produsen", "package_search", fq="type:layanan", include_private=True)
    assert {each["name"] for each in found["results"]} >= {"dinkes-a", "dinkes-b"}


def test_circles_are_told_before_anything_is_written_and_chains_are_turned(city):
    heads = ["name", "title", "owner_org", "parent"]

    def brought(a: str, b: str, c: str, **more: Any) -> dict[str, Any]:
        rows = [[f"dinkes-{n}", n, "dinkes", p] for n, p in (("a", a), ("b", b), ("c", c))]
        return bring(city, "produsen", workbook(heads, rows), "a.xlsx", **more)

    def parent(name: str) -> str | None:
        above = city.act("produsen", "satudata_jepin_app_show", id=name)["parent"]
        return above["name"] if above else None

    found = brought("dinkes-b", "dinkes-c", "dinkes-a", apply=True)
    assert [[e["field"] for e in row["errors"]] for row in found["rows"]] == [["parent"]] * 3
    assert packages() == 0
    assert brought("dinkes-b", "dinkes-c", "", apply=True)["applied"]
    rows = [["dinkes-c", "c", "dinkes", "dinkes-a"]]
    found = bring(city, "produsen", workbook(heads, rows), "a.xlsx", apply=True)
    assert (found["applied"], found["rows"][0]["errors"][0]["field"]) == (False, "parent")
    assert brought("", "dinkes-a", "dinkes-b", apply=True)["applied"]
    assert [parent(f"dinkes-{n}") for n in "abc"] == [None, "dinkes-a", "dinkes-b"]
    rows = [["dinkes-b", "b", "dinkes"]]
    found = bring(city, "produsen", workbook(heads[:3], rows), "a.xlsx", apply=True)
    assert (found["counts"]["same"], parent("dinkes-b")) == (1, "dinkes-a")
    assert brought("", "", "dinkes-b")["rows"][1]["changes"] == [
        {"field": "parent", "before": "dinkes-a", "after": ""}
    ]
    brought("", "", "dinkes-b", apply=True)
    assert parent("dinkes-b") is None


def test_the_menu_leaves_what_people_changed_until_it_is_accepted(city):
    menu(city, apply=True)
    edited = {"title": "Antrean Puskesmas", "tampil_di_jepin": "tidak"}
    city.act("produsen", "package_patch", id="dinkes-antrean", **edited)
    moved = [MENU[0], {**MENU[1], "url": "https://baru.contoh.pontianak.go.id"}]
    found = menu(city, rows=moved, apply=True)
    assert [row["outcome"] for row in found["rows"]] == ["same", "differs"]
    assert {each["field"] for each in found["rows"][1]["changes"]} == {"title", "url"}
    shown = city.act("produsen", "package_show", id="dinkes-antrean")
    assert {key: shown[key] for key in edited} == edited
    assert shown["url"] == MENU[1]["url"]
    done = menu(city, rows=moved, apply=True, accept=["dinkes-antrean"])
    shown = city.act("produsen", "package_show", id="dinkes-antrean")
    assert (done["counts"]["changed"], shown["url"]) == (1, moved[1]["url"])
    assert (shown["title"], shown["tampil_di_jepin"]) == ("Antrean", "tidak")


def test_an_app_that_the_menu_calls_otherwise_is_the_same_entry(city):
    menu(city, apply=True)
    renamed = {**MENU[1], "name": "Antrean Daring", "slug": "antrean-daring"}
    rows = [MENU[0], renamed, {**MENU[1], "id": 9, "name": "Antrean Loket"}]
    found = menu(city, rows=rows, apply=True, accept=["dinkes-antrean"])
    assert [(row["name"], row["outcome"]) for row in found["rows"]] == [
        ("dinkes-kesehatan", "same"),
        ("dinkes-antrean", "changed"),
        ("dinkes-antrean-9", "new"),
    ]
    title = {"field": "title", "before": "Antrean", "after": "Antrean Daring"}
    assert (found["rows"][1]["changes"], packages()) == ([title], 3)
    assert city.act("produsen", "package_show", id="dinkes-antrean")["title"] == "Antrean Daring"
    assert menu(city, rows=rows, apply=True)["counts"]["same"] == 3
    differs = menu(city, rows=[MENU[0], MENU[1]], apply=True)["rows"][1]
    assert (differs["name"], differs["outcome"]) == ("dinkes-antrean", "differs")
    # For whoever does not bring data for its agency it is no entry of theirs.
    found = menu(city, "produsen_lain", rows=rows, agency="disdukcapil")
    assert [row["outcome"] for row in found["rows"]] == ["new"] * 3


def test_rows_that_are_refused_can_be_left_out(city):
    heads = ["name", "title", "owner_org", "parent"]
    rows = [
        ["", "Milik sendiri", "dinkes", ""],
        ["disdukcapil-x", "Milik orang", "disdukcapil", ""],
        ["", "Bagian", "dinkes", "disdukcapil-x"],
    ]
    content = workbook(heads, rows)
    assert not bring(city, "produsen", content, "a.xlsx", apply=True)["applied"]
    done = bring(city, "produsen", content, "a.xlsx", apply=True, without_refused=True)
    assert (done["applied"], packages()) == (True, 1)
    assert [row["outcome"] for row in done["rows"]] == ["new", "wrong", "wrong"]
    assert [row["errors"][0]["field"] for row in done["rows"][1:]] == ["owner_org", "parent"]
    assert city.act("produsen", "package_show", id="dinkes-milik-sendiri")["title"] == rows[0][1]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.xlsx"),
        (b"PK\x03\x04 rusak", "a.xlsx"),
        (b"{", "a.json"),
        (b'{"a": 1}', "a.json"),
        (b"[1, 2]", "a.json"),
        (b"[]", "a.json"),
        (b"x" * 4_000_001, "a.json"),
        (json.dumps([{"title": str(n)} for n in range(1001)]).encode(), "a.json"),
        (json.dumps([{f"k{n}": "" for n in range(201)}]).encode(), "a.json"),
        (json.dumps([{"title": "A", "k" * 201: ""}]).encode(), "a.json"),
        (b"title," + b"k" * 201 + b"\nA,\n", "a.csv"),
    ],
)
def test_what_is_no_list_is_refused(city, content, name):
    with refusal_of("upload"):
        bring(city, "produsen", content, name)
    assert packages() == 0


def test_strange_headings_are_said_once_for_the_list(city):
    rows = [{"title": f"A {n}", **{f"kolom-{k}": "" for k in range(30)}} for n in range(100)]
    with pytest.raises(tk.ValidationError) as refusal:
        bring(city, "produsen", json.dumps(rows).encode(), "a.json")
    (texts,) = refusal.value.error_dict.values()
    assert [text.rpartition(" ")[2] for text in texts] == [f"kolom-{k}." for k in range(5)]


def test_lists_are_for_those_who_bring_data(city, app):
    for who, status in (("warga", 403), ("staf", 403), (None, 403)):
        answer = city.over_http(app, who, "satudata_jepin_import", agency="dinkes")
        assert answer.status_code == status, who
        assert city.over_http(app, who, "satudata_jepin_sheet").status_code == status, who
    assert city.over_http(app, "produsen", "satudata_jepin_import").status_code == 409


def test_the_command_looks_and_takes_over(city, cli, tmp_path):
    path = tmp_path / "menu.json"
    path.write_text(json.dumps(MENU), encoding="utf-8")
    asked = ["satudata", "layanan", str(path), "--user", city.users["produsen"]["name"]]
    wrong = cli.invoke(ckan, asked)
    assert (wrong.exit_code, packages()) == (1, 0), wrong.output
    asked += ["--agency", "dinkes"]
    looked = cli.invoke(ckan, asked)
    assert (looked.exit_code, packages()) == (0, 0), looked.output
    done = cli.invoke(ckan, [*asked, "--apply"])
    assert (done.exit_code, packages()) == (0, 2), done.output


def test_the_page_shows_what_would_become_of_each_row(city, app):
    address = "/satudata/layanan/daftar"
    who = city.token("produsen")
    assert app.get(address, headers=who, status=200)
    for apply, there in (("look", 0), ("apply", 2)):
        file = (io.BytesIO(json.dumps(MENU).encode()), "menu.json")
        sent = {"upload": file, "agency": "dinkes", "apply": apply}
        page = app.post(address, data=sent, headers=who, content_type="multipart/form-data")
        assert "Antrean" in page.body
        assert packages() == there, apply
    book = app.get("/satudata/layanan/aplikasi.xlsx", headers=who, status=200)
    rows = list(openpyxl.load_workbook(io.BytesIO(book.data)).active.values)
    names = [str(row[0]) for row in rows]
    assert (names[0], names[1][:1], names[2:]) == ("title", "#", ["Antrean", "Kesehatan"])
    assert bring(city, "produsen", book.data, "a.xlsx")["counts"]["same"] == 2
    assert app.get(address, headers=city.token("warga"), status=403)
