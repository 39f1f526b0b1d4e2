"""What must be recorded of a decree (SK) before anything refers to it, and who sees its scan.

Pure. A duty, a membership of a body that decides and a place in the tree are laid by decree. The
number that such a change names is therefore that of a record: number, day, what it decides, and
the scan. A record belongs to one agency, or to the whole city. The scan names people and is never
public: whoever may see decisions on memberships sees it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from ...messages import Message
from ...msgids import N_
from ...surface.decrees import decrees
from .duties import Actor, Agency, Duty
from .objection import EMPTY, NO_DATE, Objection

WATCH = (Duty.WALIDATA, Duty.PENGAWAS)
"""Duties whose holders see every record and every scan."""

LONG = N_("At most %(count)s characters.")
NOT_SHOWN = N_("Write the number in letters, figures and marks that are shown.")
TO_COME = N_("This day has not come yet. Give the day on which the decree was signed.")
NOT_YOURS = N_("Choose an agency that you administer.")
NO_SCAN = N_("Choose the scan of the decree, a PDF file.")
NO_PDF = N_("This file is no PDF. Scan the decree as a PDF and choose that file.")
TOO_LARGE = N_("The scan has more than %(megabytes)s MB. Scan it again with fewer dots per inch.")
RECORDED = N_("A decree of this number is recorded already, of %(day)s.")

_HEAD, _END = b"%PDF-", b"%%EOF"
_NEAR = 1024
"""Head and end of a PDF stand among so many bytes (ISO 32000-1, annex H.3)."""


@dataclass(frozen=True)
class Offered:
    """A decree as somebody wants it recorded."""

    number: str
    day: date | None
    about: str
    body: Agency | None
    """``None``: it is one for the whole city."""


def normal(number: str) -> str:
    """Return a number with single blanks between its words."""
    return " ".join(number.split())


def key(number: str) -> str:
    """Return what two ways to write one number have in common."""
    return normal(number).casefold()


def watches(actor: Actor) -> bool:
    """Tell whether somebody sees all records: system administrators, Walidata and the auditor."""
    return actor.active and (actor.sysadmin or any(actor.has(duty) for duty in WATCH))


def may_record(actor: Actor, agency_id: str | None) -> bool:
    """Tell whether somebody records a decree of an agency, or (``None``) of the whole city."""
    if not actor.active:
        return False
    if actor.sysadmin or actor.has(Duty.WALIDATA):
        return True
    return agency_id is not None and agency_id in actor.administers


def may_see(actor: Actor, agency_id: str | None) -> bool:
    """Tell whether somebody sees a record and may have its scan."""
    return watches(actor) or (actor.active and agency_id in actor.administers)


def may_name(actor: Actor, agency_id: str | None) -> bool:
    """Tell whether somebody sees the number and the day, to name them in a change."""
    of_the_city = agency_id is None and actor.active and bool(actor.administers)
    return of_the_city or may_see(actor, agency_id)


def objections(actor: Actor, offered: Offered, today: date) -> list[Objection]:
    """Return everything that speaks against recording a decree. Nothing means it may be done."""
    bounds, found = decrees(), []
    if not offered.number:
        found.append(Objection("nomor_sk", Message(EMPTY)))
    elif len(offered.number) > bounds.number:
        found.append(Objection("nomor_sk", Message(LONG, {"count": bounds.number})))
    elif not offered.number.isprintable():
        found.append(Objection("nomor_sk", Message(NOT_SHOWN)))
    if offered.day is None:
        found.append(Objection("day", Message(NO_DATE)))
    elif offered.day > today:
        found.append(Objection("day", Message(TO_COME)))
    if not offered.about:
        found.append(Objection("about", Message(EMPTY)))
    elif len(offered.about) > bounds.about:
        found.append(Objection("about", Message(LONG, {"count": bounds.about})))
    if not may_record(actor, offered.body.id if offered.body else None):
        found.append(Objection("organization", Message(NOT_YOURS)))
    return found


def scan_objections(content: bytes | None) -> list[Objection]:
    """Return what speaks against a scan: that there is none, that it is no PDF or too large."""
    limit = decrees().scan_bytes
    if not content:
        return [Objection("scan", Message(NO_SCAN))]
    if len(content) > limit:
        return [Objection("scan", Message(TOO_LARGE, {"megabytes": limit // 1_000_000}))]
    if _HEAD not in content[:_NEAR] or _END not in content[-_NEAR:]:
        return [Objection("scan", Message(NO_PDF))]
    return []


def unrecorded(
    named: Collection[tuple[str | None, str]], known: Collection[tuple[str | None, str]]
) -> list[str]:
    """Return the numbers that are named and of which there is no record, in order, once each.

    :param named: the agency that names a number, and the number.
    :param known: the agency of a record (``None``: the whole city), and its :func:`key`.
    """
    there = frozenset(known)
    missing = {
        number
        for agency, number in named
        if number and not {(agency, key(number)), (None, key(number))} & there
    }
    return sorted(missing)
