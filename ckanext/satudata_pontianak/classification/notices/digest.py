"""The one mail that gathers what is new for a person. Pure; says numbers, days and addresses.

What data are about stands on the portal, behind the address: a mailbox is read by others and
forgets nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from babel.dates import format_date, format_datetime

from ...messages import Translate
from ...msgids import N_

MOST_LINKS = 20
"""So many of one kind are listed; the portal lists the others."""


@dataclass(frozen=True)
class Item:
    """One notice as a mail shows it."""

    kind: str
    link: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Digest:
    """Subject and text of a mail."""

    subject: str
    body: str


def digest(
    items: Sequence[Item],
    labels: Mapping[str, str],
    *,
    site: str,
    portal: str,
    choices: str,
    zone: dt.tzinfo,
    translate: Translate = str,
    ungettext: Callable[[str, str, int], str] = lambda one, many, n: one if n == 1 else many,
) -> Digest:
    """Return the mail of these notices, by kind in the order of ``labels``.

    :param labels: kind -> msgid of what it is called.
    :param portal: address of the page that lists a person's notices.
    :param choices: address of the page on which they say which mails they want.
    """
    parts = [translate(N_("News for you on the portal:"))]
    for kind, label in labels.items():
        some = [item for item in items if item.kind == kind]
        if some:
            lines = [_line(item, zone, translate) for item in some[:MOST_LINKS]]
            more = len(some) - MOST_LINKS
            if more > 0:
                text = ungettext(
                    "and {number} more on the portal", "and {number} more on the portal", more
                )
                lines.append(f"- {text.format(number=more)}")
            parts.append("\n".join([f"{translate(label)} ({len(some)})", *lines]))
    parts += [
        translate(N_("Everything that is new:")) + f"\n{portal}",
        translate(N_("Which of these mails you want:")) + f"\n{choices}",
        site,
    ]
    news = ungettext("{number} notice", "{number} notices", len(items)).format(number=len(items))
    return Digest(f"[{site}] {news}", "\n\n".join(parts) + "\n")


def _line(item: Item, zone: dt.tzinfo, translate: Translate) -> str:
    said = []
    if "number" in item.facts:
        said.append(translate(N_("no. %(number)s")) % {"number": item.facts["number"]})
    if "due" in item.facts:
        said.append(translate(N_("until %(due)s")) % {"due": moment(item.facts["due"], zone)})
    if "receipt" in item.facts:
        said.append(translate(N_("receipt %(receipt)s")) % {"receipt": item.facts["receipt"]})
    about = ", ".join(said)
    return f"- {about}: {item.link}" if about else f"- {item.link}"


def moment(text: str, zone: dt.tzinfo) -> str:
    """Return a day, or a moment on the city's clock, in Indonesian words."""
    if len(text) <= len("2026-11-24"):
        return format_date(dt.date.fromisoformat(text), "d MMMM y", locale="id")
    local = dt.datetime.fromisoformat(text).astimezone(zone)
    return f"{format_datetime(local, 'd MMMM y, HH.mm', locale='id')} {local.tzname()}"
