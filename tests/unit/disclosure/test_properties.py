"""What must hold for every table: nothing hides a NIK, nothing shows it."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.satudata_pontianak.disclosure.engine import scan_file, scan_text
from ckanext.satudata_pontianak.disclosure.recognizers.masking import mask_digits, mask_email
from ckanext.satudata_pontianak.disclosure.report import FileReport, Verdict

pytestmark = pytest.mark.slow

FILES = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
PROVINCES = [11, 12, 13, 14, 19, 21, 31, 32, 35, 36, 51, 61, 64, 65, 71, 76, 81, 91, 94, 97]


@st.composite
def niks(draw) -> str:
    born = draw(st.dates(date(1930, 1, 1), date(2025, 12, 31)))
    day = born.day + draw(st.sampled_from((0, 40)))
    province = draw(st.sampled_from(PROVINCES))
    region = f"{province}{draw(st.integers(1, 79)):02}{draw(st.integers(1, 40)):02}"
    return f"{region}{day:02}{born:%m%y}{draw(st.integers(1, 60)):04}"


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Nd", "No", "Nl")))
cells = st.one_of(
    words,
    st.integers(-(10**8), 10**8).map(str),
    st.floats(allow_nan=False, width=32).map(str),
    st.sampled_from(["", "-", "Pontianak Kota", 'kata "kutip"', "a,b;c", "dua\nbaris"]),
)
forms = st.sampled_from(
    ["{}", "'{}", " {} ", "NIK {}", "warga {} melapor", "({})", "{}.", "a;{},b", "x\n{}\ny"]
)


@st.composite
def tables(draw) -> tuple[list[list[str]], str]:
    width = draw(st.integers(1, 6))
    rows = draw(st.lists(st.lists(cells, min_size=1, max_size=width + 1), min_size=1, max_size=12))
    nik = draw(niks())
    row = rows[draw(st.integers(0, len(rows) - 1))]
    row[draw(st.integers(0, len(row) - 1))] = draw(forms).format(nik)
    return rows, nik


def _check(report: FileReport, nik: str) -> None:
    assert report.verdict is Verdict.FINDINGS, report
    assert "nik" in {f.kind for f in report.findings}
    shown = json.dumps(report.to_json())
    assert nik not in shown
    assert nik[6:12] not in "".join(f.sample for f in report.findings)


@settings(
    deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    table=tables(),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_nik_anywhere_in_a_csv_is_found(tmp_path, table, delimiter, encoding, quoting):
    rows, nik = table
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, quoting=quoting).writerows(rows)
    path = tmp_path / "a.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    _check(scan_file(path), nik)


@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(table=tables())
def test_any_nik_anywhere_in_a_workbook_is_found(tmp_path, table):
    rows, nik = table
    book = openpyxl.Workbook()
    for i, row in enumerate(rows, 1):
        for j, value in enumerate(row, 1):
            cell = book.active.cell(i, j)
            cell.value = openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", value)
            if cell.data_type == "f":
                cell.data_type = "s"
    path = tmp_path / "a.xlsx"
    book.save(path)
    _check(scan_file(path), nik)


@given(nik=niks(), form=forms)
def test_metadata_text(nik, form):
    found = scan_text(form.format(nik))
    assert [f.kind for f in found] == ["nik"]
    assert nik not in found[0].sample


@given(st.text(max_size=40))
def test_a_sample_keeps_at_most_two_digits(value):
    shown = mask_digits(value)
    assert sum(c.isdigit() for c in shown) <= 2
    assert len(value) < 3 or value not in shown or not value.strip("*")


@given(st.from_regex(r"[a-z.]{1,20}@[a-z]{2,12}\.(com|id)", fullmatch=True))
def test_a_masked_address_has_no_mailbox(value):
    shown = mask_email(value)
    assert shown.startswith("***@")
    assert shown != value


@settings(deadline=None)
@given(st.binary(max_size=3000))
def test_no_bytes_make_the_scan_raise(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "garbage.csv"
    path.write_bytes(data)
    report = scan_file(path)
    assert (report.verdict is Verdict.FAILED) == (report.reason is not None)


@pytest.mark.parametrize("text", [None, "", "   ", "Data jumlah penduduk 2020-2025"])
def test_harmless_metadata(text):
    assert scan_text(text) == ()
