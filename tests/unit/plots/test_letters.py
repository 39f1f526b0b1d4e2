"""No line above a picture is cut off, whatever font a reader has."""

from __future__ import annotations

import re

import pytest
import vl_convert

from ckanext.satudata_pontianak.portal.plots.drawing import letters
from ckanext.satudata_pontianak.portal.plots.drawing.figure import draw
from ckanext.satudata_pontianak.portal.plots.drawing.letters import (
    above,
    fitted,
    padding_of,
    roomy,
    width_of,
)
from ckanext.satudata_pontianak.portal.plots.drawing.looks import LOOKS

from .corpus import TABLES
from .making import WORDS, chart_of

SOURCE = (
    "Sumber: Jumlah Penduduk menurut Kelurahan dan Jenis Kelamin, Dinas Kependudukan dan "
    "Pencatatan Sipil Kota Pontianak, Peragaan Pontianakmemperagakankatayangpanjangsekalitanpaspasi"
)


@pytest.mark.parametrize("size", ["lebar", "sempit"])
@pytest.mark.parametrize("made", [m for m in TABLES if m.drawn], ids=lambda made: made.name)
def test_every_line_of_the_source_stands_within_the_picture(made, size):
    spec = draw(chart_of(made), WORDS["id"], LOOKS["terang", size], [SOURCE])
    lines = spec["title"]["subtitle"]
    assert "".join(SOURCE.split()) in "".join("".join(lines).split())
    drawn = roomy(vl_convert.vegalite_to_svg(spec), spec)
    found = re.search(r'width="([\d.]+)" height="[\d.]+" viewBox="0 0 ([\d.]+) ', drawn)
    assert found
    assert found[1] == found[2]
    assert above(spec["title"]) + 24 <= float(found[1]) + 1
    assert above(spec["title"]) <= LOOKS["terang", size].frame.width


def test_a_word_that_is_wider_than_the_picture_is_broken():
    lines = fitted("satu " + "m" * 100, 11, 290)
    assert lines[0] == "satu"
    assert "".join(lines[1:]) == "m" * 100
    assert all(width_of(line, 11) <= 290 for line in lines)


def test_the_widths_are_those_of_the_widest_font_that_pictures_name():
    from PIL import ImageFont

    try:
        font = ImageFont.truetype("DejaVuSans.ttf", 110)
    except OSError:
        pytest.skip("DejaVu Sans is not installed")
    for text in (SOURCE, "Laki-laki 2.024.000 jiwa (2023–2025)", "KECAMATAN PONTIANAK BARAT"):
        assert font.getlength(text) / 10 <= width_of(text, 11) * 1.01


def test_an_upright_axis_keeps_its_title_away_from_its_labels_in_the_widest_font():
    drawn = (7 * 0.556 + 2 * 0.278) * 12  # digits and marks of Liberation Sans
    wider = width_of("1.000.000", 12) - drawn
    assert wider > letters.PADDING
    assert padding_of(["1.000.000"], 12) >= wider + letters.PADDING
    assert padding_of([], 12) == letters.PADDING
