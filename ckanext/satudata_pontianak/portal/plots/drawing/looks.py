"""How pictures look, and how a language writes numbers and dates in them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .letters import fitted, padding_of

FONT = "Liberation Sans, Arial, Helvetica, DejaVu Sans, sans-serif"
TITLE, SOURCE = 15, 11
"""Sizes of the letters above a picture: of its title, and of the lines below that."""


@dataclass(frozen=True)
class Frame:
    """How wide a picture is, in pixels, and how many letters stand in a line of its texts."""

    width: int
    labels: int
    panel_labels: int
    title_letters: int
    label_letters: int
    panel_letters: int


WIDE = Frame(560, 190, 110, 62, 28, 18)
PHONE = Frame(290, 110, 90, 36, 16, 13)
"""For the screen of a phone: a wide picture that is made smaller there cannot be read."""


@dataclass(frozen=True)
class Theme:
    """Colours and size of a picture; each series colour has at least 3:1 against the ground.

    ``steps`` are the colours of classes on a map, from low to high, ``none`` that of a region
    without a number.
    """

    name: str
    ground: str
    text: str
    muted: str
    grid: str
    series: tuple[str, ...]
    steps: tuple[str, ...]
    none: str
    frame: Frame = WIDE


THEMES = {
    "terang": Theme(
        "terang",
        "#ffffff",
        "#1b2733",
        "#52606d",
        "#dde3e8",
        ("#0b6e99", "#c2410c", "#3f7d20", "#7b3fa0", "#8a6100", "#b4235a"),
        ("#dceff7", "#a8d3e6", "#6cb0cf", "#2f89b0", "#0b5f86"),
        "#c8c8c8",
    ),
    "gelap": Theme(
        "gelap",
        "#14202b",
        "#eef3f7",
        "#b6c2cd",
        "#34434f",
        ("#5cc0ea", "#ff9d5c", "#8fd16b", "#c9a2f2", "#e8c04a", "#ff8fb3"),
        ("#1d4259", "#2c6484", "#428bb0", "#70b5d8", "#b0ddf3"),
        "#6e6e6e",
    ),
}


LOOKS = {
    (name, size): replace(theme, frame=frame)
    for name, theme in THEMES.items()
    for size, frame in (("lebar", WIDE), ("sempit", PHONE))
}
"""Every look that a picture is drawn in, by theme and size."""


def number_format(language: str) -> dict[str, Any]:
    """Return how the drawing library writes numbers: Indonesian 1.234,5, English 1,234.5."""
    marks = (",", ".") if language != "en" else (".", ",")
    return {"decimal": marks[0], "thousands": marks[1], "grouping": [3], "currency": ["", ""]}


_MONTHS = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
_DAYS = "Minggu Senin Selasa Rabu Kamis Jumat Sabtu"


def time_format(language: str) -> dict[str, Any] | str:
    """Return how the drawing library writes dates."""
    if language == "en":
        return "en-US"
    months, days = _MONTHS.split(), _DAYS.split()
    return {
        "dateTime": "%A, %e %B %Y %X",
        "date": "%d/%m/%Y",
        "time": "%H.%M.%S",
        "periods": ["AM", "PM"],
        "days": days,
        "shortDays": [d[:3] for d in days],
        "months": months,
        "shortMonths": [{"Agustus": "Agu"}.get(m, m[:3]) for m in months],
    }


def wrapped(text: str, letters: int) -> list[str]:
    """Break a text into lines between words."""
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= letters:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def titled(title: str, below: Iterable[str], theme: Theme) -> dict[str, Any]:
    """Return title and lines below it, as they stand above every picture."""
    return {
        "text": fitted(title, TITLE, theme.frame.width, bold=True),
        "subtitle": [line for text in below for line in fitted(text, SOURCE, theme.frame.width)],
        "anchor": "start",
        "frame": "bounds",
        "color": theme.text,
        "subtitleColor": theme.muted,
        "fontSize": TITLE,
        "subtitleFontSize": SOURCE,
        "offset": 12,
    }


def config_of(theme: Theme) -> Mapping[str, Any]:
    axis = {
        "labelColor": theme.text,
        "titleColor": theme.text,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "domainColor": theme.muted,
        "tickColor": theme.muted,
        "gridColor": theme.grid,
    }
    legend = {
        "labelColor": theme.text,
        "titleColor": theme.text,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelLimit": 260,
    }
    return {
        "font": FONT,
        "axis": axis,
        "axisQuantitative": {"grid": True},
        "axisYQuantitative": {"titlePadding": padding_of(["1.000.000"], 12)},
        "axisDiscrete": {"grid": False},
        "axisTemporal": {"grid": False},
        "legend": legend,
        "header": {"labelColor": theme.text},
        "view": {"stroke": None},
        "bar": {"cornerRadiusEnd": 1},
    }
