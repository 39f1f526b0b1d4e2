"""Record decrees (SK), and show them to those who may know of them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ... import days
from ...messages import Message
from ...surface.decrees import decrees as bounds
from .. import decrees, gate, registry, words
from ..model import DecreeRow
from ..rules import decree
from ..rules.duties import Actor, Agency
from ..rules.objection import Objection, is_text, read_date
from .answers import Decree, Scan

MOST = 100
FURTHEST = 1_000_000
"""As far as a list can be read on; the database counts no further than its integers."""


def satudata_decree_create(context: Context, data_dict: DataDict) -> Decree:
    """Record a decree (SK), so that a duty, a membership or a delegation can name its number.

    System administrators and Walidata; an admin of an agency for that agency. A decree that the
    server recorded without its scan is given the scan by recording it again with the same day.

    :param nomor_sk: its number, at most 200 characters
    :param day: the day on which it was signed, as YYYY-MM-DD
    :param about: what it decides, at most 500 characters
    :param organization: name or id of the agency that it is about; without it, the whole city
    :param scan: the scan, a PDF file of at most 10 MB, sent as a form
    """
    tk.check_access("satudata_decree_create", context, data_dict)
    actor = registry.actor_from_context(context)
    number = data_dict.get("nomor_sk")
    about = data_dict.get("about")
    offered = decree.Offered(
        decree.normal(number) if isinstance(number, str) and is_text(number) else "",
        read_date(data_dict.get("day")),
        about.strip() if isinstance(about, str) and is_text(about) else "",
        _body(data_dict.get("organization")),
    )
    content = _content(data_dict.get("scan"))
    wrong = decree.objections(actor, offered, days.today())
    wrong += decree.scan_objections(content)
    if wrong:
        raise words.refused(wrong)
    gate.lock()
    known = decrees.of_number(offered.number, offered.body)
    if known is not None and (known.sha256 or known.day != offered.day):
        day = known.day
        model.Session.rollback()
        raise words.refused([Objection("nomor_sk", Message(decree.RECORDED, {"day": day}))])
    with gate.together():
        if known is None:
            row = decrees.record(offered, content, by=actor.id, name=actor.name)
        else:
            row = decrees.keep_scan(known, content, by=actor.id, name=actor.name)
        shown = _as_dict(row, actor)
        model.Session.commit()
    return shown


@tk.side_effect_free
def satudata_decree_show(context: Context, data_dict: DataDict) -> Decree:
    """Return one recorded decree.

    :param id: its id

    :raises ObjectNotFound: there is none, or it is not for the caller
    """
    tk.check_access("satudata_decree_show", context, data_dict)
    actor = registry.actor_from_context(context)
    return _as_dict(found(actor, data_dict.get("id"), to_read=False), actor)


@tk.side_effect_free
def satudata_decree_list(context: Context, data_dict: DataDict) -> list[Decree]:
    """Return recorded decrees, the latest day first.

    System administrators, Walidata and the auditor get all; admins those of their agencies and,
    without the scans, those of the whole city.

    :param organization: only those that a change of this agency can name (optional)
    :param limit: at most so many, 100 at most and by default
    :param offset: leave out so many
    """
    tk.check_access("satudata_decree_list", context, data_dict)
    actor = registry.actor_from_context(context)
    body = _body(data_dict.get("organization"))
    seen = None if decree.watches(actor) else actor.administers
    query = sa.select(DecreeRow).where(decrees.visible(seen, city=bool(actor.administers)))
    if body is not None:
        query = query.where(decrees.visible([body.id], city=True))
    query = query.order_by(DecreeRow.day.desc(), DecreeRow.created_at.desc(), DecreeRow.id)
    query = query.limit(min(MOST, _count(data_dict.get("limit"), MOST)))
    rows = model.Session.scalars(query.offset(_count(data_dict.get("offset"), 0)))
    return [_as_dict(row, actor) for row in rows]


def found(actor: Actor, reference: Any, *, to_read: bool) -> DecreeRow:
    """Return a record that somebody may name or, ``to_read``, whose scan they may have.

    :raises ObjectNotFound: there is none, or it is not for them.
    """
    row = model.Session.get(DecreeRow, reference.strip()) if is_text(reference) else None
    may = decree.may_see if to_read else decree.may_name
    if row is None or not may(actor, row.agency_id):
        raise tk.ObjectNotFound(tk._("Decree not found"))
    return row


def _body(reference: Any) -> Agency | None:
    if reference in (None, ""):
        return None
    body = registry.agency(reference.strip()) if is_text(reference) else None
    if body is None:
        raise tk.ValidationError({"organization": [tk._("Organization not found")]})
    return body


def _content(sent: Any) -> bytes | None:
    """Read an uploaded file, one byte further than a scan may be long."""
    stream = getattr(sent, "stream", None)
    return stream.read(bounds().scan_bytes + 1) if stream is not None else None


def _count(value: Any, default: int) -> int:
    try:
        return min(FURTHEST, max(0, int(value)))
    except (TypeError, ValueError):
        return default


def _as_dict(row: DecreeRow, actor: Actor) -> Decree:
    body = registry.read_agencies(with_closed=True).get(row.agency_id or "")
    reads = decree.may_see(actor, row.agency_id)
    scan = Scan(sha256=row.sha256, size=row.size) if reads and row.sha256 else None
    return {
        "id": row.id,
        "nomor_sk": row.nomor_sk,
        "day": row.day.isoformat(),
        "about": row.about,
        "organization": body.name if body else row.agency_id,
        "recorded": row.created_at.isoformat(),
        "scan": scan,
    }


def _records(context: Context, data_dict: DataDict) -> AuthResult:
    """System administrators, Walidata, and admins of an agency; the action says for which one."""
    actor = registry.actor_from_context(context)
    may = decree.may_record(actor, None) or (actor.active and bool(actor.administers))
    return {
        "success": may,
        "msg": tk._(
            "Decrees are recorded by Walidata, by system administrators and by the admins "
            "of an agency"
        ),
    }


def _reads(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever records decrees, and the auditor; the action gives each what is theirs to see."""
    actor = registry.actor_from_context(context)
    may = decree.watches(actor) or (actor.active and bool(actor.administers))
    return {
        "success": may,
        "msg": tk._(
            "Decrees are for Walidata, the auditor, system administrators and the admins "
            "of an agency"
        ),
    }


def get_actions() -> dict[str, Any]:
    """The actions on decrees."""
    return {
        f.__name__: f for f in (satudata_decree_create, satudata_decree_show, satudata_decree_list)
    }


def get_auth_functions() -> dict[str, Any]:
    """Who may call them."""
    return {
        "satudata_decree_create": tk.auth_sysadmins_check(_records),
        "satudata_decree_show": _reads,
        "satudata_decree_list": _reads,
    }
