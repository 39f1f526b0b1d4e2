"""From what came back to what it means: pure, and the same for the same evidence."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

import msgspec

from .pulse import Pulse, Words

End = Literal[
    "answered",
    "no_name",
    "no_answer",
    "no_resolver",
    "redirect_loop",
    "off_domain",
    "tls_expired",
    "tls_wrong_name",
    "tls_untrusted",
    "tls_broken",
    "not_from_here",
]
Outcome = Literal["answered", "failed", "unseen", "maintenance"]
GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
WALLS = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
        HTTPStatus.LOCKED,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS,
    }
)
"""It answers, and lets somebody else in."""


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What came back of an app: numbers, days, hosts, and words of our own lists.

    ``hosts``: those that were asked, the last one last. ``words``, ``robot_words``: list → words
    found, of the page and of the one that a robot is shown. ``newest``: the newest day of the
    content, and ``newest_by`` how it is known.
    """

    end: End
    hosts: tuple[str, ...] = ()
    status: int | None = None
    ms: int | None = None
    size: int | None = None
    slow: bool = False
    huge: bool = False
    log_in: bool = False
    tls_until: dt.date | None = None
    words: dict[str, list[str]] = {}
    robot_words: dict[str, list[str]] | None = None
    marker: bool | None = None
    newest: dt.date | None = None
    newest_by: str = ""
    content: bool = False
    """Feed and site map were asked for this time."""


@dataclass(frozen=True)
class Verdict:
    """What an app's evidence means: its outcome, and every fault by its code."""

    outcome: Outcome
    codes: tuple[str, ...] = ()


def judge(
    evidence: Evidence,
    rules: Pulse,
    lists: Words,
    today: dt.date,
    store_day: dt.date | None = None,
    *,
    maintenance: bool = False,
) -> Verdict:
    """Return what evidence means.

    :param store_day: of which day its listing in the store is, as its owner says.
    :param maintenance: it was announced: nothing counts but words that nobody put there.
    """
    if evidence.end == "not_from_here":
        return Verdict("unseen", ("not_from_here",))
    codes = [*_of_answer(evidence, rules, lists)]
    if evidence.end == "answered":
        codes += _of_content(evidence, rules, today)
    if store_day is not None and (today - store_day).days > rules.store_days:
        codes.append("store_old")
    found = tuple(code for code in rules.faults if code in codes)
    if maintenance and not rules.hides_link(found):
        return Verdict("maintenance", found)
    return Verdict("failed" if rules.red(found) else "answered", found)


def _of_answer(evidence: Evidence, rules: Pulse, lists: Words) -> list[str]:
    if evidence.end != "answered" or evidence.status is None:
        return [evidence.end]
    found = []
    for seen in (evidence.words, evidence.robot_words or {}):
        for name, words in seen.items():
            listed = lists.lists.get(name)
            if listed is not None and len(set(words)) >= listed.needs:
                found.append(listed.fault)
    if evidence.status >= 500:
        found.append("error_status")
    elif evidence.status in GONE:
        found.append("missing")
    elif not _understood(evidence.status, log_in=evidence.log_in):
        found.append("odd_status")
    if evidence.slow:
        found.append("slow")
    if evidence.huge:
        found.append("huge")
    return found


def _understood(status: int, *, log_in: bool) -> bool:
    return 200 <= status < 300 or status in WALLS or (log_in and 300 <= status < 400)


def _of_content(evidence: Evidence, rules: Pulse, today: dt.date) -> list[str]:
    found = []
    if evidence.tls_until is not None:
        left = (evidence.tls_until - today).days
        if left < rules.tls_days.near:
            found.append("tls_near")
        elif left < rules.tls_days.soon:
            found.append("tls_soon")
    if evidence.marker is False:
        found.append("marker_gone")
    if evidence.newest is not None and (today - evidence.newest).days > rules.stale_days:
        found.append("stale")
    return found
