"""Which addresses an app was asked under: another one begins anew, and what was before stays."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urldefrag

import sqlalchemy as sa

from ckan import model

from ...smki.records.model import now
from ..records.pulse_model import (
    CLOSED,
    OPEN,
    SUSPECTED,
    PulseAddress,
    PulseProgress,
    PulseStanding,
    PulseTarget,
)
from . import storing, telling
from .looking import place


def of_entry(package: model.Package) -> str:
    """Return the web address that the entry of an app names, as it is asked."""
    return bare(package.url)


def bare(url: str | None) -> str:
    """Return an address of an entry as it is asked."""
    return urldefrag((url or "").strip()).url


def last(package_id: str) -> PulseAddress | None:
    """Return under which address an app was asked last, and since when."""
    return next(iter(history(package_id)), None)


def history(package_id: str) -> list[PulseAddress]:
    """Return the addresses of an app, the newest first."""
    query = _rows(package_id).where(PulseAddress.taken_out.is_(False))
    return list(model.Session.scalars(query))


def _rows(package_id: str) -> sa.Select[tuple[PulseAddress]]:
    query = sa.select(PulseAddress).where(PulseAddress.package_id == package_id)
    return query.order_by(PulseAddress.id.desc())


def take_out(package: model.Package) -> None:
    """Remember that somebody took an app out of the pulse, and what its entry named then."""
    model.Session.add(
        PulseAddress(package_id=package.id, web=of_entry(package), since=now(), taken_out=True)
    )
    model.Session.flush()


def is_out(package: model.Package) -> bool:
    """Tell whether somebody took an app out of the pulse whose entry is as it was then."""
    newest = model.Session.scalars(_rows(package.id).limit(1)).first()
    return newest is not None and newest.taken_out and newest.web == of_entry(package)


def keep(row: PulseTarget) -> None:
    """Write down the address of a target, where none of its app is written down yet."""
    if last(row.package_id) is None:
        model.Session.add(
            PulseAddress(package_id=row.package_id, web=row.web, since=row.set_at or now())
        )
        model.Session.flush()


def begin(package_id: str, web: str | None) -> None:
    """Ask an app under an address from now on; nothing of another host stands for it.

    Of the same host all that was found stands: whoever owns it ends no alarm by a stroke.

    :param web: ``None``: its entry names none that may be asked.
    """
    before, at = last(package_id), now()
    if before is not None and before.web == web:
        return
    if before is not None and before.web and web and _host(before.web) == _host(web):
        before.web = web
        model.Session.flush()
        return
    if before is not None:
        _anew(package_id, at)
    model.Session.add(PulseAddress(package_id=package_id, web=web, since=at))
    model.Session.flush()


def _host(url: str) -> str:
    there = place(url)
    return there.host.removeprefix("www.") if there is not None else url


def _anew(package_id: str, at: dt.datetime) -> None:
    """End the fault, and take the word away; what led nobody leads nobody until it is seen."""
    fault = storing.fault_of(package_id, SUSPECTED, OPEN)
    hidden = fault is not None and telling.asked_no_more(fault, at)
    if fault is not None and hidden:
        fault.state, fault.closed_at = CLOSED, at
    progress = model.Session.get(PulseProgress, package_id)
    if progress is not None:
        model.Session.delete(progress)
    stands = model.Session.get(PulseStanding, package_id)
    if stands is not None:
        stands.word, stands.since, stands.link = None, at, stands.link and not hidden
