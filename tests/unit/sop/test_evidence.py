"""Evidence sheets name the codes that are asked for; reports are said as people read them."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
import yaml
from lxml import etree

from ckanext.satudata_pontianak.classification.rules import indonesian
from ckanext.satudata_pontianak.messages import Message
from ckanext.satudata_pontianak.sop.audit import holdings
from ckanext.satudata_pontianak.sop.audit.conformance import Period, report
from ckanext.satudata_pontianak.sop.audit.conformance_tables import CODE_LABELS, conformance_tables
from ckanext.satudata_pontianak.sop.audit.counted import Counted
from ckanext.satudata_pontianak.sop.audit.evidence import (
    NUMBERS,
    EvidenceFile,
    Measured,
    evidence_file,
    measured,
)
from ckanext.satudata_pontianak.sop.audit.evidence_tables import evidence_tables, source_of
from ckanext.satudata_pontianak.sop.audit.replay import CODES
from ckanext.satudata_pontianak.sop.audit.tables import Language, Names, Share, Table, as_csv, view
from ckanext.satudata_pontianak.sop.audit.transparency import numbers
from ckanext.satudata_pontianak.sop.audit.transparency_tables import transparency_tables
from ckanext.satudata_pontianak.sop.drawing import charts
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError, Source

from .ledgers import CLOSED_ROAD, OPEN_ROAD, Ledger, changed
from .made import definitions, raw
from .test_transparency import RULES, TODAY

INDONESIAN = Language(indonesian.translator())
ASKED = {
    "pemdi": [f"IK-{n:02d}" for n in (5, 7, 8, 10, 12, 13, 16, 17, 18, 19, 20)],
    "epss": "10101 10201 10301 10401 30101 30102 30103 30201 30301 30302 30401 "
    "40301 40302 40303 40304 40104 "
    "20101 20102 20201 20301 20302 20401 20402 20403 20501 20502".split(),
    "sni_27001": [
        f"{part}.{n}"
        for part, first, last in ((5, 9, 15), (5, 24, 28), (5, 33, 37), (8, 10, 16))
        for n in range(first, last + 1)
    ],
}


def city() -> Measured:
    ledger = Ledger()
    for number in range(6):
        ledger.road(str(number), *OPEN_ROAD, level="biasa")
    ledger.road("geheim", *CLOSED_ROAD, level="rahasia")
    ledger.entries[-1] = changed(ledger.entries[-1], duty="walidata")
    told = report(ledger.entries, Period(dt.date(2026, 1, 1), TODAY))
    events = {"case.return": 2, "data.read": 3, "case.approve:refused": 4, "member.add": 1}
    stock = dict.fromkeys(("datasets", "scans", "findings", "failed", "masked", "grants"), 8)
    public = numbers(ledger.entries, 2026, TODAY, RULES)
    held = {
        "standard": 0.5, "described": 1.0, "readable": 0.25, "coded": 1.0, "scheduled": 0.75,
        "on_time": 0.6667, "age_months": 3,
    }  # fmt: skip
    counted = Counted(40, 30, "ab" * 32, TODAY)
    subjects = ("subjects_in_time", "subjects_late", "subjects_open", "subjects_overdue")
    stock |= dict.fromkeys(subjects, 8)
    return Measured(told, public, events, {**stock, "decided": 6}, counted, held)


def test_every_code_that_is_asked_for_has_a_sheet_and_every_number_is_used() -> None:
    found = evidence_file().frameworks.values()
    assert {f.name: [s.code for s in f.sheets] for f in found} == ASKED
    assert {n for f in found for s in f.sheets for n in s.numbers} == set(NUMBERS)
    for framework in found:
        assert framework.secondary
        assert "Bagian Hukum" in source_of(framework).text(INDONESIAN.translate)


def test_a_control_is_claimed_only_by_what_measures_it() -> None:
    """How many entries there are proves that something is logged: no backup and no protection."""
    sheets = {s.code: s for f in evidence_file().frameworks.values() for s in f.sheets}
    assert [code for code, s in sheets.items() if "ledger_entries" in s.numbers] == ["8.15"]
    unmeasured = {code for code, s in sheets.items() if not s.numbers}
    assert unmeasured == {
        "IK-13", "IK-16", "IK-17", "30102", "30103", "30201", "40302", "40303", "8.13", "8.14",
    }  # fmt: skip
    for code in unmeasured:
        said = INDONESIAN.translate(sheets[code].help)
        assert "tidak diukur" in said or "tidak mengukur" in said, (code, said)
    assert {"age_months", "period_in_rows", "on_time"} == set(sheets["20301"].numbers)
    assert "on_time" in sheets["20302"].numbers
    former = {old for s in sheets.values() for old in s.also}
    assert former == {f"SPBE {n}" for n in (3, 8, 22, 23, 24)}
    assert sheets["IK-05"].codes == "IK-05 (SPBE 3, SPBE 23)"


def test_datasets_are_measured_by_standard_codes_table_and_calendar() -> None:
    whole = {
        **dict.fromkeys(holdings.STANDARD, "ada"),
        "cakupan": "61.71", "urusan": "2.12", "frekuensi_penerbitan": "tahunan", "tahun": "2025",
    }  # fmt: skip
    today = dt.date(2026, 11, 24)
    held = [
        holdings.Held(whole, dt.date(2026, 3, 2), True),
        holdings.Held({**whole, "satuan": "", "cakupan": "99.99"}, dt.date(2024, 3, 2), False),
        holdings.Held({}, None, False),
        holdings.Held({**whole, "tahun": "2019-2025"}, dt.date(2026, 5, 2), True),
        # Its rows tell of March, whatever year is declared.
        holdings.Held(whole, dt.date(2026, 5, 2), True, dt.date(2026, 3, 31)),
    ]
    told = holdings.measured(held, lambda values: [] if values else ["konsep"], today)
    assert told == {
        "standard": 0.6, "described": 0.8, "readable": 0.6, "coded": 0.6, "scheduled": 0.8,
        "on_time": 0.75, "age_months": 3, "from_rows": 0.3333,
    }  # fmt: skip
    assert set(holdings.measured([], lambda _: [], today).values()) == {None}


def test_the_numbers_are_measured() -> None:
    values = measured(city())
    assert values["share_decided"] == Share(0.75)
    assert (values["returned"], values["reads_recorded"], values["refused_attempts"]) == (2, 3, 4)
    assert (values["ledger_entries"], values["duties_changed"]) == (10, 1)
    assert (values["deviations"], values["median_check"]) == (1, 1)
    printed = view(evidence_tables(values, INDONESIAN), INDONESIAN)
    assert "75%" in printed[0]["rows"][0][3]
    assert "SOP-SDP-01" in printed[0]["rows"][0][4]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda d: d["pemdi"].pop("basis"), "'basis' is missing"),
        (lambda d: d["pemdi"]["basis"].pop("status"), "'status' is missing"),
        (lambda d: d["pemdi"]["sheets"][0].pop("label"), "'label' is missing"),
        (lambda d: d["pemdi"]["sheets"][0].update(code=5.1), "'code': Expected `str`"),
        (lambda d: d["pemdi"]["sheets"][0].update(code="IK-07"), "a code stands twice"),
        (lambda d: d["pemdi"]["sheets"][0].update(numbers=["tiada"]), "unknown number 'tiada'"),
        (lambda d: d["pemdi"]["sheets"][0].update(sops=["tiada"]), "unknown SOP 'tiada'"),
        (lambda d: d["pemdi"]["sheets"][0].update(pages=["tiada"]), "Invalid enum value 'tiada'"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(change: Any, reason: str) -> None:
    told = raw("evidence")
    change(told["frameworks"])
    source = Source("evidence.yaml", yaml.safe_dump(told, sort_keys=False))
    with pytest.raises(DefinitionError, match=rf"evidence.yaml, line \d+: .*{reason}"):
        EvidenceFile.of(source, definitions().sop.documents)


def test_a_report_is_said_in_indonesian_with_drawings_that_can_be_read_aloud() -> None:
    made = city()
    names = Names.of([Ledger().past], {"dinas": "Dinas <Kesehatan>"})
    levels = {"biasa": "Ordinary (open)", "terbatas": "Limited"}
    tables = [
        *conformance_tables(made.conformance, names),
        *transparency_tables(made.transparency, names, levels),
    ]
    shown = {table["title"]: table for table in view(tables, INDONESIAN)}
    assert shown["Ringkasan"]["rows"][3] == [
        "Bagian yang berjalan sesuai prosedur (hitungan publik)",
        "85,7%",
    ]
    waits = shown["Hari kerja dari usulan sampai penetapan menurut Perangkat Daerah"]
    assert waits["rows"][0][:2] == ["Dinas <Kesehatan>", "6"]
    drawn = etree.fromstring(waits["chart"])
    assert drawn.get("role") == "img"
    assert "Dinas <Kesehatan>: 1" in drawn.get("aria-label")
    assert set(CODE_LABELS) == set(CODES)


def test_a_csv_has_a_line_for_each_number_and_no_formula() -> None:
    heads = (Message("Agency"), Message("Cases"), Message("Share that ran as written"))
    table = Table("t", Message("Cases"), heads, (("=1+1", 1234, Share(0.5)), ("-", 5, Share(None))))
    text = as_csv([table], INDONESIAN).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert [row[3] for row in rows[1:]] == ["1234", "0,5", "5", ""]
    assert rows[1][1] == "'=1+1"


def test_bars_fit_their_place_and_nothing_is_drawn_of_nothing() -> None:
    drawn = etree.fromstring(charts.bars("T", [("a " * 80, 3, "3"), ("b", 0, "0")]))
    space = "{http://www.w3.org/2000/svg}"
    wide = [float(r.get("width")) for r in drawn.iter(f"{space}rect")]
    assert wide == [charts.BAR, 0]
    assert max(len(t.text or "") for t in drawn.iter(f"{space}text")) <= charts.LETTERS
    empty = Table("t", Message("Cases"), (Message("Cases"),), (), chart=0)
    assert view([empty], INDONESIAN)[0]["chart"] == ""
