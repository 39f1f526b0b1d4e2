"""What the demo consists of: its datasets, their files, and the steps that each one goes.

Pure: reads ``datasets.yaml``, ``city.yaml`` and ``data/`` beside it and knows nothing of CKAN.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from ckanext.satudata_pontianak import days, paths
from ckanext.satudata_pontianak.metadata import codes
from ckanext.satudata_pontianak.surface import yaml_text

from . import figures, tables

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

ROAD = ("submit", "refer", "assess", "approve")
BEFORE = {
    "bring": (16, 8),
    "submit": (16, 10),
    "refer": (11, 9),
    "assess": (5, 13),
    "approve": (0, 9),
}
"""What is done with a file → how many days before it was decided, and from which hour on."""
MADE_UP = {
    "name": "dinas-peragaan",
    "title": "Dinas Peragaan (rekaan)",
    "sdi_role": ["produsen_data"],
    "kotak_surat": "data.peragaan@contoh.pontianak.go.id",
    "status_verifikasi": "perlu_konfirmasi",
    "sumber_verifikasi": "rekaan untuk peragaan portal; tidak ada Perangkat Daerah ini",
}
"""An agency that does not exist: what goes wrong in the demo, and is refused, is its own."""
LETTERHEADS = ("xlsx", "pdf")
KINDS = {
    "kelurahan": "Kelurahan; tahun",
    "kecamatan": "Kecamatan; tahun",
    "tahun": "Tahun",
    "bulan": "Bulan",
    "titik": "Titik; kelurahan",
    "bidang": "Bidang; kelurahan",
}
LEVELS = {
    "kelurahan": "kelurahan",
    "kecamatan": "kecamatan",
    "tahun": "kota",
    "bulan": "kota",
    "titik": "lokasi",
    "bidang": "lokasi",
}
"""By what a table has its rows: how that is called, and the level of presentation."""

DESKS = ("draft", "verification", "consequence_test", "approval")


@dataclass(frozen=True)
class Step:
    """A step in a case, `NEW_FILE` or `HOLD`: who takes it, and what they write."""

    by: str
    transition: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    at: dt.datetime | None = None
    """When it was taken; without it, on the day on which the demo is made."""
    file: DemoFile | None = None


@dataclass(frozen=True)
class DemoFile:
    """A file of a dataset: where its rows come from, and what it is called on the portal."""

    source: str
    filename: str
    name: str
    description: str = ""
    only: tuple[str, str] | None = None
    """Keep the rows in which this column has this value."""
    table: Mapping[str, Any] | None = None
    """What it is made from, instead of a file; see ``city.yaml``."""
    until: dt.date = dt.date.min
    """The day of its publication: it has the periods before."""
    heads: tuple[str, ...] = ()
    years: str = ""

    def content(self) -> bytes:
        """The bytes to upload."""
        if self.table:
            ending = self.filename.rpartition(".")[2]
            heads = self.heads if ending in LETTERHEADS else ()
            return tables.content(self.table, self.until, ending, heads)
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
    """A version that is left waiting."""
    later: tuple[DemoFile, ...] = ()
    """Versions that were decided, each on its day."""
    release: int | None = None
    """Days from the start of the demo to the next figures."""

    @property
    def begun(self) -> dt.datetime | None:
        """When it was made; without it, on the day on which the demo is made."""
        if not self.files or self.files[0].until == dt.date.min:
            return None
        return self._moment(self.files[0], "bring")

    def _moment(self, file: DemoFile, act: str) -> dt.datetime:
        """A time at work, some days before the day on which a file was decided."""
        before, hour = BEFORE[act]
        day = file.until - dt.timedelta(days=before)
        day -= dt.timedelta(days=max(0, day.weekday() - 4))
        minute = int(figures.between(0, 100, self.name, file.until, act))
        return dt.datetime.combine(day, dt.time(hour + minute // 60, minute % 60), days.CITY)

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
        if self.begun and self.test is None:
            return tuple(self._decided())
        submit = Step(self.producer, "submit")
        if self.test is None:
            road = (submit, Step(self.verifier, "approve"))
            stops: tuple[str, ...] = ("draft", "verification", "decided")
        else:
            day = self.files[0].until if self.begun else today
            road = (submit, *self._through_ppid(self.test, day))
            if self.begun:
                times = (self._moment(self.files[0], act) for act in ROAD)
                road = tuple(replace(step, at=at) for step, at in zip(road, times, strict=True))
            stops = (*DESKS, "decided")
        return (*road[: stops.index(self.until)], *self._afterwards())

    def _decided(self) -> Iterator[Step]:
        """The steps of each version: brought, submitted, approved on its day."""
        for file in (*self.files, *self.later):
            if file in self.later:
                yield Step(self.producer, NEW_FILE, at=self._moment(file, "bring"), file=file)
            yield Step(self.producer, "submit", at=self._moment(file, "submit"))
            yield Step(self.verifier, "approve", at=self._moment(file, "approve"))

    def _afterwards(self) -> Iterator[Step]:
        if self.hold:
            fields = {k: v for k, v in self.hold.items() if k != "by"}
            yield Step(self.hold["by"], HOLD, fields)
        if self.new_file:
            yield Step(self.producer, NEW_FILE, file=self.new_file)
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
    named = (
        _dataset(each, content["defaults"], content["remark"])
        for item in content["datasets"]
        for each in _months(item)
    )
    made = (
        _made(each, content["defaults"], content["remark"])
        for item in yaml_text.read(HERE / "city.yaml")["datasets"]
        for each in _districts(item)
    )
    return (*named, *made)


@cache
def agencies() -> Mapping[str, Mapping[str, Any]]:
    """The agencies to start with, and the one that is made up, by their names."""
    content = yaml_text.read(paths.schemas() / "codes" / "agencies.yaml")
    return {one["name"]: one for one in (*content["agencies"], MADE_UP)}


def producer_of(agency: str) -> str:
    """The account that writes for an agency; the agency of Walidata writes itself."""
    if "walidata" in agencies()[agency]["sdi_role"]:
        return "walidata"
    short = str(agencies()[agency]["kotak_surat"]).removeprefix("data.").partition("@")[0]
    return f"produsen_{short.replace('-', '_')}"


def _districts(item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """One dataset for each district, where it says so; anything else as it is."""
    if "each" not in item:
        yield item
        return
    for one in figures.districts():
        name = one.label.lower().replace(" ", "-")
        yield _filled(item, {"{kecamatan}": one.label, "{nama}": name, "{kode}": one.code})


def _made(item: Mapping[str, Any], defaults: Mapping[str, Any], remark: str) -> DemoDataset:
    """A dataset of ``city.yaml``, with a file for each of its versions."""
    known = {one: item[one] for one in ("title", "urusan", "konsep", "satuan")}
    geographic, ending = "count" in item, item.get("as", "csv")
    versions = []
    for day in item["decided"]:
        span = tables.years(item, day)
        years = str(span[0]) if len(span) == 1 else f"{span[0]}-{span[-1]}"
        heads = ("PEMERINTAH KOTA PONTIANAK", str(agencies()[item["owner"]]["title"]).upper())
        title = f"{item['title']} {years}"
        filename = f"{item['name']}.{ending}"
        heads = (*heads, title, "Angka contoh untuk peragaan")
        file = DemoFile("", filename, title, table=item, until=day, heads=heads, years=years)
        versions.append(file)
    values = {
        **defaults,
        **known,
        "notes": f"{item['notes']}\n\n{remark}",
        "tag_string": item["tags"],
        "jenis_data": "geospasial" if geographic else "statistik",
        "definisi": f"{item['konsep']} yang dicatat Perangkat Daerah pada akhir masa pelaporan",
        "klasifikasi_penyajian": KINDS[item["by"]],
        "ukuran": "Jumlah",
        "tahun": versions[0].years,
        "level_penyajian": LEVELS[item["by"]],
        "frekuensi_penerbitan": item.get("often", "tahunan"),
    }
    return DemoDataset(
        name=item["name"],
        owner=item["owner"],
        producer=producer_of(item["owner"]),
        verifier="walidata",
        until="decided",
        values=values,
        files=(versions[0],),
        later=tuple(versions[1:]),
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
        files=tuple(
            replace(_file(f), until=item.get("decided", dt.date.min)) for f in item["files"]
        ),
        test=item.get("test"),
        hold=then.get("hold"),
        new_file=_file({**item["files"][0], **then["new_file"]}) if "new_file" in then else None,
        release=item.get("release"),
    )


def _file(item: Mapping[str, Any]) -> DemoFile:
    source = item.get("file", "")
    return DemoFile(
        source,
        item.get("as", source),
        item["name"],
        item.get("description", ""),
        item.get("only"),
        item.get("table"),
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
    heading, *rows = csv.reader(io.StringIO(content.decode("utf-8")))
    return tables.workbook(heading, [[_number(cell) for cell in row] for row in rows], ())


def _number(cell: str) -> str | float:
    try:
        return int(cell) if cell.isdigit() else float(cell)
    except ValueError:
        return cell
