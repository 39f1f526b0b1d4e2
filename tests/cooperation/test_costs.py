"""What apps and datasets cost: brought as a list, whole or not at all, and read by their people."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from werkzeug.datastructures import FileStorage

from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.agencies import registry
from ckanext.satudata_pontianak.classification.records.incident_model import DownloadCount
from ckanext.satudata_pontianak.classification.records.model import Version
from ckanext.satudata_pontianak.classification.rules.refusals import InvalidFields
from ckanext.satudata_pontianak.jepin.costs import bringing
from ckanext.satudata_pontianak.jepin.records.cost_model import Cost
from ckanext.satudata_pontianak.jepin.records.pulse_model import PulseStanding
from ckanext.satudata_pontianak.jepin.rules.costs import costs
from ckanext.satudata_pontianak.sop.files import official_files

from ..jepin.apps import app_of, publish_app
from ..refusals import refusal_of

YEAR = days.today().year
HEADS = costs().headings
CODE = "2.16.03.2.01.05"
PAGE = "/satudata/biaya"


def csv_of(*rows: tuple[Any, ...], heads: list[str] = HEADS) -> bytes:
    lines = [heads, *([str(cell) for cell in row] for row in rows)]
    return "\n".join(";".join(line) for line in lines).encode()


def bring(city, content: bytes, who: str = "walidata", name: str = "biaya.csv", **more: Any):
    upload = FileStorage(io.BytesIO(content), filename=name)
    return city.act(who, "satudata_cost_import", upload=upload, **more)


def listed(city, who, **asked):
    return city.act(who, "satudata_cost_list", **asked)


def names(found) -> list[str]:
    return [line["name"] for line in found["results"]]


def kept() -> dict[tuple[str, int], tuple[Any, ...]]:
    model.Session.rollback()
    rows = model.Session.scalars(sa.select(Cost))
    return {(row.package_id, row.year): (row.budget_code, row.cost, row.visits) for row in rows}


def records() -> int:
    query = sa.text("SELECT count(*) FROM satudata_ledger.entry WHERE event = 'jepin.costs'")
    return model.Session.scalar(query) or 0


def line_of(dataset, cost: int = 70_000, **more: Any) -> None:
    """Keep a line of what a list may not name, or not any more."""
    row = Cost(package_id=dataset["id"], year=YEAR, budget_code=CODE, cost=cost, visits=7, **more)
    model.Session.add(row)
    model.Session.commit()


def delete(dataset) -> None:
    gone = sa.update(model.Package).where(model.Package.id == dataset["id"])
    model.Session.execute(gone.values(state="deleted"))
    model.Session.commit()


def other_app(city):
    """Return a public app of another agency."""
    made = app_of(city, "produsen_lain", owner_org="disdukcapil", title="Aplikasi Akta")
    city.step("produsen_lain", made, "submit")
    city.step("walidata", made, "approve")
    return made


def coordinator(city) -> str:
    """Lay the role of the coordinator on somebody who has no agency."""
    city.act(
        "walidata",
        "satudata_smki_role_create",
        role="koordinator",
        user=city.users["warga"]["name"],
        nomor_sk="SK/1/2026",
        **{"from": days.today().isoformat()},
    )
    return "warga"


def test_a_list_is_looked_at_taken_over_and_nothing_the_second_time(city) -> None:
    app, dataset, before = publish_app(city), city.publish(), records()
    rows = [
        (app["name"], YEAR, CODE, "Rp 120.000.000,00", "48.000"),
        (dataset["name"], YEAR - 1, "", 5_000_000, ""),
    ]
    looked = bring(city, csv_of(*rows))
    assert (looked["applied"], looked["counts"]["new"], looked["receipt"]) == (False, 2, None)
    assert [row["title"] for row in looked["rows"]] == [app["title"], dataset["title"]]
    assert kept() == {}
    done = bring(city, csv_of(*rows), apply=True)
    assert (done["applied"], records()) == (True, before + 1)
    # Readers of the ledger cannot try whether they guessed the list.
    query = sa.text("SELECT text FROM satudata_ledger.entry WHERE event = 'jepin.costs'")
    texts = "".join(model.Session.scalars(query))
    assert hashlib.sha256(csv_of(*rows)).hexdigest() not in texts
    assert kept() == {
        (app["id"], YEAR): (CODE, 120_000_000, 48_000),
        (dataset["id"], YEAR - 1): (None, 5_000_000, None),
    }
    (line,) = listed(city, "walidata", id=app["name"])["results"]
    assert line["receipt"] == done["receipt"]["entry"]
    again = bring(city, csv_of(*rows), apply=True)
    assert (again["counts"]["same"], again["receipt"]) == (2, None)
    assert records() == before + 1


def test_a_line_is_changed_and_taken_away_by_a_row_that_says_nothing(city) -> None:
    app = publish_app(city)
    bring(city, csv_of((app["name"], YEAR, CODE, 100, 10)), apply=True)
    changed = bring(city, csv_of((app["name"], YEAR, CODE, 200, 10)))
    assert changed["rows"][0]["changes"] == [
        {"field": "biaya_rupiah", "before": "100", "after": "200"}
    ]
    nothing = csv_of((app["name"], YEAR, "", "", ""))
    assert bring(city, nothing)["rows"][0]["outcome"] == "gone"
    assert kept() == {(app["id"], YEAR): (CODE, 100, 10)}
    bring(city, nothing, apply=True)
    assert kept() == {}
    assert bring(city, nothing, apply=True)["rows"][0]["outcome"] == "same"


def test_one_wrong_row_leaves_the_whole_list_and_each_says_what_is_wrong(city) -> None:
    app, secret, before = publish_app(city), city.seal("sangat_rahasia"), records()
    rows = [
        (app["name"], YEAR, CODE, 100, 10),
        ("tidak-ada", YEAR, CODE, 100, 10),
        (secret["name"], YEAR, CODE, 100, 10),
        (app["name"], YEAR + 2, CODE, 100, 10),
        (app["name"], YEAR - 1, "6171014101900001", "1,5", "banyak"),
        (app["name"], YEAR, CODE, 100, 10),
    ]
    found = bring(city, csv_of(*rows), apply=True)
    assert (found["applied"], found["receipt"], kept(), records()) == (False, None, {}, before)
    wrong = {row["number"]: {each["field"] for each in row["errors"]} for row in found["rows"]}
    assert wrong == {
        2: set(),
        3: {"nama"},
        4: {"nama"},
        5: {"tahun"},
        6: {"kode_anggaran", "biaya_rupiah", "kunjungan"},
        7: {"nama"},
    }
    unknown, counted = found["rows"][1], found["rows"][2]
    assert unknown["errors"] == counted["errors"]
    assert (unknown["title"], counted["title"]) == ("", "")
    assert "6171014101900001" not in json.dumps(found)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.xlsx"),
        (b"PK\x03\x04 rusak", "a.xlsx"),
        (csv_of(), "a.csv"),
        (csv_of(("x", YEAR, CODE, 1), heads=HEADS[:4]), "a.csv"),
        (csv_of(("x", YEAR, CODE, 1, 1, "n"), heads=[*HEADS, "pemegang"]), "a.csv"),
        (b"x" * 4_000_001, "a.csv"),
        (csv_of(*(("x", YEAR, CODE, 1, n) for n in range(2001))), "a.csv"),
    ],
    ids=["empty", "broken", "no-row", "column-missing", "strange-column", "large", "many"],
)
def test_what_is_no_such_list_is_refused(city, content, name) -> None:
    with refusal_of("upload"):
        bring(city, content, name=name, apply=True)
    assert kept() == {}


def test_what_goes_between_the_look_and_the_taking_leaves_the_whole_list(city) -> None:
    app, gone = publish_app(city), publish_app(city)
    actor = registry.actor_for(city.users["walidata"]["name"])
    rows = costs().read(
        [dict(zip(HEADS, (each["name"], str(YEAR), CODE, "1", "1"), strict=True))
         for each in (app, gone)],
        lambda text: [],
        days.today(),
    )  # fmt: skip
    assert [each.outcome for each in bringing.looked_at(rows, actor)] == ["new", "new"]
    delete(gone)
    with pytest.raises(InvalidFields):
        bringing.take(rows, actor)
    assert kept() == {}


def test_four_who_bring_the_same_list_at_once_write_it_once(city, app) -> None:
    made, before, header = publish_app(city), records(), city.token("walidata")
    content = csv_of((made["name"], YEAR, CODE, 1, 1))

    def send(_number: int) -> Any:
        client = app.flask_app.test_client(use_cookies=False)
        sent = {"upload": (io.BytesIO(content), "biaya.csv"), "apply": "true"}
        address = "/api/3/action/satudata_cost_import"
        return client.post(address, headers=header, data=sent).json["result"]["counts"]["new"]

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(send, range(4))) == [0, 0, 0, 1]
    assert records() == before + 1


def test_lists_are_brought_by_walidata_alone_and_lines_are_never_public(city, app) -> None:
    made = publish_app(city)
    bring(city, csv_of((made["name"], YEAR, CODE, 123_456_789, 10)), apply=True)
    for who in (None, "warga", "staf", "produsen", "ppid", "pengawas", "admin"):
        answer = city.over_http(app, who, "satudata_cost_import", apply=True)
        assert answer.status_code == 403, who
    assert city.over_http(app, "walidata", "satudata_cost_import").status_code == 409
    asked = {"id": made["id"]}
    for who in (None, "warga", "staf", "admin"):
        assert city.over_http(app, who, "satudata_cost_list").status_code == 403, who
        assert city.over_http(app, who, "satudata_cost_list", **asked).status_code == 403, who
    for who in (None, "warga", "staf", "produsen_lain", "admin"):
        header = city.token(who)
        for address in (f"/layanan/{made['name']}", "/jepin", "/jepin.json"):
            body = app.get(address, headers=header, status=None).body
            assert not any(text in body for text in ("123.456.789", CODE)), (who, address)
        shown = city.over_http(app, who, "package_show", id=made["id"]).body
        assert "123456789" not in shown, who
    for who in ("produsen", "walidata"):
        body = app.get(f"/layanan/{made['name']}", headers=city.token(who)).body
        assert "123.456.789" in body, who


def test_each_reads_the_lines_that_are_theirs_and_totals_of_these_alone(city) -> None:
    mine, other, hidden = publish_app(city), other_app(city), city.seal()
    rows = [(mine["name"], YEAR, CODE, 1000, 10), (other["name"], YEAR, CODE, 500, 100)]
    bring(city, csv_of(*rows), apply=True)
    line_of(hidden)
    owner = listed(city, "produsen")
    assert names(owner) == [hidden["name"], mine["name"]]
    assert owner["totals"] == {"cost": 71_000, "visits": 17, "cost_per_visit": 4176}
    assert not owner["brings"]
    stranger = listed(city, "produsen_lain")
    assert (names(stranger), stranger["totals"]["cost"]) == ([other["name"]], 500)
    whole = listed(city, coordinator(city))
    assert (names(whole), whole["count"]) == ([mine["name"], other["name"]], 2)
    assert whole["totals"] == {"cost": 1500, "visits": 110, "cost_per_visit": 14}
    assert listed(city, "walidata")["brings"]


def test_an_entry_that_the_reader_may_not_know_of_is_answered_as_an_unknown_one(city, app) -> None:
    hidden, other = city.seal(), other_app(city)
    line_of(hidden)
    line_of(other)
    unknown = city.over_http(app, "produsen_lain", "satudata_cost_list", id="tidak-ada")
    for named in (hidden["id"], hidden["name"]):
        answer = city.over_http(app, "produsen_lain", "satudata_cost_list", id=named)
        assert (answer.status_code, answer.body) == (404, unknown.body)
    assert names(listed(city, "produsen", id=hidden["id"])) == [hidden["name"]]
    assert listed(city, "produsen", id=other["id"])["count"] == 0


def test_a_level_that_is_only_counted_has_no_line_and_stands_in_no_total(city) -> None:
    secret = city.seal("sangat_rahasia")
    line_of(secret)
    for who in ("produsen", "kepala_dinkes", "walidata", coordinator(city)):
        found = listed(city, who)
        assert (found["count"], found["totals"]["cost"]) == (0, None), who


def test_every_app_stands_beside_whether_it_lives_the_dearest_first(city) -> None:
    cheap, dear, silent = (publish_app(city, title=f"Aplikasi {n}") for n in "ABC")
    rows = [(cheap["name"], YEAR, CODE, 10, 3), (dear["name"], YEAR, CODE, 2000, 0)]
    bring(city, csv_of(*rows), apply=True)
    at = dt.datetime.now(dt.UTC)
    model.Session.merge(PulseStanding(package_id=dear["id"], word="disturbed", since=at, link=True))
    model.Session.commit()
    found = listed(city, "walidata")
    assert names(found) == [dear["name"], cheap["name"], silent["name"]]
    assert [line["word"] for line in found["results"]] == ["disturbed", None, None]
    assert [line["cost_per_visit"] for line in found["results"]] == [None, 3, None]
    assert [line["downloads"] for line in found["results"]] == [None, None, None]
    assert (found["results"][2]["cost"], found["results"][2]["brought"]) == (None, None)
    page = listed(city, "walidata", limit=1, offset=1)
    assert (names(page), page["count"]) == ([cheap["name"]], 3)
    assert page["totals"] == found["totals"]


def test_downloads_of_a_dataset_are_those_of_the_year_by_the_citys_clock(city) -> None:
    dataset = city.publish()
    rows = [(dataset["name"], year, CODE, 100, "") for year in (YEAR - 1, YEAR)]
    bring(city, csv_of(*rows), apply=True)
    query = sa.select(Version.id).where(Version.package_id == dataset["id"])
    version = model.Session.scalars(query).first()
    begun = dt.datetime(YEAR, 1, 1, tzinfo=days.CITY)
    for hour, client, count in (
        (begun - dt.timedelta(hours=1), "a", 2),
        (begun, "b", 3),
        (begun + dt.timedelta(hours=5), "c", 4),
    ):
        at = {"version_id": version, "hour": hour, "client": client}
        model.Session.add(DownloadCount(**at, count=count + 9, downloads=count))
    model.Session.commit()
    (line,) = listed(city, "walidata")["results"]
    assert line["downloads"] == 7
    found = listed(city, "produsen", id=dataset["id"])
    assert [(each["year"], each["downloads"]) for each in found["results"]] == [
        (YEAR, 7),
        (YEAR - 1, 2),
    ]
    assert (found["year"], found["years"]) == (None, [YEAR, YEAR - 1])


@pytest.mark.parametrize(
    ("asked", "field"),
    [({"year": 1990}, "year"), ({"year": "x"}, "year"), ({"limit": 501}, "limit")],
)
def test_what_cannot_be_asked_for_is_refused(city, asked, field) -> None:
    with refusal_of(field):
        listed(city, "walidata", **asked)


def test_a_purge_and_an_entry_that_is_deleted_leave_no_line(city) -> None:
    purged, deleted = app_of(city), publish_app(city)
    line_of(purged)
    line_of(deleted)
    city.act("admin", "dataset_purge", id=purged["id"])
    assert {id_ for id_, _ in kept()} == {deleted["id"]}
    delete(deleted)
    found = listed(city, "walidata")
    assert (found["count"], found["totals"]["cost"]) == (0, None)


def test_the_sheet_of_a_year_comes_back_filled_in_by_the_page(city, app) -> None:
    made, header = publish_app(city), city.token("walidata")
    book = app.get(f"{PAGE}/biaya.xlsx", headers=header, status=200)
    heads, row = openpyxl.load_workbook(io.BytesIO(book.data)).worksheets[0].values
    assert list(heads) == HEADS
    assert [cell or "" for cell in row] == [made["name"], str(YEAR), "", "", ""]
    filled = [made["name"], str(YEAR), CODE, "1200000", "400"]
    table = {"caption": "Biaya", "heads": HEADS, "rows": [filled], "widths": ()}
    content = official_files.workbook(table)
    for apply, there in (("look", {}), ("apply", {(made["id"], YEAR): (CODE, 1_200_000, 400)})):
        sent = {"upload": (io.BytesIO(content), "biaya.xlsx"), "apply": apply}
        page = app.post(
            f"{PAGE}/daftar", data=sent, headers=header, content_type="multipart/form-data"
        )
        assert made["title"] in page.body
        assert kept() == there, apply
    body = app.get(PAGE, headers=header).body
    for text in (made["title"], "1.200.000", "3.000", CODE):
        assert text in body, text
    assert app.get(f"{PAGE}?year={YEAR - 1}", headers=header).body.count(made["title"]) == 1


def test_pages_are_for_those_who_read_or_bring(city, app) -> None:
    publish_app(city)
    for address in (PAGE, f"{PAGE}/daftar", f"{PAGE}/biaya.xlsx"):
        assert app.get(address, follow_redirects=False).status_code == 302, address
        for who in ("warga", "staf"):
            assert app.get(address, headers=city.token(who), status=None).status_code == 403
    owner = city.token("produsen")
    page = app.get(PAGE, headers=owner, status=200)
    assert f"{PAGE}/daftar" not in page.body
    assert "no-store" in page.headers["Cache-Control"]
    for address in (f"{PAGE}/daftar", f"{PAGE}/biaya.xlsx"):
        assert app.get(address, headers=owner, status=None).status_code == 403
    assert PAGE in app.get("/satudata/meja", headers=owner).body
    assert f'"{PAGE}"' not in app.get("/satudata/meja", headers=city.token("warga")).body
