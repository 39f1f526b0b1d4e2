"""CKAN's own helpers for dates, numbers, sizes and lists of names, in the reader's language.

They replace CKAN's helpers by name, so that every template, also of plugins, writes a date as
``24 November 2026`` and a size as ``1,2 MB``. CKAN's put the month before the day in every language
as soon as hours are shown, take the year from the calendar of weeks, and sort licences by English.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import Any

from markupsafe import Markup

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import helpers as core
from ckan.lib import i18n

from ... import clock
from ...msgids import N_
from ..web import formats

HIDDEN = ("name", "description", "url")
"""Fields of a resource that its page shows elsewhere."""

MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{6})?")
NUMBER = re.compile(r"-?\d+(\.\d+)?")


def know_languages() -> None:
    """Let core make its list of languages while nobody asks yet.

    It is made by the first page, into a list that every thread sees: two first pages at once
    leave each language in it twice, for as long as the process lives.
    """
    i18n.available_locales = []
    i18n.get_available_locales()


def render_datetime(
    datetime_: dt.datetime | str | None,
    date_format: str | None = None,
    with_hours: bool = False,
    with_seconds: bool = False,
) -> str:
    """Return a date in words; with hours, a moment on the city's clock.

    :param date_format: a pattern of ``strftime`` for machines, which is left to CKAN.
    :returns: the empty text where there is no date.
    """
    if date_format:
        return core.render_datetime(datetime_, date_format=date_format)  # type: ignore[arg-type]
    if with_hours or with_seconds:
        return formats.moment(datetime_, tk.h.lang(), tk.h.get_display_timezone(), with_seconds)
    return formats.local_day(datetime_, tk.h.lang(), tk.h.get_display_timezone())


CALLED = {"layanan": N_("App")}
"""Kinds of objects whose name is no English word."""
LISTS = frozenset({"breadcrumb", "page title", "main nav", "facet label"})
"""Where core names a list of agencies, which are called alike in menu, breadcrumb and title."""
AGENCIES = N_("Agencies")


@tk.chained_helper
def humanize_entity_type(
    original: Any, entity_type: str, object_type: str, purpose: str
) -> str | None:
    """Return core's words about a kind of object; core puts its English name into them."""
    if entity_type == object_type == "organization" and purpose in LISTS:
        return str(tk._(AGENCIES))
    said = original(entity_type, object_type, purpose)
    name = object_type.replace("_", " ").capitalize()
    called = tk._(CALLED.get(object_type, name))
    return said.replace(name, called) if said and entity_type != "activity" else said


def localised_nice_date(
    datetime_: dt.datetime,
    show_date: bool = False,
    with_hours: bool = False,
    with_seconds: bool = False,
    format: str | None = None,
) -> str:
    """Return how long ago something was, or its date where ``show_date`` asks for it."""
    if show_date:
        return render_datetime(datetime_, None, with_hours, with_seconds)
    return formats.ago(datetime_, clock.now(), tk.h.lang()) or tk._("Just now")


def time_ago_from_timestamp(timestamp: dt.datetime | str | None) -> str:
    """Return how long ago a moment was, such as ``3 hari yang lalu``."""
    found = formats.read_moment(timestamp)
    return localised_nice_date(found) if found else tk._("Unknown")


def localised_number(number: float) -> str:
    """Return a number as ``1.234,5``."""
    return formats.number(number, tk.h.lang())


def localised_filesize(number: int | str | None) -> str:
    """Return a size as ``1,2 MB``; the empty text where it is not known."""
    try:
        return formats.size(int(number or 0), tk.h.lang())
    except ValueError:
        return str(number)


def SI_number_span(number: int | str) -> Markup:  # noqa: N802 - CKAN's name
    """Return a number in full: short forms of thousands are another language's habit."""
    return Markup("<span>{}</span>").format(localised_number(int(number)))


def format_resource_items(items: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Return the fields of a resource for its page, written for people and sorted by name."""
    found = []
    for key, value in items:
        if key in HIDDEN or (not isinstance(value, (int, float)) and not value):
            continue
        found.append((key.replace("_", " "), _written(key, value)))
    return sorted(found)


def _written(key: str, value: Any) -> Any:
    if key == "size":
        return localised_filesize(value)
    if isinstance(value, bool):
        return tk._("Yes") if value else tk._("No")
    if isinstance(value, (int, float)):
        return localised_number(value)
    if isinstance(value, str) and MOMENT.fullmatch(value):
        return render_datetime(value, with_hours=True)
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return localised_number(float(value) if "." in value else int(value))
    return value


def license_options(existing_license_id: str | None = None) -> list[tuple[str, str]]:
    """Return the licences that may be chosen, and the present one, by their name in words."""
    register = model.Package.get_license_register()
    named = [(id_, tk._(licence.title)) for id_, licence in register.items()]
    named.sort(key=lambda option: formats.order(option[1]))
    if existing_license_id and existing_license_id not in register:
        named.insert(0, (existing_license_id, existing_license_id))
    return named


def satudata_by_name(items: Iterable[Mapping[str, Any]], *keys: str) -> list[Mapping[str, Any]]:
    """Return items in the order of a word list by the first of these keys that has a text."""
    wanted = keys or ("display_name", "title", "name")
    return sorted(items, key=lambda i: formats.order(next((i[k] for k in wanted if i.get(k)), "")))


def satudata_default_language() -> str:
    """Return the language whose addresses have no prefix."""
    return tk.config["ckan.locale_default"]


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name; most replace CKAN's of that name."""
    return {
        f.__name__: f
        for f in (
            SI_number_span,
            format_resource_items,
            humanize_entity_type,
            license_options,
            localised_filesize,
            localised_nice_date,
            localised_number,
            render_datetime,
            time_ago_from_timestamp,
            satudata_by_name,
            satudata_default_language,
        )
    }
