"""Bring the signed paper of a decision, and see which are missing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ... import days
from ...agencies import registry, words
from ...agencies.rules import decree
from ...agencies.rules.duties import Actor
from ...agencies.rules.objection import EMPTY, Objection, is_text
from ...messages import Message
from ...surface.decrees import decrees as bounds
from ..hidden import signed_papers
from ..hidden.signed_papers import Numbered
from ..reading import removals
from ..reading.removals import Removal
from .answers import PaperOf

MOST = 100
LONGEST = 120
"""Characters of a number, as of that of a decision (``nomor`` of ``schemas/workflow.yaml``)."""
FURTHEST = 1_000_000


def satudata_signed_paper_create(context: Context, data_dict: DataDict) -> PaperOf:
    """Bring the signed paper (*Surat Penetapan*) of a number: one serves all that it decides.

    PPID, its superior, and the members of their offices. The step is taken by the superior, before
    or after; it does not wait for this. Of a removal (*Berita Acara Penghapusan*): whoever holds
    the duty that approved it.

    :param nomor: the number of the decision; of a removal the number that its record was given,
        at most 120 characters (may be left out where it was given with the step)
    :param id: the id of the case of a removal that was decided, where its record is brought
    :param scan: the scan or the PDF with an electronic signature, at most 10 MB, sent as a form
    """
    tk.check_access("satudata_signed_paper_create", context, data_dict)
    actor = registry.actor_from_context(context)
    number = data_dict.get("nomor")
    content = read_scan(data_dict.get("scan"))
    wrong = decree.scan_objections(content)
    removal = _removal(actor, data_dict)
    found: list[Numbered] = []
    if removal is not None:
        number = removal.record if number in (None, "") and removal.record else number
        wrong += _number_objections(number)
        if not wrong:
            found = [signed_papers.numbered(removal, decree.normal(str(number)))]
    elif isinstance(number, str) and is_text(number):
        found = signed_papers.find(number)
    errors = words.refused(wrong).error_dict if wrong else {}
    if removal is not None and removal.draft:
        errors["id"] = [tk._("This removal is not decided yet.")]
    elif removal is None and not found:
        errors["nomor"] = [tk._("Nothing was decided under this number.")]
    if errors or content is None:
        raise tk.ValidationError(errors)
    row = signed_papers.keep(found[0], content, actor)
    shown = _as_dict(replace(found[0], paper=row))
    model.Session.commit()
    return shown


@tk.side_effect_free
def satudata_signed_paper_list(context: Context, data_dict: DataDict) -> list[PaperOf]:
    """Return the numbers of decisions that exclude, with the paper that was signed for each.

    PPID, its superior, the members of their offices, and the auditor; the latest day first.

    :param limit: at most so many, 100 at most and by default
    :param offset: leave out so many
    """
    tk.check_access("satudata_signed_paper_list", context, data_dict)
    start = _count(data_dict.get("offset"), 0)
    limit = min(MOST, _count(data_dict.get("limit"), MOST))
    return [_as_dict(one) for one in signed_papers.find()[start : start + limit]]


def _removal(actor: Actor, data_dict: DataDict) -> Removal | None:
    """Return the removal that a call names, none where it names none.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or it is not for the actor.
    """
    case_id = data_dict.get("id")
    if case_id in (None, ""):
        return None
    found = removals.read(actor, case_id) if isinstance(case_id, str) and is_text(case_id) else None
    if found is None:
        raise tk.ObjectNotFound(tk._("There is no such paper."))
    return found


def _number_objections(number: Any) -> list[Objection]:
    """Return what speaks against the number that the record of a removal was given."""
    text = decree.normal(number) if isinstance(number, str) and is_text(number) else ""
    if not text:
        return [Objection("nomor", Message(EMPTY))]
    if len(text) > LONGEST:
        return [Objection("nomor", Message(decree.LONG, {"count": LONGEST}))]
    return [] if text.isprintable() else [Objection("nomor", Message(decree.NOT_SHOWN))]


def read_scan(sent: Any) -> bytes | None:
    """Read an uploaded file, one byte further than a scan may be long."""
    stream = getattr(sent, "stream", None)
    return stream.read(bounds().scan_bytes + 1) if stream is not None else None


def _as_dict(one: Numbered) -> PaperOf:
    paper = one.paper
    return {
        "nomor": one.number,
        "day": one.day.isoformat(),
        "due": one.due.isoformat(),
        "decisions": len(one.cases),
        "late": one.late(days.today()),
        "paper": paper
        and {
            "id": paper.id,
            "sha256": paper.sha256,
            "size": paper.size,
            "recorded": paper.created_at.isoformat(),
        },
    }


def _count(value: Any, default: int) -> int:
    try:
        return min(FURTHEST, max(0, int(value)))
    except (TypeError, ValueError):
        return default


def _brings(context: Context, data_dict: DataDict) -> AuthResult:
    """PPID, its superior, and the members of their offices; of a removal, who approves such."""
    actor = registry.actor_from_context(context)
    removal = _removal(actor, data_dict)
    if removal is not None:
        return {
            "success": actor.active and actor.has(removal.duty),
            "msg": tk._("The signed paper of a removal is brought by the duty that approved it"),
        }
    return {
        "success": signed_papers.may_bring(actor),
        "msg": tk._("Signed papers are brought by PPID, its superior and their offices"),
    }


def _lists(context: Context, data_dict: DataDict) -> AuthResult:
    """Whoever brings papers, and the auditor."""
    actor = registry.actor_from_context(context)
    return {
        "success": signed_papers.may_bring(actor) or signed_papers.may_read(actor),
        "msg": tk._("Signed papers are for PPID, its superior, their offices and the auditor"),
    }


def get_actions() -> dict[str, Any]:
    """The actions on signed papers."""
    return {f.__name__: f for f in (satudata_signed_paper_create, satudata_signed_paper_list)}


def get_auth_functions() -> dict[str, Any]:
    """Who may call them; a system administrator is nobody's office."""
    return {
        "satudata_signed_paper_create": tk.auth_sysadmins_check(_brings),
        "satudata_signed_paper_list": tk.auth_sysadmins_check(_lists),
    }
