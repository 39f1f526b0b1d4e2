"""Draw the made-up tables of the tests as contact sheets, to be looked at by people.

    .run/venv/bin/python benchmarks/plots.py FOLDER [--language en] [--theme gelap] [--maps]

Writes ``sheet-1.png`` … into the folder, with a picture of each table and, below it, its sentence
and what was left out; and says how long a picture takes. ``--maps`` draws the tables that have
districts or villages as maps, on made-up boundaries and, a second time, on points.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from ckanext.satudata_pontianak.metadata.roles import Column, see
from ckanext.satudata_pontianak.portal.plots import region_map
from ckanext.satudata_pontianak.portal.plots.choosing import choose
from ckanext.satudata_pontianak.portal.plots.drawing import places
from ckanext.satudata_pontianak.portal.plots.drawing.charts import Chart, NoChart, Refused, Wanted
from ckanext.satudata_pontianak.portal.plots.drawing.figure import draw
from ckanext.satudata_pontianak.portal.plots.drawing.looks import (
    LOOKS,
    THEMES,
    number_format,
    time_format,
)
from ckanext.satudata_pontianak.portal.plots.drawing.shapes import Shapes
from ckanext.satudata_pontianak.portal.plots.drawing.words import Words
from ckanext.satudata_pontianak.portal.plots.regions import mapped

ROOT = Path(__file__).parents[1]
COLUMNS, PER_SHEET, CELL = 3, 6, (640, 720)


def made_up(module: str) -> Any:
    """Return a module of made-up tables or shapes, which stands with the tests."""
    sys.path.insert(0, str(ROOT / "tests"))
    return importlib.import_module(f"unit.plots.{module}")


Drawn = tuple[str, Chart | NoChart, Shapes]


def charts(*, as_maps: bool) -> Iterator[Drawn]:
    """Give the name of each table with its chart, or with its maps and the shapes below them."""
    made = made_up("made_shapes")
    grounds = [
        made.made([*form(), *form("kelurahan", columns=6)]) for form in (made.areas, made.points)
    ]
    for table in made_up("corpus").TABLES:
        columns = [Column(name, table.types.get(name, "text")) for name in table.header]
        seen = see(columns, table.rows, places.find)
        if not as_maps:
            yield table.name, choose(seen), Shapes()
            continue
        for shapes in grounds:
            with contextlib.suppress(Refused):
                yield table.name, mapped(seen, Wanted(), shapes), shapes


def words_in(language: str) -> Words:
    """Return the words of a language, from the catalogue where there is one."""
    from babel.messages.pofile import read_po

    path = ROOT / f"i18n/{language}/LC_MESSAGES/ckanext-satudata_pontianak.po"
    if language == "en" or not path.exists():
        return Words(language, lambda t: t, lambda one, many, n: one if n == 1 else many)
    with path.open("rb") as source:
        catalogue = read_po(source, locale=language)

    def say(msgid: str) -> str:
        found = catalogue.get(msgid)
        return str(found.string) if found is not None and found.string else msgid

    def plural(one: str, many: str, number: int) -> str:
        found = catalogue.get(one)
        strings = found.string if found is not None else ()
        return (
            strings[0]
            if isinstance(strings, (tuple, list)) and strings
            else (one, many)[number != 1]
        )

    return Words(language, say, plural)


def main() -> None:
    """Draw all tables."""
    import vl_convert

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("folder", type=Path)
    asked.add_argument("--language", default="id")
    asked.add_argument("--theme", default="terang", choices=THEMES)
    asked.add_argument("--size", default="lebar", choices=("lebar", "sempit"))
    asked.add_argument("--maps", action="store_true")
    given = asked.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    words, theme = words_in(given.language), LOOKS[given.theme, given.size]
    font = ImageFont.truetype("DejaVuSans.ttf", 12)
    pictures, took, source = [], [], ["Sumber: tabel contoh"]
    for name, chart, shapes in charts(as_maps=given.maps):
        cell = Image.new("RGB", CELL, "white")
        pen = ImageDraw.Draw(cell)
        pen.text((8, 4), name, fill="black", font=font)
        if not isinstance(chart, Chart):
            pen.text((8, 40), words.note(chart.reason), fill="black", font=font)
            pictures.append(cell)
            continue
        begun = time.perf_counter()
        png = vl_convert.vegalite_to_png(
            region_map.draw(chart, shapes, words, theme, source)
            if given.maps
            else draw(chart, words, theme, source),
            vl_version="5.20",
            allowed_base_urls=[],
            format_locale=number_format(given.language),
            time_format_locale=time_format(given.language),
        )
        took.append(time.perf_counter() - begun)
        picture = Image.open(io.BytesIO(png)).convert("RGB")
        picture.thumbnail((CELL[0], CELL[1] - 130))
        cell.paste(picture, (0, 22))
        said = [words.sentence(chart), *words.notes(chart)]
        text = "\n".join(textwrap.fill(line, 95) for line in said)
        pen.text((8, CELL[1] - 105), text, fill="black", font=font)
        pictures.append(cell)
    for start in range(0, len(pictures), PER_SHEET):
        part = pictures[start : start + PER_SHEET]
        lines = -(-len(part) // COLUMNS)
        sheet = Image.new("RGB", (CELL[0] * COLUMNS, CELL[1] * lines), "white")
        for n, picture in enumerate(part):
            sheet.paste(picture, (n % COLUMNS * CELL[0], n // COLUMNS * CELL[1]))
        sheet.save(given.folder / f"sheet-{start // PER_SHEET + 1}.png")
    print(f"{len(pictures)} tables, {len(took)} pictures")
    print(f"first picture {took[0]:.2f} s, median {sorted(took)[len(took) // 2] * 1000:.0f} ms")


if __name__ == "__main__":
    main()
