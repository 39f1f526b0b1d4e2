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

import yaml

from ckanext.satudata_pontianak.metadata import codes

HERE = Path(__file__).parent
CITY = "61.71"
REGIONS = "wilayah"
"""Stands for a file in ``files``: the regions, made from the code list itself."""

DESKS = ("draft", "verification", "consequence_test", "approval")


@dataclass(frozen=True)
class Step:
    """A step in a case: who takes it, and what they write."""

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

    def content(self) -> bytes:
        """The bytes to upload."""
        if self.source == REGIONS:
            return regions_csv()
        content = (HERE / "data" / self.source).read_bytes()
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

    @property
    def published(self) -> bool:
        """Everyone finds it: Walidata approved it as open."""
        return self.until == "decided" and self.test is None

    def steps(self, today: dt.date) -> tuple[Step, ...]:
        """The steps from the draft to where the case is left, in their order."""
        submit = Step(self.producer, "submit")
        if self.test is None:
            road = (submit, Step(self.verifier, "approve"))
            stops: tuple[str, ...] = ("draft", "verification", "decided")
        else:
            road = (submit, *self._through_ppid(self.test, today))
            stops = (*DESKS, "decided")
        return road[: stops.index(self.until)]

    def _through_ppid(self, test: Mapping[str, Any], today: dt.date) -> Iterator[Step]:
        yield Step(self.verifier, "refer", test["refer"])
        if "assess" in test:
            end = today.replace(day=min(today.day, 28), year=today.year + test["years"])
            period = {"mulai": today.isoformat(), "akhir": end.isoformat()}
            yield Step("ppid", "assess", {**test["assess"], **period})
        if "approve" in test:
            yield Step("penetap", "approve", test["approve"])


@cache
def datasets() -> tuple[DemoDataset, ...]:
    """All datasets of the demo, in the order in which they are made."""
    content = yaml.safe_load((HERE / "datasets.yaml").read_text("utf-8"))
    return tuple(
        _dataset(item, content["defaults"], content["remark"]) for item in content["datasets"]
    )


def _dataset(item: Mapping[str, Any], defaults: Mapping[str, Any], remark: str) -> DemoDataset:
    values = {**defaults, **item["values"]}
    if not item.get("real"):
        values["notes"] = f"{values['notes']}\n\n{remark}"
    return DemoDataset(
        name=item["name"],
        owner=item["owner"],
        producer=item["producer"],
        verifier=item.get("verifier", "walidata"),
        until=item["until"],
        values=values,
        files=tuple(
            DemoFile(f["file"], f.get("as", f["file"]), f["name"], f.get("description", ""))
            for f in item["files"]
        ),
        test=item.get("test"),
    )


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
