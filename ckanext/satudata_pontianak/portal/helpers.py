"""Template helpers of the pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import flask
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from .. import config, days
from ..access.reading import explain
from ..agencies import registry
from ..agencies.words import duty_label
from ..classification.clock import due_rules
from ..classification.rules.axes import AXES, classification
from ..classification.rules.definition import workflow
from .desk import diffs, findings_form, holds
from .web import call, formats, wording
from .web.forms import Choice
from .web.local_address import is_loopback
from .web.request_cache import once_a_request

DESK_COUNT = "satudata.desk_count"


def satudata_day(value: Any) -> str:
    """Return a date as ``24 November 2026``; of a moment the day on the city's clock."""
    return formats.local_day(value, tk.h.lang(), tk.h.get_display_timezone())


def satudata_moment(value: Any) -> str:
    """Return a moment on the city's clock in the reader's language."""
    return formats.moment(value, tk.h.lang(), tk.h.get_display_timezone())


def satudata_number(value: Any) -> str:
    """Return a number as ``1.234,5`` in the reader's language."""
    return formats.number(value, tk.h.lang()) if isinstance(value, (int, float)) else str(value)


def satudata_size(value: Any) -> str:
    """Return a file's size for people."""
    try:
        return formats.size(int(value), tk.h.lang())
    except (TypeError, ValueError):
        return ""


def satudata_demo_mailbox() -> str | None:
    """Return where the mails of this demo are shown, ``None`` where the site is no demo."""
    page = config.demo_mailbox()
    return page if page and is_loopback(page) and is_loopback(config.site_url()) else None


def satudata_today() -> dt.date:
    """Return today's date in the city."""
    return days.today()


def satudata_deadline(due: Any, today: Any) -> dict[str, Any]:
    """Return a deadline in words, in working days, and whether it has passed."""
    last, now = formats.read_day(due), formats.read_day(today)
    if last is None or now is None:
        return {"text": tk._("No deadline"), "overdue": False}
    left = due_rules.left(last, now)
    if not left.late and last == now:
        return {"text": tk._("due today"), "overdue": False}
    if left.late:
        # Past it on a weekend: no working day has gone by, and it is late all the same.
        days = max(left.days, 1)
        text = tk.ungettext("{number} working day overdue", "{number} working days overdue", days)
    else:
        days = left.days
        text = tk.ungettext("{number} working day left", "{number} working days left", days)
    return {"text": text.format(number=satudata_number(days)), "overdue": left.late}


@once_a_request
def satudata_level(name: str | None) -> wording.Look:
    """Return label, icon and class of a level; without one: not decided yet."""
    return wording.level(name)


def satudata_verdict(name: str) -> wording.Look:
    """Return label, icon and class of a scan's verdict."""
    return wording.verdict(name)


def satudata_kind(name: str) -> str:
    """Return what a kind of personal data is called."""
    return wording.kind(name)


def satudata_advice(names: Iterable[str]) -> str:
    """Return what may be done about a finding."""
    return wording.advice(names)


def satudata_class(name: str) -> str:
    """Return which class of personal data a finding is."""
    return wording.personal_class(name)


def satudata_ground(name: str) -> str:
    """Return on which ground personal data is lawfully public."""
    return wording.ground(name)


def satudata_lapsed(name: str) -> str:
    """Return why an earlier answer does not count any more."""
    return wording.lapsed(name)


def satudata_case_kind(name: str) -> str:
    """Return what a kind of case is called."""
    return wording.case_kind(name)


def satudata_column_type(name: str) -> str:
    """Return what a type of column is called."""
    return wording.column_type(name)


def satudata_totals(compared: Mapping[str, Any]) -> diffs.Totals:
    """Return the totals of a comparison, the greatest change first."""
    return diffs.totals(compared)


def satudata_total(text: str) -> str:
    """Return a total with the marks of the reader's language."""
    return diffs.figure(text, tk.h.lang())


def satudata_change(before: Any, after: Any) -> str:
    """Return by how much a number changed, in percent; empty where that says nothing."""
    return diffs.change(before, after, tk.h.lang())


def satudata_share(value: float) -> str:
    """Return a part of all cells; what is there is never 0 %."""
    return formats.share(value, tk.h.lang())


def satudata_percent(value: float | None) -> str:
    """Return a percentage with its sign."""
    return diffs.percent(value, tk.h.lang())


def satudata_unit(text: str) -> str:
    """Return a unit with its exponents as such: km², not km2."""
    return formats.unit(text)


def satudata_licence(pkg: Mapping[str, Any]) -> str:
    """Return what the licence of a dataset is called in the reader's language.

    The index keeps the name in the language of whoever wrote it.
    """
    known = model.Package.get_license_register().get(pkg.get("license_id") or "")
    return tk._(known.title if known else pkg.get("license_title") or "")


def satudata_closed_because(why: Mapping[str, Any]) -> str:
    """Return why data are closed to the reader, beside whom they are open to.

    :param why: of ``satudata_access_explain``.
    """
    return explain.because(why["rule"]).text(tk._)


def satudata_reason(name: str) -> str:
    """Return why a case was opened."""
    return wording.reason(name)


def satudata_axes(values: Mapping[str, Any] | None) -> list[dict[str, str]]:
    """Return the three axes with their labels, also those that have no value yet."""
    rules = classification()
    found = []
    for axis in AXES:
        value = (values or {}).get(axis)
        text = tk._(rules.label(axis, value)) if value else ""
        found.append({"axis": axis, "label": tk._(rules.axes[axis]["label"]), "text": text})
    return found


def satudata_recipients(names: Iterable[str]) -> list[str]:
    """Return the titles of recipient agencies."""
    if classification().all_agencies in names:
        return [tk._("All agencies of the city")]
    titles = {a.name: a.title for a in registry.load_agencies().values()}
    return [titles.get(name, name) for name in names]


def satudata_fields(
    fields: Mapping[str, Any] | None, without_axes: bool = False
) -> list[tuple[str, str]]:
    """Return label and text of each field that somebody filled in, in the file's order."""
    specs = workflow().fields
    found = []
    for name, spec in specs.items():
        value = (fields or {}).get(name)
        if value in (None, "", []) or (without_axes and spec.type == "axis"):
            continue
        if spec.type == "axis":
            text = tk._(classification().label(name, value))
        elif spec.type == "date":
            text = satudata_day(value)
        elif spec.type == "agencies":
            text = ", ".join(satudata_recipients(value))
        elif spec.type == "choice":
            text = wording.choice(name, str(value))
        else:
            text = str(value)
        found.append((tk._(spec.label), text))
    return found


def satudata_changes(
    changes: Mapping[str, Any] | None, kind: str | None = None
) -> list[tuple[str, str]]:
    """Return label and text of what a case is to change besides the classification.

    :param kind: of the case; of a removal it is always said what goes.
    """
    found = []
    if kind == "remove":
        ids = (changes or {}).get("resources")
        found.append((tk._("What goes"), _named(ids) if ids else tk._("The whole dataset")))
    owner, licence = (changes or {}).get("owner_org"), (changes or {}).get("license_id")
    if owner:
        agency = registry.agency(owner)
        found.append((tk._("Receiving agency"), agency.title if agency else owner))
    if licence:
        known = model.Package.get_license_register()
        title = tk._(known[licence].title) if licence in known else licence
        found.append((tk._("New licence"), title))
    return found


def _named(ids: Sequence[str]) -> str:
    """Return the names of files, also of those that are gone by now."""
    resource: Any = model.Resource
    query = sa.select(resource.name).where(resource.id.in_(ids)).order_by(resource.position)
    names = [name or tk._("Unnamed file") for name in model.Session.scalars(query)]
    return "; ".join(names)


def satudata_refused() -> dict[str, Any] | None:
    """Return why the data that were just refused are closed, where the reader may know of them."""
    dataset_id = flask.g.get("satudata_refused")
    return satudata_why(dataset_id) if dataset_id else None


def satudata_expired(until: Any) -> bool:
    """Tell whether the last day of a decision has passed."""
    last = formats.read_day(until)
    return last is not None and last < days.today()


def satudata_roads(dataset_id: str) -> dict[str, Any]:
    """Return the side roads of a dataset that the reader may take."""
    return holds.roads(dataset_id)


def satudata_resolution(name: str) -> str:
    """Return what somebody said of a finding."""
    return wording.resolution(name)


def satudata_resolutions(item: Mapping[str, Any] | None) -> list[Choice]:
    """Return what may be said of a finding; nothing is to choose for an inspection."""
    return findings_form.resolutions(item) if item else []


def satudata_grounds() -> list[Choice]:
    """Return the grounds on which personal data is lawfully public."""
    return findings_form.grounds()


def satudata_finding_id(version: str, key: Mapping[str, str] | None = None) -> str:
    """Return the short name of a finding, or of the inspection of a version."""
    return findings_form.finding_id(version, key) if key else findings_form.inspection_id(version)


def satudata_duty(duty: str | None) -> str:
    """Return the short name of a duty, the empty text where somebody acted without one."""
    return duty_label(duty) if duty else ""


def satudata_case(dataset_id: str) -> dict[str, Any] | None:
    """Return case and decision of a dataset as the reader may see them."""
    try:
        return call.call("satudata_classification_show", id=dataset_id)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None


def satudata_why(dataset_id: str, channel: str = "data") -> dict[str, Any] | None:
    """Return whether the reader may use a channel of a dataset, why, and who may."""
    try:
        return call.call("satudata_access_explain", id=dataset_id, channel=channel)
    except (tk.ObjectNotFound, tk.NotAuthorized):
        return None


def satudata_blocked(blocked: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Gather the steps that are not possible by the reason, each reason once."""
    reasons: dict[str, dict[str, Any]] = {}
    for item in blocked:
        found = reasons.setdefault(
            item["reason"], {"reason": item["reason"], "code": item["code"], "labels": []}
        )
        found["labels"].append(item["label"])
    return list(reasons.values())


def satudata_desk_count() -> int:
    """Return how many cases lie on the reader's own desks; asked once a request."""
    if not call.logged_in():
        return 0
    memory = flask.request.environ
    if DESK_COUNT not in memory:
        found = call.call("satudata_classification_list", mine=True, limit=0)
        memory[DESK_COUNT] = found["count"]
    return memory[DESK_COUNT]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this room by name."""
    return {
        f.__name__: f
        for f in (
            satudata_axes,
            satudata_blocked,
            satudata_case,
            satudata_case_kind,
            satudata_change,
            satudata_changes,
            satudata_refused,
            satudata_column_type,
            satudata_day,
            satudata_deadline,
            satudata_demo_mailbox,
            satudata_desk_count,
            satudata_duty,
            satudata_expired,
            satudata_fields,
            satudata_finding_id,
            satudata_grounds,
            satudata_kind,
            satudata_advice,
            satudata_class,
            satudata_ground,
            satudata_lapsed,
            satudata_level,
            satudata_moment,
            satudata_number,
            satudata_percent,
            satudata_reason,
            satudata_closed_because,
            satudata_licence,
            satudata_unit,
            satudata_recipients,
            satudata_resolution,
            satudata_resolutions,
            satudata_share,
            satudata_roads,
            satudata_size,
            satudata_today,
            satudata_total,
            satudata_totals,
            satudata_verdict,
            satudata_why,
        )
    }
