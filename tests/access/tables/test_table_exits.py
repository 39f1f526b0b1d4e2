"""The page of a table and its CSV for spreadsheets: rows for who may read them, and no others."""

from __future__ import annotations

import csv
import io
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.classification.versions import tables

COLUMN, CELL = "kolomkenari", "SELKENARI"
ROWS = (
    f"{COLUMN},tahun,jumlah,hari,aktif\n"
    f"{CELL},2024,1234567,2026-01-02,true\n"
    "Kota; Barat,2025,-7,2026-02-03,false\n"
    "=1+1,2025,,2026-02-04,true\n"
    "Zebra,2025,12.50,,false\n"
).encode()
LARGE = 12_000
READERS = ("produsen", "staf", "walidata", "ppid", "produsen_lain")
OTHERS = (None, "warga", "pegawai_dinsos", "pengawas", "admin")


def address(dataset, leaf: str, **asked: str) -> str:
    tail = f"?{urlencode(asked)}" if asked else ""
    return f"/dataset/{dataset['name']}/resource/{dataset['resources'][0]['id']}/{leaf}{tail}"


@pytest.fixture
def ask(app, city):
    def call(who, path, **headers):
        return app.get(
            path,
            headers={**city.token(who), **headers},
            status=None,
            follow_redirects=False,
        )

    return call


def reads(dataset_id: str) -> int:
    statement = sa.text(
        "SELECT count(*) FROM satudata_ledger.entry WHERE event = 'data.read' AND dataset_id = :id"
    )
    count = model.Session.scalar(statement, {"id": dataset_id})
    model.Session.rollback()
    return int(count or 0)


def column(page: str, index: int) -> list[str]:
    """Return a column of the table as it is shown; the first is the number of the row."""
    body = page.partition('<table class="sd-table" id="sd-data"')[2].partition("</table>")[0]
    rows = body.partition("<tbody>")[2].split("<tr>")[1:]
    return [row.split("<td")[index + 1].partition(">")[2].partition("<")[0] for row in rows]


@pytest.fixture
def opened(city, work, make_upload):
    dataset = city.publish(file=make_upload(ROWS, "tabel kota.csv"))
    work(dataset)
    return dataset


@pytest.fixture
def closed(city, work, make_upload):
    dataset = city.limit(file=make_upload(ROWS, "tabel.csv"))
    work(dataset)
    return dataset


def test_open_rows_are_shown_with_the_marks_of_the_language(ask, opened) -> None:
    page = ask(None, address(opened, "tabel"))
    assert page.status_code == 200
    assert column(page.body, 1) == [CELL, "Kota; Barat", "=1+1", "Zebra"]
    assert column(page.body, 2) == ["2024", "2025", "2025", "2025"]
    assert column(page.body, 3) == ["1.234.567", "-7", "", "12,50"]
    assert column(page.body, 4) == ["2 Januari 2026", "3 Februari 2026", "4 Februari 2026", ""]
    assert 'aria-sort="' not in page.body
    english = ask(None, "/en" + address(opened, "tabel"))
    assert column(english.body, 3) == ["1,234,567", "-7", "", "12.50"]
    assert column(english.body, 5) == ["yes", "no", "yes", "no"]


ASKED = (
    ({"urut": "jumlah"}, ["-7", "12,50", "1.234.567", ""]),
    ({"urut": "jumlah", "arah": "turun"}, ["1.234.567", "12,50", "-7", ""]),
    ({"q": "selk"}, ["1.234.567"]),
    ({f"berisi.{COLUMN}": "barat kota"}, ["-7"]),
    ({f"berisi.{COLUMN}": "barat", "q": "2024"}, []),
    ({f"berisi.{COLUMN}": "barat", "q": "2025"}, ["-7"]),
    ({"dari.jumlah": "0", "sampai.jumlah": "12,5"}, ["12,50"]),
    ({"dari.hari": "2026-02-04"}, [""]),
    ({"sama.aktif": "false", "urut": "jumlah"}, ["-7", "12,50"]),
    ({"q": "tidak-ada-di-sini"}, []),
)
BAD = (
    {"urut": "bukan"},
    {"halaman": "-1"},
    {"baris": "7"},
    {"dari.jumlah": "banyak"},
    {"sampai.hari": "2026-99-99"},
    {"berisi.bukan": "x"},
    {"q": "'"},
    {"dari.hari": "0001-01-01T00:00:00+24:00"},
)


def test_rows_are_sorted_and_filtered(ask, opened) -> None:
    for asked, numbers in ASKED:
        page = ask(None, address(opened, "tabel", **asked))
        assert page.status_code == 200, asked
        assert column(page.body, 3) == numbers, asked
        downwards = 'aria-sort="descending"' in page.body
        assert downwards == (asked.get("arah") == "turun"), asked


def test_a_bad_address_is_told_and_the_rest_shown(ask, opened) -> None:
    for asked in BAD:
        page = ask(None, address(opened, "tabel", **asked))
        assert page.status_code == 400, asked
        assert "satudata-errors" in page.body, asked
        assert len(column(page.body, 1)) == 4, asked
    last = ask(None, address(opened, "tabel", halaman="99999"))
    assert last.status_code == 200
    assert len(column(last.body, 1)) == 4


def test_the_file_for_spreadsheets_opens_in_indonesian(ask, opened) -> None:
    answer = ask(None, address(opened, "lembar.csv"))
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert 'filename="tabel-kota-lembar.csv"' in answer.headers["Content-Disposition"]
    assert answer.data[:3] == b"\xef\xbb\xbf"
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows == [
        [COLUMN, "tahun", "jumlah", "hari", "aktif"],
        [CELL, "2024", "1234567", "2026-01-02", "TRUE"],
        ["Kota; Barat", "2025", "-7", "2026-02-03", "FALSE"],
        ["'=1+1", "2025", "", "2026-02-04", "TRUE"],
        ["Zebra", "2025", "12,50", "", "FALSE"],
    ]
    again = ask(None, address(opened, "lembar.csv"), **{"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("leaf", ["tabel", "lembar.csv", "tabel.json"])
def test_limited_rows_are_for_their_readers_and_each_read_is_recorded(ask, closed, leaf) -> None:
    for who in OTHERS:
        answer = ask(who, address(closed, leaf))
        assert answer.status_code == 403, who
        assert COLUMN not in answer.body
        assert CELL not in answer.body
    assert reads(closed["id"]) == 0
    for number, who in enumerate(READERS, 1):
        answer = ask(who, address(closed, leaf))
        assert answer.status_code == 200, who
        assert CELL in answer.body
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "ETag" not in answer.headers
        assert reads(closed["id"]) == number


@pytest.mark.parametrize("leaf", ["tabel", "lembar.csv", "tabel.json"])
def test_what_is_not_there_is_not_found(ask, city, closed, opened, leaf) -> None:
    draft = city.dataset()
    rid = opened["resources"][0]["id"]
    for who in (None, "warga", "pengawas"):
        assert ask(who, address(draft, leaf)).status_code == 404
    for path in (
        f"/dataset/{opened['name']}/resource/tidak-ada/{leaf}",
        f"/dataset/tidak-ada/resource/{rid}/{leaf}",
        f"/dataset/{closed['name']}/resource/{rid}/{leaf}",
    ):
        assert ask(None, path).status_code == 404


def test_a_large_table_is_paged_from_both_ends_in_a_stable_order(
    ask, city, work, make_upload
) -> None:
    """Every row once in each order, empty cells last, also where an index is read backwards."""
    values = [str(i * 7919 % 5000) if i % 3 else "" for i in range(LARGE)]
    lines = "".join(f"{i},{v},nama {i % 50}\n" for i, v in enumerate(values))
    dataset = city.publish(file=make_upload(f"n,nilai,nama\n{lines}".encode(), "besar.csv"))
    work(dataset)
    assert LARGE >= tables.INDEXED_FROM
    filled = sorted(int(v) for v in values if v)
    pages = LARGE // 100
    for way, ordered in (("naik", filled), ("turun", filled[::-1])):
        whole = [f"{v:,}".replace(",", ".") for v in ordered] + [""] * (LARGE - len(filled))
        for page in (1, 2, 59, 60, 61, 80, 81, pages):
            asked = {"urut": "nilai", "arah": way, "baris": "100", "halaman": str(page)}
            body = ask(None, address(dataset, "tabel", **asked)).body
            assert column(body, 2) == whole[(page - 1) * 100 : page * 100], (way, page)
    body = ask(None, address(dataset, "tabel", halaman=str(LARGE // 50))).body
    assert column(body, 1) == [f"{i:,}".replace(",", ".") for i in range(LARGE - 50, LARGE)]
    body = ask(None, address(dataset, "tabel", q="nama")).body
    assert "10.000" in body
    filtered = {"berisi.nama": "nama 7", "urut": "n", "arah": "turun"}
    body = ask(None, address(dataset, "tabel", **filtered)).body
    assert column(body, 1)[:2] == ["11.957", "11.907"]


def test_a_wide_table_is_shown_in_parts(ask, city, work, make_upload) -> None:
    names = [f"kolom_{i}" for i in range(90)]
    content = ",".join(names) + "\n" + ",".join(f"n{i}" for i in range(90)) + "\n"
    dataset = city.publish(file=make_upload(content.encode(), "lebar.csv"))
    work(dataset)
    page = ask(None, address(dataset, "tabel", kolom="3"))
    assert column(page.body, 1) == ["n80"]
    assert ask(None, address(dataset, "tabel", kolom="4")).status_code == 400
