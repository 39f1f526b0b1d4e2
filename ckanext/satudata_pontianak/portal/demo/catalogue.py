"""What the demo consists of: its datasets, their files, and the steps that each one goes.

Pure: reads ``datasets.yaml`` and ``data/`` beside it and knows nothing of CKAN.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.metadata import codes
from ckanext.satudata_pontianak.surface import yaml_text

HERE = Path(__file__).parent
CITY = "61.71"
TODAY = b"{hari_ini}"
"""Stands in a file for the day on which the demo is made: points were seen then."""
REGIONS = "wilayah"
"""Stands for a file in ``files``: the regions, made from the code list itself."""

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
NEW_FILE, HOLD = "version.add", "hold"
"""Acts after a decision, by the names under which they are found again."""

DESKS = ("draft", "verification", "consequence_test", "approval")


@dataclass(frozen=True)
class Step:
    """A step in a case, `NEW_FILE` or `HOLD`: who takes it, and what they write."""

    by: str
    transition: str
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class DemoFile:
    """A file of a dataset: where its rows come from, and what it is called on the portal."""

    source: str
    filename: str
    name: str
    description: str = ""
    only: tuple[str, str] | None = None
    """Keep the rows in which this column has this value."""

    def content(self) -> bytes:
        """The bytes to upload."""
        if self.source == REGIONS:
            return regions_csv()
        content = (HERE / "data" / self.source).read_bytes()
        content = content.replace(TODAY, days.today().isoformat().encode())
        if self.only:
            content = rows_where(content, *self.only)
        return as_workbook(content) if self.filename.endswith(".xlsx") else content


@dataclass(frozen=True)
class DemoDataset:
    """A dataset of the demo, and the state in which its case is left."""

    name: str
    owner: str
    producer: str
    verifier: str
    until: str
    values: Mapping[str, Any]
    files: tuple[DemoFile, ...]
    test: Mapping[str, Any] | None = None
    hold: Mapping[str, Any] | None = None
    new_file: DemoFile | None = None
    release: int | None = None
    """Days from the start of the demo to the next figures."""

    @property
    def opened(self) -> bool:
        """Walidata approved it as open: everyone finds it."""
        return self.until == "decided" and self.test is None

    @property
    def published(self) -> bool:
        """Everyone has its files: it is open and not held."""
        return self.opened and self.hold is None

    @property
    def stands(self) -> str:
        """The state in which its last case is left."""
        return "verification" if self.new_file else self.until

    def named_day(self, today: dt.date) -> dict[str, str]:
        """The field with the day of the next figures, where the agency named one."""
        if self.release is None:
            return {}
        return {"jadwal_rilis": (today + dt.timedelta(days=self.release)).isoformat()}

    def steps(self, today: dt.date) -> tuple[Step, ...]:
        """The steps from the draft to where the case is left, in their order."""
        submit = Step(self.producer, "submit")
        if self.test is None:
            road = (submit, Step(self.verifier, "approve"))
            stops: tuple[str, ...] = ("draft", "verification", "decided")
        else:
            road = (submit, *self._through_ppid(self.test, today))
            stops = (*DESKS, "decided")
        return (*road[: stops.index(self.until)], *self._afterwards())

    def _afterwards(self) -> Iterator[Step]:
        if self.hold:
            fields = {k: v for k, v in self.hold.items() if k != "by"}
            yield Step(self.hold["by"], HOLD, fields)
        if self.new_file:
            yield Step(self.producer, NEW_FILE)
            yield Step(self.producer, "submit")

    def _through_ppid(self, test: Mapping[str, Any], today: dt.date) -> Iterator[Step]:
        yield Step(self.verifier, "refer", test["refer"])
        if "assess" in test:
            yield Step("ppid", "assess", {**test["assess"], **_period(test, today)})
        if "approve" in test:
            yield Step("penetap", "approve", test["approve"])


def _period(test: Mapping[str, Any], today: dt.date) -> dict[str, str]:
    """From when until when: from today on, or a year that ended some days ago."""
    if "ended" in test:
        end = today - dt.timedelta(days=test["ended"])
        start = end - dt.timedelta(days=365)
    else:
        start = today
        end = today.replace(day=min(today.day, 28), year=today.year + test["years"])
    return {"mulai": start.isoformat(), "akhir": end.isoformat()}


@cache
def datasets() -> tuple[DemoDataset, ...]:
    """All datasets of the demo, in the order in which they are made."""
    content = yaml_text.read(HERE / "datasets.yaml")
    return tuple(
        _dataset(each, content["defaults"], content["remark"])
        for item in content["datasets"]
        for each in _months(item)
    )


def _months(item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """A series as one item for each month; anything else as it is."""
    if "series" not in item:
        yield item
        return
    series = item["series"]
    for number, month in enumerate(MONTHS, 1):
        each = _filled(item, {"{month}": month, "{number}": f"{number:02}"})
        only = (series["column"], f"{series['year']}-{number:02}")
        yield {**each, "files": [{**file, "only": only} for file in each["files"]]}


def _filled(value: Any, words: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for word, text in words.items():
            value = value.replace(word, text)
        return value
    if isinstance(value, list):
        return [_filled(v, words) for v in value]
    return {k: _filled(v, words) for k, v in value.items()} if isinstance(value, dict) else value


def _dataset(item: Mapping[str, Any], defaults: Mapping[str, Any], remark: str) -> DemoDataset:
    values, then = {**defaults, **item["values"]}, item.get("then", {})
    if not item.get("real"):
        values["notes"] = f"{values['notes']}\n\n{remark}"
    return DemoDataset(
        name=item["name"],
        owner=item["owner"],
        producer=item["producer"],
        verifier=item.get("verifier", "walidata"),
        until=item["until"],
        values=values,
        files=tuple(_file(f) for f in item["files"]),
        test=item.get("test"),
        hold=then.get("hold"),
        new_file=_file({**item["files"][0], **then["new_file"]}) if "new_file" in then else None,
        release=item.get("release"),
    )


def _file(item: Mapping[str, Any]) -> DemoFile:
    return DemoFile(
        item["file"],
        item.get("as", item["file"]),
        item["name"],
        item.get("description", ""),
        item.get("only"),
    )


def rows_where(content: bytes, column: str, value: str) -> bytes:
    """The heading of a CSV, and the rows in which a column has this value."""
    heading, *rows = csv.reader(io.StringIO(content.decode("utf-8")))
    place, text = heading.index(column), io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(
        [heading, *(row for row in rows if row[place] == value)]
    )
    return text.getvalue().encode()


def regions_csv() -> bytes:
    """The city, its districts and villages with their codes, as a file for everyone."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["kode", "nama", "tingkat", "kode_induk", "ejaan_setempat"])
    for code in codes.code_list("wilayah").codes.values():
        if code.code == CITY or code.code.startswith(f"{CITY}."):
            row = [code.code, code.label, code.level, code.parent or "", "; ".join(code.aliases)]
            writer.writerow(row)
    return text.getvalue().encode()


def as_workbook(content: bytes) -> bytes:
    """The rows of a CSV as a workbook with one sheet; numbers become numbers."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    if sheet is None:
        raise RuntimeError("a new workbook has no sheet")
    sheet.title = "Data"
    for row in csv.reader(io.StringIO(content.decode("utf-8"))):
        sheet.append([_number(cell) for cell in row])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _number(cell: str) -> str | float:
    try:
        return int(cell) if cell.isdigit() else float(cell)
    except ValueError:
        return cell
