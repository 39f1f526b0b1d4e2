"""Agreed data: brought as a list, whole or not at all; read by all, fulfilled by its agency."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections import Counter
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.classification.records.model import Decision
from ckanext.satudata_pontianak.classification.records.notice_model import Notice
from ckanext.satudata_pontianak.jepin.agreed import reminding
from ckanext.satudata_pontianak.jepin.records.agreed_model import AgreedData
from ckanext.satudata_pontianak.jepin.rules.agreed import agreed

from ..refusals import refusal_of

YEAR = days.today().year
HEADS = agreed().headings
END = f"31/12/{YEAR}"
DAY = dt.timedelta(days=1)
TOKEN = re.compile(r'(?<=name="_csrf_token" )(content|value)="[^"]*"')


def csv_of(*rows: tuple[Any, ...], heads: list[str] = HEADS) -> bytes:
    lines = [heads, *([str(cell) for cell in row] for row in rows)]
    return "\n".join(";".join(line) for line in lines).encode()


def row_of(code: str = "DD-1", agency: str = "dinkes", dataset: str = "", **more: Any):
    said = {"judul": f"Data {code}", "frekuensi": "tahunan", "jadwal": END, "prioritas": "", **more}
    return (code, agency, *said.values(), dataset)


def bring(
    city, *rows: tuple[Any, ...], who: str = "walidata", year: int = YEAR, apply: bool = True
):
    upload = FileStorage(io.BytesIO(csv_of(*rows)), filename="daftar.csv")
    return city.act(who, "satudata_agreed_import", upload=upload, year=year, apply=apply)


def public(city, who=None, **asked):
    return city.act(who, "satudata_agreed_list", **asked)


def owed(city, who="produsen", **asked):
    return city.act(who, "satudata_agreed_owed", **asked)


def one(city, who="produsen", **asked) -> dict[str, Any]:
    (row,) = owed(city, who, **asked)["results"]
    return row


def fulfil(city, row, dataset, who="produsen"):
    return city.act(who, "satudata_agreed_fulfil", row=row["id"], dataset=dataset)


def kept() -> dict[str, tuple[Any, ...]]:
    model.Session.rollback()
    rows = model.Session.scalars(sa.select(AgreedData))
    return {row.code: (row.title, row.due, row.package_id) for row in rows}


def records(event: str = "jepin.agreed") -> int:
    query = sa.text("SELECT count(*) FROM satudata_ledger.entry WHERE event = :event")
    return model.Session.scalar(query, {"event": event}) or 0


def decided(dataset, day: dt.date) -> None:
    """Have the dataset decided on another day."""
    moment = dt.datetime.combine(day, dt.time(12), tzinfo=days.CITY)
    of = sa.update(Decision).where(Decision.package_id == dataset["id"])
    model.Session.execute(of.values(decided_at=moment))
    model.Session.commit()


@pytest.fixture
def names(city) -> dict[str, str]:
    return {key: org["name"] for key, org in city.orgs.items()}


def test_a_list_is_looked_at_taken_over_and_nothing_the_second_time(city, names) -> None:
    dataset, before = city.publish(), records()
    title = city.orgs["disdukcapil"]["title"]
    rows = [
        row_of("DD-1", names["dinkes"], dataset["name"], prioritas="ya"),
        row_of("DD-2", f" {title.upper()} ", jadwal=f"1 Februari {YEAR + 1}"),
    ]
    looked = bring(city, *rows, apply=False)
    assert (looked["applied"], looked["counts"]["new"], looked["receipt"]) == (False, 2, None)
    assert kept() == {}
    done = bring(city, *rows)
    assert (done["applied"], records()) == (True, before + 1)
    assert kept() == {
        "DD-1": ("Data DD-1", dt.date(YEAR, 12, 31), dataset["id"]),
        "DD-2": ("Data DD-2", dt.date(YEAR + 1, 2, 1), None),
    }
    again = bring(city, *rows)
    assert (again["counts"]["same"], again["receipt"], records()) == (2, None, before + 1)
    assert one(city)["receipt"] == done["receipt"]["entry"]


def test_a_row_is_changed_and_taken_away_where_its_code_stands_alone(city, names) -> None:
    bring(city, row_of("DD-1", names["dinkes"]), row_of("DD-2", names["dinkes"]))
    changed = bring(city, row_of("DD-1", names["dinkes"], jadwal=f"30/11/{YEAR}"), apply=False)
    assert changed["rows"][0]["changes"] == [
        {"field": "jadwal_rilis", "before": f"{YEAR}-12-31", "after": f"{YEAR}-11-30"}
    ]
    alone = ("DD-1", *[""] * 6)
    assert bring(city, alone, apply=False)["rows"][0]["outcome"] == "gone"
    assert set(kept()) == {"DD-1", "DD-2"}
    bring(city, alone)
    assert set(kept()) == {"DD-2"}
    assert bring(city, alone)["rows"][0]["outcome"] == "same"


def test_lists_of_two_years_do_not_touch_one_another(city, names) -> None:
    bring(city, row_of("DD-1", names["dinkes"]))
    bring(city, row_of("DD-1", names["dinkes"], jadwal=f"1/3/{YEAR - 1}"), year=YEAR - 1)
    assert (public(city)["count"], public(city, year=YEAR - 1)["count"]) == (1, 1)
    assert public(city)["years"] == [YEAR, YEAR - 1]


def test_one_wrong_row_leaves_the_whole_list_and_each_says_what_is_wrong(city, names) -> None:
    secret, other, before = city.seal("sangat_rahasia"), city.publish(), records()
    rows = [
        row_of("DD-1", names["dinkes"]),
        row_of("DD-2", "tidak-ada"),
        row_of("DD-3", names["dinkes"], "tidak-ada"),
        row_of("DD-4", names["dinkes"], secret["name"]),
        row_of("DD-5", names["disdukcapil"], other["name"]),
        row_of("DD-6", names["dinkes"], judul="NIK 6171014101900001", jadwal="segera"),
        row_of("DD-1", names["dinkes"], frekuensi="kadang"),
    ]
    found = bring(city, *rows)
    assert (found["applied"], found["receipt"], kept(), records()) == (False, None, {}, before)
    wrong = {row["number"]: {each["field"] for each in row["errors"]} for row in found["rows"]}
    assert wrong == {
        2: set(),
        3: {"produsen"},
        4: {"dataset"},
        5: {"dataset"},
        6: {"dataset"},
        7: {"judul", "jadwal_rilis"},
        8: {"kode", "frekuensi"},
    }
    assert found["rows"][2]["errors"] == found["rows"][3]["errors"]
    assert "6171014101900001" not in json.dumps(found)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"PK\x03\x04 rusak", "a.xlsx"),
        (csv_of(), "a.csv"),
        (csv_of(("x",), heads=HEADS[:1]), "a.csv"),
        (csv_of(row_of(), heads=[*HEADS[:6], "pemegang"]), "a.csv"),
        (csv_of(*(row_of(f"DD-{n}") for n in range(5001))), "a.csv"),
    ],
    ids=["broken", "no-row", "column-missing", "strange-column", "many"],
)
def test_what_is_no_such_list_is_refused(city, content, name) -> None:
    upload = FileStorage(io.BytesIO(content), filename=name)
    with refusal_of("upload"):
        city.act("walidata", "satudata_agreed_import", upload=upload, apply=True)
    with refusal_of("year"):
        city.act("walidata", "satudata_agreed_import", upload=upload, year=1990)
    assert kept() == {}


def test_days_of_a_workbook_are_read(city, names) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(HEADS)
    cells: list[Any] = [*row_of("DD-1", names["dinkes"])]
    cells[4] = dt.date(YEAR, 11, 24)
    sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    upload = FileStorage(io.BytesIO(out.getvalue()), filename="daftar.xlsx")
    found = city.act("walidata", "satudata_agreed_import", upload=upload, apply=True)
    assert found["applied"], found
    assert kept()["DD-1"][1] == dt.date(YEAR, 11, 24)


def test_a_dataset_that_its_agency_named_stays_where_the_list_names_none(city, names) -> None:
    dataset, rows = city.publish(), [row_of("DD-1", names["dinkes"])]
    bring(city, *rows)
    done = fulfil(city, one(city), dataset["name"])
    assert done["row"]["dataset"]["name"] == dataset["name"]
    assert bring(city, *rows)["counts"]["same"] == 1
    assert kept()["DD-1"][2] == dataset["id"]
    bring(city, row_of("DD-1", names["disdukcapil"]))
    assert kept()["DD-1"][2] is None


def test_an_agency_names_its_own_dataset_and_takes_it_out_again(city, names) -> None:
    mine, before = city.publish(), records("jepin.agreed_fulfil")
    other = city.dataset("produsen_lain", owner_org="disdukcapil")
    bring(city, row_of("DD-1", names["dinkes"]))
    row = one(city)
    assert row["may_fulfil"]
    assert not one(city, "walidata")["may_fulfil"]
    for wrong in ("tidak-ada", other["name"]):
        with refusal_of("dataset"):
            fulfil(city, row, wrong)
    done = fulfil(city, row, mine["name"])
    assert done["row"]["receipt"] == done["receipt"]["entry"]
    assert fulfil(city, row, mine["name"])["receipt"] is None
    assert records("jepin.agreed_fulfil") == before + 1
    with pytest.raises(tk.NotAuthorized):
        fulfil(city, row, "", "walidata")
    for who, of in (("produsen", {"id": "999999"}), ("produsen_lain", row)):
        with pytest.raises(tk.ObjectNotFound):
            fulfil(city, of, "", who)
    assert fulfil(city, row, "")["row"]["dataset"] is None
    assert kept()["DD-1"][2] is None


def test_a_row_stands_where_its_dataset_and_its_day_put_it(city, names) -> None:
    dataset = city.publish()
    bring(city, row_of("DD-1", names["dinkes"], dataset["name"]))
    assert (one(city)["standing"], one(city)["met"]) == ("met", days.today().isoformat())
    begun = dt.date(YEAR, 1, 1)
    decided(dataset, begun - DAY)
    row = one(city)
    assert (row["met"], row["standing"] in ("ahead", "soon")) == (None, True)
    bring(city, row_of("DD-1", names["dinkes"], jadwal=days.written(begun)))
    late = one(city)
    assert (late["standing"], late["days"]) == ("late", (begun - days.today()).days)
    decided(dataset, begun)
    assert one(city)["standing"] == "met"
    decided(dataset, begun + DAY)
    assert one(city)["standing"] == "met_late"
    assert owed(city)["standings"] == {"ahead": 0, "soon": 0, "late": 0, "met": 0, "met_late": 1}


def test_data_that_are_held_back_or_undecided_fulfil_nothing(city, names) -> None:
    dataset, undecided = city.publish(), city.dataset()
    rows = [("DD-1", dataset), ("DD-2", undecided)]
    bring(city, *(row_of(code, names["dinkes"], each["name"]) for code, each in rows))
    found = {row["code"]: row for row in owed(city)["results"]}
    assert (found["DD-1"]["met"], found["DD-2"]["met"]) == (days.today().isoformat(), None)
    city.act(
        "walidata", "satudata_hold_create", id=dataset["id"], scope="data", reason="Ada temuan baru"
    )
    assert {row["met"] for row in owed(city)["results"]} == {None}


def test_to_who_may_not_know_of_a_dataset_the_row_is_as_one_without(city, app, names) -> None:
    hidden = city.seal()
    bring(city, row_of("DD-1", names["dinkes"]))
    addresses = ("/daftar-data", "/daftar-data.csv", f"/kalender-rilis?bulan={YEAR}-12")
    addresses = ("/api/3/action/satudata_agreed_list", *addresses)

    def seen(who):
        bodies = [app.get(each, headers=city.token(who)).body for each in addresses]
        return [TOKEN.sub("", body) for body in bodies]

    strangers = (None, "warga", "produsen_lain")
    before = {who: seen(who) for who in strangers}
    fulfil(city, one(city), hidden["name"])
    assert one(city)["dataset"]["name"] == hidden["name"]
    for who in strangers:
        for address, body, then in zip(addresses, seen(who), before[who], strict=True):
            assert {*body.splitlines()} ^ {*then.splitlines()} == set(), (who, address)
            assert body == then, (who, address)
    assert public(city, without=True)["count"] == 1
    assert public(city, "produsen", without=True)["count"] == 0


def test_a_dataset_that_moved_to_another_agency_or_is_gone_fulfils_nothing(city, names) -> None:
    dataset = city.dataset()
    bring(city, row_of("DD-1", names["dinkes"], dataset["name"]))
    other = city.orgs["disdukcapil"]["id"]
    moved = sa.update(model.Package).where(model.Package.id == dataset["id"])
    model.Session.execute(moved.values(owner_org=other))
    model.Session.commit()
    assert one(city, "walidata")["dataset"] is None
    model.Session.execute(moved.values(owner_org=dataset["owner_org"]))
    model.Session.commit()
    assert one(city, "walidata")["dataset"]["name"] == dataset["name"]
    city.act("admin", "dataset_purge", id=dataset["id"])
    assert kept()["DD-1"][2] is None


def test_everybody_reads_what_is_owed_and_nothing_more(city, names) -> None:
    dataset = city.publish()
    bring(city, row_of("KODE-1", names["dinkes"], dataset["name"], prioritas="ya"))
    (row,) = public(city)["results"]
    assert row == {
        "year": YEAR,
        "title": "Data KODE-1",
        "agency": {"name": names["dinkes"], "title": city.orgs["dinkes"]["title"]},
        "frequency": "tahunan",
        "frequency_label": "Yearly",
        "due": f"{YEAR}-12-31",
        "dataset": {"name": dataset["name"], "title": dataset["title"]},
    }


def test_lists_are_brought_by_walidata_and_read_from_inside_by_their_people(
    city, app, names
) -> None:
    bring(city, row_of("DD-1", names["dinkes"]), row_of("DD-2", names["disdukcapil"]))
    for who in (None, "warga", "staf", "produsen", "ppid", "admin"):
        answer = city.over_http(app, who, "satudata_agreed_import", apply=True)
        assert answer.status_code == 403, who
    for who in (None, "warga", "staf", "admin"):
        assert city.over_http(app, who, "satudata_agreed_owed").status_code == 403, who
    assert [row["code"] for row in owed(city)["results"]] == ["DD-1"]
    assert [row["code"] for row in owed(city, "produsen_lain")["results"]] == ["DD-2"]
    assert owed(city, "walidata")["count"] == 2
    other = city.over_http(app, "produsen", "satudata_agreed_owed", agency=names["disdukcapil"])
    assert other.status_code == 403


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"year": 1990}, "year"), ({"limit": 501}, "limit"), ({"month": "2026-13"}, "month")],
)
def test_what_cannot_be_asked_for_is_refused(city, asked, field) -> None:
    with refusal_of(field):
        public(city, **asked)


def test_two_thousand_rows_are_brought_and_counted_as_by_hand(city, names) -> None:
    datasets = [city.publish() for _ in range(3)]
    decided(datasets[1], dt.date(YEAR, 1, 1))
    decided(datasets[2], dt.date(YEAR - 1, 12, 31))
    agencies = [names["dinkes"], names["disdukcapil"], names["diskominfo"]]
    today = days.today()
    first, rows, by_hand = dt.date(YEAR, 1, 1), [], Counter()
    months = Counter()
    for number in range(2000):
        agency = agencies[number % 3]
        due = first + dt.timedelta(days=number % 365)
        named = datasets[number // 3 % 3] if agency == names["dinkes"] and number % 2 else None
        row = row_of(
            f"DD-{number}", agency, named["name"] if named else "", jadwal=days.written(due)
        )
        rows.append(row)
        came = {0: today, 1: first}.get(datasets.index(named)) if named else None
        if came is not None:
            stands = "met" if came <= due else "met_late"
        elif due < today:
            stands = "late"
        else:
            stands = "soon" if due <= today + 14 * DAY else "ahead"
        by_hand[agency, stands] += 1
        if named is None:
            months[due.month] += 1
    done = bring(city, *rows)
    assert (done["counts"]["new"], done["applied"]) == (2000, True)
    assert bring(city, *rows)["counts"]["same"] == 2000
    for agency in agencies:
        found = owed(city, "walidata", agency=agency)
        assert found["standings"] == {name: by_hand[agency, name] for name in found["standings"]}, (
            agency
        )
        assert found["count"] == sum(found["standings"].values())
        assert public(city, agency=agency)["count"] == found["count"]
    assert public(city)["count"] == 2000
    for month, count in months.items():
        found = public(city, month=f"{YEAR}-{month:02}", without=True)
        assert found["count"] == count
        assert all(row["due"].startswith(f"{YEAR}-{month:02}") for row in found["results"])
    pages = [public(city, limit=500, offset=offset)["results"] for offset in range(0, 2000, 500)]
    dues = [row["due"] for page in pages for row in page]
    assert (len(dues), dues) == (2000, sorted(dues))
    late = owed(city, "walidata", standing="late", limit=0)
    assert late["count"] == sum(n for (_, stands), n in by_hand.items() if stands == "late")


def test_pages_tell_what_the_actions_tell(city, app, names) -> None:
    dataset = city.publish()
    due = days.written(dt.date(YEAR, 1, 1))
    rows = [
        row_of("DD-1", names["dinkes"], dataset["name"], judul="Data yang ada"),
        row_of("DD-2", names["dinkes"], judul="=Data yang ditunggu", jadwal=due),
    ]
    bring(city, *rows)
    body = app.get("/daftar-data", status=200).body
    for text in ("Data yang ada", f"/dataset/{dataset['name']}", "=Data yang ditunggu"):
        assert text in body, text
    assert not any(text in body for text in ("DD-1", "Late", "satudata/daftar-data"))
    assert "Data yang ada" not in app.get(f"/daftar-data?agency={names['disdukcapil']}").body
    assert app.get("/daftar-data?agency=tidak-ada", status=None).status_code == 404
    sheet = app.get(f"/daftar-data.csv?year={YEAR}", status=200)
    assert dataset["name"] in sheet.body
    assert "\n=" not in sheet.body
    assert ";=" not in sheet.body
    book = app.get(f"/daftar-data.xlsx?year={YEAR}", status=200)
    heads, *cells = openpyxl.load_workbook(io.BytesIO(book.data)).worksheets[0].values
    assert (len(heads), len(cells)) == (6, 2)
    calendar = app.get(f"/kalender-rilis?bulan={YEAR}-01").body
    assert "Data yang ditunggu" in calendar
    assert "Data yang ada" not in app.get(f"/kalender-rilis?bulan={YEAR}-12").body
    inside = app.get("/satudata/daftar-data", headers=city.token("produsen"), status=200).body
    assert 'data-code="DD-2"' in inside
    office = f"/satudata/kerja-sama/perangkat-daerah/{names['dinkes']}"
    for who, there in (("produsen", True), ("walidata", True), ("pegawai_dinsos", False)):
        told = app.get(office, headers=city.token(who), status=200).body
        assert ('data-standing="late">1<' in told) is there, who
    assert "/satudata/daftar-data" in app.get("/satudata/meja", headers=city.token("produsen")).body


def test_the_sheet_of_a_year_comes_back_by_the_page(city, app, names) -> None:
    dataset, header = city.publish(), city.token("walidata")
    bring(city, row_of("DD-1", names["dinkes"], dataset["name"]))
    home = "/satudata/daftar-data"
    book = app.get(f"{home}/daftar-data.xlsx?year={YEAR}", headers=header, status=200)
    heads, row = openpyxl.load_workbook(io.BytesIO(book.data)).worksheets[0].values
    assert list(heads) == HEADS
    for apply in ("look", "apply"):
        sent = {"upload": (io.BytesIO(book.data), "d.xlsx"), "apply": apply, "year": str(YEAR)}
        told = app.post(
            f"{home}/daftar", data=sent, headers=header, content_type="multipart/form-data"
        )
        assert told.status_code == 200
        assert "Data DD-1" in told.body
    assert row[0] == "DD-1"
    assert kept()["DD-1"][2] == dataset["id"]


def test_a_row_is_fulfilled_on_its_page(city, app, names) -> None:
    dataset, header = city.publish(), city.token("produsen")
    bring(city, row_of("DD-1", names["dinkes"]))
    address = f"/satudata/daftar-data/baris/{one(city)['id']}"
    assert dataset["name"] in app.get(address, headers=header, status=200).body
    sent = {"act": "fulfil", "dataset": "tidak-ada"}
    assert app.post(address, data=sent, headers=header, status=None).status_code == 422
    sent["dataset"] = dataset["name"]
    app.post(address, data=sent, headers=header, follow_redirects=False)
    assert kept()["DD-1"][2] == dataset["id"]
    other = app.get(address, headers=city.token("produsen_lain"), status=None)
    unknown = app.get(f"{address}0", headers=city.token("produsen_lain"), status=None)
    assert (other.status_code, unknown.status_code) == (404, 404)
    for page in (address, "/satudata/daftar-data", "/satudata/daftar-data/daftar"):
        assert app.get(page, follow_redirects=False).status_code == 302, page
        assert app.get(page, headers=city.token("warga"), status=None).status_code == 403, page


def test_who_owes_data_is_reminded_once_a_stage_and_walidata_at_last(city, names) -> None:
    fulfilled = city.publish()
    due = dt.date(YEAR, 12, 31)
    bring(city, row_of("DD-1", names["dinkes"]), row_of("DD-2", names["dinkes"]))

    def told(kind: str) -> set[str]:
        rows = sa.select(model.User.name).join(Notice, Notice.user_id == model.User.id)
        return set(model.Session.scalars(rows.where(Notice.kind == kind)))

    assert reminding.remind(due - 15 * DAY) == 0
    people = reminding.remind(due - 14 * DAY)
    assert "produsen" in told("agreed_due")
    assert not {"walidata", "produsen-lain", "staf"} & told("agreed_due")
    assert people == len(told("agreed_due"))
    # The same stage a day later, and a day of none.
    assert [reminding.remind(due - n * DAY) for n in (13, 12, 11, 4)] == [0, 0, 0, 0]
    assert reminding.remind(due - 3 * DAY) == people
    assert reminding.remind(due + DAY) == people
    assert "walidata" not in told("agreed_late")
    for row in owed(city)["results"]:
        fulfil(city, row, fulfilled["name"])
    assert reminding.remind(due + 14 * DAY) == 0
    fulfil(city, owed(city)["results"][0], "")
    assert reminding.remind(due + 14 * DAY) > people
    assert {"walidata", "produsen"} <= told("agreed_overdue")
    assert reminding.remind(due + 17 * DAY) == 0
