"""Uptime and response of an app as pictures: the specifications that are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ...jepin.pulse.answers import PulseDayShown
from ...msgids import N_
from ..plots.drawing.figure import SCHEMA
from ..plots.drawing.looks import Theme, config_of, titled

HEIGHT = 160
TITLES = {"ketersediaan": N_("Uptime by day"), "tanggapan": N_("Response by day")}
"""Picture, as its address names it → its title."""
AXES = {"ketersediaan": N_("Percent"), "tanggapan": N_("Milliseconds")}
KEYS = {"ketersediaan": "uptime", "tanggapan": "response"}


def specification(name: str, days: Sequence[PulseDayShown], theme: Theme) -> dict[str, Any]:
    """Return what is drawn of one of the pictures; a day without a check stays empty.

    :param name: of :data:`TITLES`.
    """
    key = KEYS[name]
    values = [{"day": each["day"], "value": each[key], "before": each["before"]} for each in days]
    y: dict[str, Any] = {"field": "value", "type": "quantitative", "title": tk._(AXES[name])}
    if key == "uptime":
        y["scale"] = {"domain": [0, 100]}
    mark = "bar" if key == "uptime" else "line"
    axis = {"format": "%d/%m", "title": None, "labelOverlap": True}
    return {
        "$schema": SCHEMA,
        "description": sentence(name, days),
        "background": theme.ground,
        "padding": 12,
        "width": theme.frame.width,
        "height": HEIGHT,
        "title": titled(tk._(TITLES[name]), [sentence(name, days)], theme),
        "data": {"values": values},
        "mark": {"type": mark, "color": theme.series[0], "point": mark == "line"},
        "encoding": {
            "x": {"field": "day", "type": "temporal", "timeUnit": "utcyearmonthdate", "axis": axis},
            "y": y,
            # Days under another address than now.
            "opacity": {"condition": {"test": "datum.before", "value": 0.35}, "value": 1},
        },
        "config": config_of(theme),
    }


def sentence(name: str, days: Sequence[PulseDayShown]) -> str:
    """Say what a picture shows."""
    known = [each for each in days if each[KEYS[name]] is not None and not each["before"]]
    if not known:
        return tk._("Nothing was checked yet.")
    worst = min if name == "ketersediaan" else max
    day = worst(known, key=lambda each: float(each[KEYS[name]] or 0))
    text = (
        tk._("Of {days} days with checks the worst was {day}: {number} percent answered.")
        if name == "ketersediaan"
        else tk._("Of {days} days with checks the slowest was {day}: {number} milliseconds.")
    )
    number = tk.h.satudata_number(day[KEYS[name]])
    return text.format(days=len(known), day=tk.h.satudata_day(day["day"]), number=number)
