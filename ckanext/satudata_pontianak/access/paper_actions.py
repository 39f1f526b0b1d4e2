"""Bring the signed paper of a decision, and see which are missing."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import AuthResult, Context, DataDict

from ..agencies import decree, registry, words
from ..agencies.saying import is_text
from ..surface.decrees import decrees as bounds
from . import signed_papers
from .signed_papers import Numbered

MOST = 100
FURTHEST = 1_000_000


def satudata_signed_paper_create(context: Context, data_dict: DataDict) -> dict[str, Any]:
    """Bring the signed paper (*Surat Penetapan*) of a number: one serves all that it decides.

    PPID, its superior, and the members of their offices. The step is taken by the superior, before
    or after; it does not wait for this.

    :param nomor: the number of the decision
    :param scan: the scan or the PDF with an electronic signature, at most 10 MB, sent as a form

    :returns: as an item of ``satudata_signed_paper_list``
    :rtype: dictionary
    """
    tk.check_access("satudata_signed_paper_create", context, data_dict)
    actor = registry.actor_from_context(context)
    number = data_dict.get("nomor")
    content = read_scan(data_dict.get("scan"))
    wrong = decree.scan_objections(content)
    found = signed_papers.find(number) if isinstance(number, str) and is_text(number) else []
    errors = words.refused(wrong).error_dict if wrong else {}
    if not found:
        errors["nomor"] = [tk._("Nothing was decided under this number.")]
    if errors or content is None:
        raise tk.ValidationError(errors)
    row = signed_papers.keep(found[0], content, actor)
    shown = _as_dict(Numbered(**{**vars(found[0]), "paper": row}))
    model.Session.commit()
    return shown


@tk.side_effect_free
def satudata_signed_paper_list(context: Context, data_dict: DataDict) -> list[dict[str, Any]]:
    """Return the numbers of decisions that exclude, with the paper that was signed for each.

    PPID, its superior, the members of their offices, and the auditor; the latest day first.

    :param limit: at most so many, 100 at most and by default
    :param offset: leave out so many

    :returns: each with ``nomor``, ``day``, ``due`` (until when the paper is to be there),
        ``decisions`` (how many), ``late``, and ``paper``: none, or ``id``, ``sha256``, ``size`` and
        ``recorded``
    :rtype: list of dictionaries
    """
    tk.check_access("satudata_signed_paper_list", context, data_dict)
    start = _count(data_dict.get("offset"), 0)
    limit = min(MOST, _count(data_dict.get("limit"), MOST))
    return [_as_dict(one) for one in signed_papers.find()[start : start + limit]]


def read_scan(sent: Any) -> bytes | None:
    """Read an uploaded file, one byte further than a scan may be long."""
    stream = getattr(sent, "stream", None)
    return stream.read(bounds().scan_bytes + 1) if stream is not None else None


def _as_dict(one: Numbered) -> dict[str, Any]:
    paper = one.paper
    return {
        "nomor": one.number,
        "day": one.day.isoformat(),
        "due": one.due.isoformat(),
        "decisions": len(one.cases),
        "late": one.late(registry.today()),
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
    """PPID, its superior, and the members of their offices."""
    actor = registry.actor_from_context(context)
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
