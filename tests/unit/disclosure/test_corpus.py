"""Recall and precision by column over the labelled corpus (corpus/README.md has the rule)."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from ckanext.satudata_pontianak.disclosure.engine import scan_file
from ckanext.satudata_pontianak.disclosure.report import FileReport
from ckanext.satudata_pontianak.disclosure.ruleset import KINDS

from .corpus.statistics import BUILDERS, statistics_tables
from .corpus.tables import Labelled, person_tables, text_tables, worn_tables

pytestmark = pytest.mark.slow

SEED = 20261124


class Counts:
    """Hits, misses and false alarms, by kind and by source."""

    def __init__(self) -> None:
        self.hit: Counter[tuple[str, str]] = Counter()
        self.missed: Counter[tuple[str, str]] = Counter()
        self.false: Counter[tuple[str, str]] = Counter()
        self.wrong: list[str] = []

    def add(self, table: Labelled, report: FileReport) -> None:
        found = {
            column.index: {f.kind for f in column.findings}
            for t in report.tables
            for column in t.columns
            if t.name is None
        }
        for index, wanted in enumerate(table.kinds):
            got, source = found.get(index, set()), table.sources[index]
            self.hit.update((kind, source) for kind in wanted & got)
            self.missed.update((kind, source) for kind in wanted - got)
            self.false.update((kind, source) for kind in got - wanted)
            if got != wanted:
                self.wrong.append(f"{table.name} column {index}: {sorted(wanted)} {sorted(got)}")

    def rates(self, *, kind: str | None = None, source: str | None = None) -> tuple[float, float]:
        """Return recall and precision; 1 where nothing was wanted, or nothing was reported."""
        hit, missed, false = (
            sum(n for (k, s), n in c.items() if kind in (None, k) and source in (None, s))
            for c in (self.hit, self.missed, self.false)
        )
        return hit / max(1, hit + missed), hit / max(1, hit + false)


def scanned(tables: Iterable[Labelled], folder: Path) -> Iterator[tuple[Labelled, FileReport]]:
    path = folder / "data.csv"
    for table in tables:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerows([table.headings] if table.headings else [])
            writer.writerows(table.rows)
        yield table, scan_file(path, name="data.csv")


@pytest.fixture(scope="module")
def counts(tmp_path_factory: pytest.TempPathFactory) -> Counts:
    result = Counts()
    folder = tmp_path_factory.mktemp("corpus")
    for tables in (person_tables(SEED, 130), text_tables(SEED)):
        for table, report in scanned(tables, folder):
            result.add(table, report)
    return result


def test_recall_and_precision_over_all_kinds(counts: Counts):
    recall, precision = counts.rates()
    assert recall >= 0.98, counts.wrong
    assert precision >= 0.98, counts.wrong


@pytest.mark.parametrize("source", ["rules", "faker", "indofaker", "words"])
def test_no_source_carries_the_others(counts: Counts, source: str):
    assert sum(n for (_, s), n in counts.hit.items() if s == source) >= 20
    recall, precision = counts.rates(source=source)
    assert recall >= 0.97, counts.wrong
    assert precision >= 0.97, counts.wrong


@pytest.mark.parametrize("kind", ["nik", "no_kk"])
def test_no_resident_and_no_family_is_missed(counts: Counts, kind: str):
    assert counts.rates(kind=kind)[0] == 1.0, counts.wrong


def test_every_kind_is_there_and_most_of_it_is_found(counts: Counts):
    seen = {kind for kind, _ in counts.hit}
    assert seen == set(KINDS)
    assert {k: counts.rates(kind=k)[0] for k in KINDS if counts.rates(kind=k)[0] < 0.85} == {}


def test_dashes_and_headings_that_say_nothing_hide_little(tmp_path: Path):
    counts = Counts()
    for table, report in scanned(worn_tables(SEED, 60), tmp_path):
        counts.add(table, report)
    recall, precision = counts.rates()
    assert recall >= 0.97, counts.wrong
    assert precision >= 0.98, counts.wrong
    assert counts.rates(kind="nik")[0] == 1.0, counts.wrong


def test_ordinary_statistics_stay_silent(tmp_path: Path):
    cells = alarms = 0
    noisy = []
    built = set()
    for table, report in scanned(statistics_tables(SEED, 200), tmp_path):
        assert report.reason is None
        cells += sum(len(row) for row in table.rows)
        built.add(table.name.rpartition("-")[2])
        if report.findings:
            alarms += len(report.findings)
            noisy.append((table.name, [(f.kind, f.reason.code) for f in report.findings]))
    assert len(built) == len(BUILDERS)
    assert len(noisy) <= 1, noisy
    assert alarms <= max(1, cells / 10_000), noisy


def test_lists_of_persons_are_told_from_statistics(tmp_path: Path):
    persons = [r.tables[0].person_level for _, r in scanned(person_tables(7, 40), tmp_path)]
    others = [r.tables[0].person_level for _, r in scanned(statistics_tables(7, 80), tmp_path)]
    assert sum(persons) == len(persons)
    assert sum(others) == 0
