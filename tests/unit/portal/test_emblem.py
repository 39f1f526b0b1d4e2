"""An agency without a picture has a drawing of its own, and it is the same each time."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from ckanext.satudata_pontianak.portal.web.emblem import GROUNDS, MOST, drawn, letters_of


@pytest.mark.parametrize(
    ("title", "letters"),
    [
        ("Dinas Kesehatan", "DK"),
        ("Dinas Kependudukan dan Pencatatan Sipil Kota Pontianak", "DKPS"),
        ("Badan Perencanaan Pembangunan Daerah (Bappeda)", "BPPD"),
        ("Rumah Sakit Umum Daerah (RSUD)", "RSUD"),
        ("Kecamatan Pontianak Utara", "KcU"),
        ("Pontianak", "P"),
        ("???", "?"),
    ],
)
def test_letters_are_those_that_tell_agencies_apart(title, letters):
    assert letters_of(title) == letters
    assert len(letters) <= MOST


def test_the_same_agency_has_the_same_drawing_and_others_have_others():
    names = [f"dinas-{n}" for n in range(200)]
    pictures = {drawn(name, "Dinas Kesehatan") for name in names}
    assert len(pictures) > 100
    assert drawn("dinkes", "Dinas Kesehatan") == drawn("dinkes", "Dinas Kesehatan")


@pytest.mark.parametrize("name", [f"dinas-{n}" for n in range(30)])
def test_a_drawing_is_well_formed_whatever_an_agency_is_called(name):
    picture = ET.fromstring(drawn(name, 'Dinas "<script>" & Air\u201d'))  # noqa: S314  our own drawing
    assert picture.attrib["aria-label"] == 'Dinas "<script>" & Air\u201d'
    assert not [one for one in picture.iter() if one.tag.endswith(("script", "style", "image"))]


@pytest.mark.parametrize("ground", GROUNDS)
def test_the_letters_can_be_read_on_every_ground(ground):
    parts = [int(ground[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    light = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    assert 1.05 / (light + 0.05) >= 4.5
