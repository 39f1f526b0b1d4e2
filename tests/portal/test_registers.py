"""The registers and each excluded item, as anybody gets them: API, pages, files."""

from __future__ import annotations

import csv
import datetime as dt
import io

import openpyxl
import pypdf
import pytest
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.agencies import registry
from ckanext.satudata_pontianak.classification.model import Decision

REGISTER = "satudata_information_register"
WORDS = {"terbatas": "Daftar lokasi gudang obat", "rahasia": "Rencana pengamanan arsip vital"}


def closed(city, level: str, **fields) -> dict:
    """Return a dataset that PPID closed, told in words of its own."""
    axes = {
        "jenis_informasi": "dikecualikan",
        "tingkat_keamanan": level,
        "data_pribadi": "tidak_ada",
    }
    keeps = level == "terbatas"
    title = fields.pop("title", f"Judul asli {level}")
    dataset = city.dataset(file=None if keeps else False, title=title, **axes)
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "refer", catatan="Perlu diuji")
    told = {"informasi": WORDS.get(level, "Tidak boleh tampil"), **fields}
    city.step("ppid", dataset, "assess", **city.assess_fields(**told))
    more = {"penerima": ["disdukcapil"]} if keeps else {}
    city.step("penetap", dataset, "approve", nomor=f"SK-{level}/2026", **more)
    return dataset


@pytest.fixture
def decided(city) -> dict[str, dict]:
    """One dataset of each level, and a second one that is open."""
    return {
        "biasa": city.publish(title="Penduduk menurut kecamatan"),
        "terbatas": closed(city, "terbatas"),
        "rahasia": closed(city, "rahasia"),
        "sangat_rahasia": closed(city, "sangat_rahasia"),
    }


def test_the_registers_say_what_was_decided_and_the_same_to_everybody(city, app, decided) -> None:
    found = {name: city.act(None, REGISTER, register=name) for name in ("dip", "dik")}
    (row,) = found["dip"]["results"]
    assert (row["title"], row["agency"]["name"]) == ("Penduduk menurut kecamatan", "dinkes")
    assert row["formats"] == ["CSV"]
    assert "counted" not in found["dip"]
    dik = found["dik"]
    assert (dik["count"], dik["counted"]) == (2, 1)
    rows = {row["level"]: row for row in dik["results"]}
    assert {level: row["information"] for level, row in rows.items()} == WORDS
    assert rows["terbatas"]["dataset"]["name"] == decided["terbatas"]["name"]
    assert rows["rahasia"]["dataset"] is None
    assert (rows["rahasia"]["until"], rows["rahasia"]["article"]) == ("2028-11-24", "b")
    for who in ("warga", "ppid", "kepala_dinkes", "pengawas", "admin"):
        assert city.act(who, REGISTER, register="dik") == dik
    hidden = ["Judul asli rahasia", "Judul asli sangat_rahasia", "Tidak boleh tampil"]
    hidden += [
        decided[level][key] for level in ("rahasia", "sangat_rahasia") for key in ("id", "name")
    ]
    for path in (
        "/satudata/dik",
        "/satudata/dik.csv",
        "/api/3/action/" + REGISTER + "?register=dik",
    ):
        body = app.get(path).body
        assert all(WORDS[level] in body for level in WORDS), path
        assert not [text for text in hidden if text in body], path
    page = app.get("/satudata/dik").body
    assert "1 informasi sangat rahasia tidak diperinci" in page
    assert "Penduduk menurut kecamatan" in app.get("/satudata/dip").body


def test_filters_pages_and_counts_tell_nothing_else(city, app, decided) -> None:
    def asked(**more) -> dict:
        return city.act(None, REGISTER, register="dik", **more)

    year = registry.today().year
    assert asked(agency="dinkes", kind="b", year=year)["count"] == 2
    for nothing in ({"agency": "dinsos"}, {"kind": "a"}, {"year": year - 1}, {"q": "tiada"}):
        # What is only counted is the number of the city: a filter would say what it is about.
        assert (asked(**nothing)["count"], asked(**nothing)["counted"]) == (0, 1)
    # A title that is not told is not searched either.
    assert asked(q="Judul asli rahasia")["count"] == 0
    assert asked(q="Judul asli terbatas")["count"] == 1
    assert asked(q="%")["count"] == asked(q="_")["count"] == 0
    first, second = (asked(limit=1, offset=n)["results"][0]["id"] for n in (0, 1))
    assert first != second
    assert asked(offset=9) == {"register": "dik", "count": 2, "counted": 1, "results": []}
    wrong = (
        {}, {"register": "x"}, {"register": "dik", "year": "x"}, {"register": "dik", "kind": "z"},
        {"register": "dik", "agency": "tiada"}, {"register": "dik", "limit": 501},
        {"register": "dik", "q": ["a"]}, {"register": "dip", "kind": "dikecualikan"},
    )  # fmt: skip
    for params in wrong:
        with pytest.raises(tk.ValidationError):
            city.act(None, REGISTER, **params)
    page = app.get("/satudata/dik?agency=dinsos&kind=zz&year=abc&page=99").body
    assert "Tidak ada" in page
    assert "alert-warning" in page


def test_a_hold_of_everything_hides_an_item_here_as_well(city, app, decided) -> None:
    hold = {"scope": "all", "reason": "Uraian perlu diperiksa dahulu"}
    for level in ("terbatas", "rahasia", "biasa"):
        city.act("walidata", "satudata_hold_create", id=decided[level]["id"], **hold)
    assert city.act(None, REGISTER, register="dik")["count"] == 0
    assert city.act("walidata", REGISTER, register="dip")["count"] == 0


def test_the_page_of_an_item_says_why_until_when_and_how_to_ask(city, app, decided) -> None:
    rows = {row["level"]: row for row in city.act(None, REGISTER, register="dik")["results"]}
    path = {level: "/satudata/dik/" + row["id"] for level, row in rows.items()}
    limited = app.get(path["terbatas"]).body
    for text in (
        WORDS["terbatas"],
        "UU 14/2008 Pasal 17 huruf b",
        "24 November 2028",
        "SK-terbatas/2026",
    ):
        assert text in limited
    assert f"/satudata/akses/{decided['terbatas']['name']}" in limited
    assert "/satudata/penetapan/" in limited
    secret = app.get(path["rahasia"]).body
    assert "Judul asli" not in secret
    assert "/satudata/akses/" not in secret
    assert "/satudata/penetapan/" not in secret
    assert "/organization/ppid" in secret
    # Those who may know of it get to its papers from here; the page itself stays the same.
    signed = app.get(path["rahasia"], headers=city.token("ppid")).body
    assert "/satudata/penetapan/" in signed
    assert "Judul asli" not in signed
    # The dataset's closed page and a program's refusal both lead here.
    assert path["terbatas"] in app.get("/dataset/" + decided["terbatas"]["name"]).body
    resource = (
        decided["terbatas"]["id"],
        city.act("produsen", "package_show", id=decided["terbatas"]["id"]),
    )
    url = f"/dataset/{resource[0]}/resource/{resource[1]['resources'][0]['id']}/download"
    refused = app.get(url, headers={"Accept": "application/json"}, status=403)
    assert refused.json["excluded"].endswith(path["terbatas"])


def test_what_has_no_page_answers_like_what_is_unknown(city, app, decided) -> None:
    query = sa.select(Decision.id).where(Decision.package_id == decided["sangat_rahasia"]["id"])
    top = model.Session.scalar(query)
    opened = model.Session.scalar(
        sa.select(Decision.id).where(Decision.package_id == decided["biasa"]["id"])
    )
    names = [top, opened, *[d[k] for d in decided.values() for k in ("id", "name")]]
    program = {"Accept": "application/json"}
    for form in ("/satudata/dik/{}", "/satudata/penetapan/{}", "/satudata/penetapan/{}/surat.pdf"):
        answers = {
            app.get(form.format(name), headers=program, status=404).body.replace(name, "X")
            for name in ("tiada", *names)
        }
        assert len(answers) == 1, form


def test_an_address_leads_on_while_the_level_is_the_same_and_ends_with_it(city, app) -> None:
    dataset = closed(city, "terbatas")
    old = city.act(None, REGISTER, register="dik")["results"][0]["id"]
    dataset = city.act("produsen", "package_show", id=dataset["id"])

    def again(level: str) -> None:
        city.step("ppid", dataset, "reopen", reason="Ditinjau kembali")
        axes = {
            "jenis_informasi": "dikecualikan",
            "tingkat_keamanan": level,
            "data_pribadi": "tidak_ada",
        }
        city.step("ppid", dataset, "assess", **city.assess_fields(**axes))
        more = {"penerima": ["disdukcapil"]} if level == "terbatas" else {}
        city.step("penetap", dataset, "approve", nomor="SK-9/2026", **more)

    again("terbatas")
    new = city.act(None, REGISTER, register="dik")["results"][0]["id"]
    assert new != old
    moved = app.get(f"/satudata/dik/{old}", follow_redirects=False)
    assert (moved.status_code, moved.headers["Location"].endswith(new)) == (302, True)
    again("rahasia")
    secret = city.act(None, REGISTER, register="dik")["results"][0]["id"]
    for gone in (old, new):
        app.get(f"/satudata/dik/{gone}", status=404)
        # Its papers were for everybody; what is secret now is so for its past as well.
        app.get(f"/satudata/penetapan/{gone}", status=404)
    assert app.get(f"/satudata/dik/{secret}").status_code == 200


def test_past_its_end_an_item_says_that_nothing_was_decided(city, app) -> None:
    dataset = closed(city, "terbatas", mulai="2020-01-01", akhir="2020-12-31")
    (row,) = city.act(None, REGISTER, register="dik")["results"]
    assert row["expired"] is True
    page = app.get("/satudata/dik/" + row["id"]).body
    assert "belum" in page
    assert "satudata-overdue" in page
    assert (
        city.act(None, "package_show", id=dataset["id"])["satudata_decision"]["data_open"] is False
    )


def test_the_files_open_in_a_spreadsheet_and_as_tagged_pdf(city, app) -> None:
    formula = closed(
        city, "terbatas", informasi='=HYPERLINK("http://contoh.id")', akhir="2028-02-29"
    )
    assert formula
    text = app.get("/satudata/dik.csv")
    assert text.data.startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(io.StringIO(text.data.decode("utf-8-sig")), delimiter=";")
    assert head[:2] == ["No.", "Informasi"]
    assert row[1].startswith("'=HYPERLINK")
    assert row[-1] == "24 November 2026 sampai dengan 29 Februari 2028"
    sheet = openpyxl.load_workbook(io.BytesIO(app.get("/satudata/dik.xlsx").data)).active
    assert sheet is not None
    cell = sheet["B2"]
    assert (cell.data_type, str(cell.value)[:5]) == ("s", "=HYPE")
    printed = app.get("/satudata/dik.pdf?agency=dinkes")
    reader = pypdf.PdfReader(io.BytesIO(printed.data))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    said = "".join(page.extract_text() for page in reader.pages)
    assert "Daftar Informasi yang Dikecualikan" in said
    assert "Dinkes" in said
    tag = printed.headers["ETag"]
    again = app.get("/satudata/dik.pdf?agency=dinkes", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    empty = app.get("/satudata/dip.csv").data.decode("utf-8-sig").splitlines()
    assert len(empty) == 1


def test_a_page_is_one_query_and_ten_thousand_decisions_are_fast(city, decided) -> None:
    many = sa.text(
        """
        WITH made AS (
          INSERT INTO package (id, name, title, type, state, private, owner_org)
          SELECT 'banyak-' || n, 'banyak-' || n, 'Banyak ' || n, 'dataset', 'active', false,
                 (SELECT id FROM "group" WHERE name = 'dinkes')
            FROM generate_series(1, 10000) n RETURNING id)
        INSERT INTO satudata_decision (id, package_id, case_id, in_force, jenis_informasi,
               tingkat_keamanan, data_pribadi, recipients, all_agencies, basis, decided_at)
        SELECT id, id, id, true, 'dikecualikan', 'terbatas', 'tidak_ada', '[]', false,
               '{"informasi": "Banyak", "pasal_pengecualian": "b"}', now() FROM made
        """
    )
    model.Session.execute(many)
    queries = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        queries.append(statement)

    from ckanext.satudata_pontianak.access import registers

    engine = model.Session.get_bind()
    sa.event.listen(engine, "before_cursor_execute", note)
    began = dt.datetime.now(dt.UTC)
    try:
        found = registers.find(registers.Wanted("dik", text="banyak"), 20, 9000)
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
        took = dt.datetime.now(dt.UTC) - began
        model.Session.rollback()
    assert (found.count, found.counted, len(found.rows)) == (10000, 1, 20)
    assert len(queries) == 1
    assert took.total_seconds() < 3
