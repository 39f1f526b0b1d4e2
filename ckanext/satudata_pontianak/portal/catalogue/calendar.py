"""The release calendar: which figures are due in a month, and which are late.

Days are kept in the search index (``metadata/freshness.py``), so a month is one search as the
reader; what they may not know of is not in it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import flask
import icalendar
from babel.dates import format_date

import ckan.plugins.toolkit as tk

from ... import config, days
from ...agencies.helpers import satudata_agency_named
from ...metadata import freshness
from ...metadata.service import dataset_fields
from ...surface.pages import page
from ..web import call, formats
from . import places
from .places import Found

FIRST_YEAR, LAST_YEAR = 2000, 2100
PARAM, LATE = "bulan", "terlambat"
_MONTH = re.compile(r"^(\d{4})-(\d{2})$", re.ASCII)
AHEAD_MONTHS = 36
AHEAD = 366
"""Days that the feeds look ahead."""

BEHIND = 31
FEED = 500
"""Releases in a feed at most; who wants more reads the API."""

MOST_AGREED = 20
"""Agreed data without a dataset that a month shows; the list of the year has all."""

SOON = "satudata_due_day asc, title_string asc"
BEGINNING = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
LONGEST_LATE = "satudata_late_day asc, title_string asc"


@dataclass(frozen=True)
class Release:
    """A dataset and the day on which its next figures are due."""

    dataset: Mapping[str, Any]
    day: dt.date | None
    last: dt.date | None
    state: freshness.Freshness


def release(dataset: Mapping[str, Any], today: dt.date) -> Release:
    """Return what the calendar says of a dataset."""
    return Release(
        dataset,
        freshness.next_of_dataset(dataset),
        freshness.last_update(dataset),
        freshness.of_dataset(dataset, today),
    )


def read_month(text: str | None, today: dt.date) -> tuple[dt.date, bool]:
    """Return the first day of a month such as ``2026-11``, and whether that was one.

    What is no month gives the present one.
    """
    if not text:
        return today.replace(day=1), True
    match = _MONTH.match(text)
    if match and FIRST_YEAR <= int(match[1]) <= LAST_YEAR and 1 <= int(match[2]) <= 12:
        return dt.date(int(match[1]), int(match[2]), 1), True
    return today.replace(day=1), False


def shifted(month: dt.date, months: int) -> dt.date | None:
    """Return the month so many later or earlier; ``None`` outside the calendar."""
    year, number = divmod(month.year * 12 + month.month - 1 + months, 12)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    return dt.date(year, number + 1, 1)


def between(first: dt.date, end: dt.date, field: str = "satudata_due_day") -> str:
    """Return the filter query of a day in the index from ``first`` to before ``end``."""
    return f'+{field}:["{first.isoformat()}" TO "{end.isoformat()}"}}'


def late(today: dt.date) -> str:
    """Return the filter query of what is late."""
    return f'+satudata_late_day:[* TO "{today.isoformat()}"]'


def calendar() -> str:
    """Show what is due in a month, by day, or what is late."""
    today = days.today()
    asked = flask.request.args.get(PARAM)
    view = LATE if flask.request.args.get("lihat") == LATE else ""
    month, known = read_month(asked, today)
    if not asked and not view:
        month = next_with_something(month)
    following = shifted(month, 1) or month
    overdue = places.find(
        late(today),
        page=places.number() if view else 1,
        rows=places.PER_PAGE if view else 5,
        sort=LONGEST_LATE,
    )
    found = Found()
    if not view:
        window = between(month, following)
        found = places.find(window, page=places.number(), sort=SOON)
    shown = {
        "month": month,
        "title": month_name(month),
        "previous": shifted(month, -1),
        "following": shifted(month, 1),
        "this_month": today.replace(day=1),
        "known": known,
        "view": view,
        "found": overdue if view else found,
        "days": by_day([release(d, today) for d in found.datasets]),
        "overdue": overdue,
        "late": [release(d, today) for d in overdue.datasets],
        "today": today,
        "named": month_name,
        "labels": {state: tk._(label) for state, label in freshness.rules().labels.items()},
        "frequencies": frequencies(),
        "agreed": {} if view else agreed_without(month),
    }
    return tk.render("satudata/calendar.html", shown)


def next_with_something(month: dt.date) -> dt.date:
    """Return the first month from this one on in which something is due; this one if none is."""
    ahead = shifted(month, AHEAD_MONTHS) or month
    found = places.find(between(month, ahead), rows=1, sort=SOON)
    day = freshness.next_of_dataset(found.datasets[0]) if found.datasets else None
    return day.replace(day=1) if day is not None and day > month else month


def agreed_without(month: dt.date) -> dict[str, Any]:
    """Return the first agreed data due in a month of which no dataset is known to the reader."""
    asked = f"{month:%Y-%m}"
    return call.call("satudata_agreed_list", month=asked, without=True, limit=MOST_AGREED)


def frequencies() -> dict[str, str]:
    """Return in words what each frequency of publication is called."""
    fields = {f["field_name"]: f for f in dataset_fields()}
    choices = fields.get("frekuensi_penerbitan", {}).get("choices") or ()
    return {c["value"]: tk._(c["label"]) for c in choices}


def month_name(month: dt.date) -> str:
    """Return a month in words: "November 2026"."""
    return format_date(month, format="MMMM y", locale=formats.locale_of(tk.h.lang()))


def by_day(releases: Iterable[Release]) -> list[tuple[dt.date, list[Release]]]:
    """Return releases gathered by their day, in the order given."""
    dated = [r for r in releases if r.day is not None]
    return [(day, list(group)) for day, group in groupby(dated, key=lambda r: r.day) if day]


def _ahead() -> list[Release]:
    """Return the releases that feeds tell of, the nearest first."""
    today = days.today()
    window = between(today - dt.timedelta(days=BEHIND), today + dt.timedelta(days=AHEAD))
    found = places.find(window, rows=FEED, sort=SOON)
    if found.failed:
        return tk.abort(503, tk._("The calendar cannot be read at the moment. Try again later."))
    return [release(d, today) for d in found.datasets]


def calendar_ics() -> Any:
    """Give the coming releases as a calendar that programs subscribe to (RFC 5545)."""
    response = flask.Response(as_ics(_ahead()), mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'inline; filename="kalender-rilis.ics"'
    return response


def as_ics(releases: Sequence[Release]) -> bytes:
    """Return releases as an iCalendar file, an all-day event for each."""
    site = config.site_url().rstrip("/")
    host = site.partition("//")[2].partition("/")[0].partition(":")[0]
    told = icalendar.Calendar()
    told.add("prodid", f"-//{host}//kalender-rilis//ID")
    told.add("version", "2.0")
    told.add("x-wr-calname", tk._("Release calendar"))
    for item in releases:
        if item.day is None:
            continue
        dataset = item.dataset
        event = icalendar.Event()
        event.add("uid", f"{dataset['id']}@{host}")
        event.add("dtstamp", _changed(dataset))
        event.add("dtstart", item.day)
        event.add("dtend", item.day + dt.timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        event.add("summary", str(dataset.get("title") or dataset["name"]))
        event.add("description", _agency(dataset))
        event.add("url", f"{site}{tk.url_for('dataset.read', id=dataset['name'])}")
        told.add_component(event)
    return told.to_ical()


def _agency(dataset: Mapping[str, Any]) -> str:
    return satudata_agency_named(dataset.get("organization") or {})


def _changed(dataset: Mapping[str, Any]) -> dt.datetime:
    """Return when the dataset changed last, so that the same calendar has the same bytes."""
    try:
        moment = dt.datetime.fromisoformat(str(dataset.get("metadata_modified")))
    except ValueError:
        return BEGINNING
    return moment.replace(tzinfo=dt.UTC)


def calendar_atom() -> Any:
    """Give the coming releases as a feed."""
    releases = _ahead()
    newest = max((_changed(r.dataset) for r in releases), default=BEGINNING)
    told = {
        "releases": releases,
        "updated": newest.isoformat(),
        "changed": lambda dataset: _changed(dataset).isoformat(),
        "site": config.site_url().rstrip("/"),
    }
    body = tk.render("satudata/calendar_atom.html", told)
    return flask.Response(body, mimetype="application/atom+xml")


places.blueprint.add_url_rule("/kalender-rilis", "calendar", page(calendar, kept=True, light=True))
places.blueprint.add_url_rule("/kalender-rilis.ics", "calendar_ics", calendar_ics)
places.blueprint.add_url_rule("/kalender-rilis.atom", "calendar_atom", calendar_atom)
