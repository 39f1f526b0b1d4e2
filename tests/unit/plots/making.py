"""How tables are made up, and what is drawn of them."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field

from ckanext.satudata_pontianak.metadata.roles import Column, see
from ckanext.satudata_pontianak.portal.plots import child, rendering
from ckanext.satudata_pontianak.portal.plots.choosing import choose
from ckanext.satudata_pontianak.portal.plots.drawing import places
from ckanext.satudata_pontianak.portal.plots.drawing.charts import Chart, Wanted
from ckanext.satudata_pontianak.portal.plots.drawing.figure import draw
from ckanext.satudata_pontianak.portal.plots.drawing.looks import THEMES
from ckanext.satudata_pontianak.portal.plots.drawing.words import Words

DISTRICTS = {
    "61.71.01": "Pontianak Selatan",
    "61.71.02": "Pontianak Timur",
    "61.71.03": "Pontianak Barat",
    "61.71.04": "Pontianak Utara",
    "61.71.05": "Pontianak Kota",
    "61.71.06": "Pontianak Tenggara",
}
VILLAGES = {
    "61.71.01.1002": "Benuamelayu Laut",
    "61.71.01.1003": "Benuamelayu Darat",
    "61.71.02.1003": "Saigon",
    "61.71.03.1001": "Pallima",
    "61.71.05.1005": "Sungaijawi",
    "61.71.06.1001": "Bansir Laut",
}
MONTHS = (
    "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()
)


@dataclass(frozen=True)
class Made:
    """A made-up table."""

    name: str
    csv: str
    drawn: str | None
    series: int = 1
    panels: bool = False
    types: dict[str, str] = field(default_factory=dict)

    @property
    def header(self) -> list[str]:
        return next(csv.reader(io.StringIO(self.csv)))

    @property
    def rows(self) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.csv)))[1:]


WORDS = {
    language: Words(language, lambda text: text, lambda one, many, n: one if n == 1 else many)
    for language in ("id", "en")
}


def seen_of(made: Made):
    return see([Column(n, made.types.get(n, "text")) for n in made.header], made.rows, places.find)


def table(header: str, *rows: str, **types: str) -> Made:
    return Made("", "\n".join([header, *rows]) + "\n", None, types=types)


def chart_of(made: Made, **wanted: str) -> Chart:
    found = choose(seen_of(made), Wanted(**wanted) if wanted else None)
    assert isinstance(found, Chart), found
    return found


def spec_of(chart: Chart, language="id"):
    return draw(chart, WORDS[language], THEMES["terang"], ["Sumber: contoh"])


def svg_of(spec) -> str:
    """Return the picture as the child process draws it, without starting one."""
    return child.drawn(rendering.request(spec, "id"), "svg").decode()


def encodings(node):
    """Return every encoding of a specification."""
    if isinstance(node, dict):
        found = [node] if "encoding" in node else []
        return found + [e for value in node.values() for e in encodings(value)]
    if isinstance(node, list):
        return [e for value in node for e in encodings(value)]
    return []
