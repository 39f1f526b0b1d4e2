"""What the actions on the pulse of apps answer (``docs/api.md``)."""

from __future__ import annotations

from typing import Annotated, TypedDict

from ...ledger.answers import Recorded


class PulseFound(TypedDict):
    """Something that a check found."""

    code: Annotated[str, "of `faults` in `schemas/jepin/pulse.yaml`"]
    label: str
    grade: Annotated[str, "`red`: the app fails; `amber`: its owner should know; or `none`"]


class PulseRow(TypedDict):
    """How an app stands, as a list gives it."""

    id: str
    name: str
    title: str
    agency: Annotated[str | None, "title of the agency that owns it"]
    word: Annotated[str | None, "`open`, `disturbed`, `maintenance` or `closed`, for everybody"]
    since: str | None
    checked: Annotated[str | None, "when it was looked at last"]
    link: Annotated[bool, "its address is a link: never of a defaced page"]
    found: Annotated[list[PulseFound], "by the last check"]
    alarm: Annotated[str | None, "when its fault was confirmed; `null` where none stands"]
    due: Annotated[str | None, "until when its owner mends it; then Walidata is handed a task"]
    handed: Annotated[bool, "Walidata was handed a task"]
    uptime: Annotated[float | None, "percent of the checks of the days shown that were answered"]
    unasked: Annotated[str | None, "why an app in use is not looked at; `null` where it is"]


class PulseRows(TypedDict):
    """Apps, those that fail first."""

    count: int
    results: list[PulseRow]


class PulseTargetShown(TypedDict):
    """What is asked of an app."""

    web: str
    feed: str | None
    sitemap: str | None
    marker: Annotated[str | None, "the text behind which the day of its content stands"]
    store_day: Annotated[str | None, "day of its listing in the store, as its owner says"]
    robot: Annotated[bool, "its owner agreed to requests under a search robot's name"]
    maintenance_from: str | None
    maintenance_until: str | None


class PulseAddressShown(TypedDict):
    """An address under which an app was asked."""

    web: Annotated[str | None, "`null`: its entry named none that may be asked"]
    since: str


class PulseWords(TypedDict):
    """Words of a list of ours that stand in a page."""

    list: str
    words: list[str]
    robot: Annotated[bool, "in the page that a search robot is shown"]


class PulseCheckShown(TypedDict):
    """One look at an app, with its evidence."""

    at: str
    before: Annotated[bool, "of the address before the one that is asked now"]
    outcome: Annotated[str, "`answered`, `failed`, `maintenance` or `unseen` (not from here)"]
    found: list[PulseFound]
    status: Annotated[int | None, "of the last answer (HTTP)"]
    ms: Annotated[int | None, "milliseconds until the answer"]
    size: Annotated[int | None, "bytes that were read"]
    hosts: Annotated[list[str], "those that were asked, the last one last"]
    log_in: Annotated[bool, "it asks to log in, which counts as alive"]
    tls_until: Annotated[str | None, "last day of its certificate"]
    tls_days: Annotated[int | None, "days until then"]
    newest: Annotated[str | None, "newest day of its content"]
    newest_by: Annotated[str, "`marker`, `feed`, `sitemap`, `page` or `header`; empty: unknown"]
    words: list[PulseWords]


class PulseDayShown(TypedDict):
    """The checks of one day."""

    day: str
    before: Annotated[bool, "at least in part of the address before; counts for nothing now"]
    uptime: Annotated[float | None, "percent; `null` where nothing was checked"]
    response: Annotated[int | None, "milliseconds on average"]
    slowest: Annotated[int | None, "milliseconds"]


class PulseShown(PulseRow):
    """An app with its evidence."""

    target: PulseTargetShown | None
    sets: Annotated[bool, "the caller names its addresses"]
    addresses: Annotated[list[PulseAddressShown], "all of them, the newest first"]
    checks: Annotated[list[PulseCheckShown], "the newest 20"]
    days: Annotated[list[PulseDayShown], "90, the oldest first"]


class PulseRecorded(PulseShown, Recorded):
    """An app whose addresses were named."""
