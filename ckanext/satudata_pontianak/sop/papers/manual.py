"""The manual of information-security management in six chapters, made from the definitions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...messages import Message, Translate
from ...msgids import N_
from ...smki.rules.definition import Control, Smki
from ..documents import unconfirmed
from ..documents.document import Document
from ..documents.laws import by_law
from ..documents.rows_tasks import time_of

WORDS: Mapping[str, str] = {
    "title": N_("Manual of information-security management"),
    "page": N_("Page %(page)s of %(pages)s"),
    "made": N_(
        "Made from the definitions that the portal works by; a change there changes this manual."
    ),
    "scope": N_("Scope"),
    "policy": N_("Policy"),
    "basis": N_("Legal basis"),
    "controls": N_("What has to be so"),
    "roles": N_("Roles"),
    "tasks": N_("Tasks of the calendar and of events"),
    "procedures": N_("Procedures"),
    "excluded": N_("What does not apply, and why"),
    "chapter": N_("Chapter %(number)s: %(label)s"),
}
ROLE_HEADS = (N_("Role"), N_("What it does"), N_("Until somebody is named"), N_("Legal basis"))
TASK_HEADS = (N_("Task"), N_("Role"), N_("Time"), N_("Procedure"))
CONTROL_HEADS = (N_("Control"), N_("Why"), N_("Role"), N_("Evidence"), N_("What mends it"))
BY_PROBE = N_("Looked at by the portal every day")
BY_HAND = N_("By hand, confirmed by an office")


def manual_paper(
    known: Smki,
    documents: Mapping[str, Document],
    *,
    inside: bool,
    institution: str,
    translate: Translate,
) -> dict[str, Any]:
    """Return the manual as a paper.

    :param documents: the SOPs that its reader may read.
    :param inside: for who carries a role; without it policy, procedures and controls by name.
    """
    words = {key: translate(msgid) for key, msgid in WORDS.items()}
    blocks: list[dict[str, Any]] = [{"kind": "text", "text": words["made"]}]
    for number, (name, chapter) in enumerate(known.policy.chapters.items(), start=1):
        said = Message(WORDS["chapter"], {"number": number, "label": Message(chapter.label)})
        blocks.append({"kind": "centre", "text": said.text(translate)})
        if number == 1:
            blocks += _policy(known, words, translate)
        if inside and name == "penanggung_jawab":
            blocks.append(_roles(known, words, translate))
        blocks += _controls(known, name, words, translate, inside=inside)
        if inside:
            blocks += _tasks(known, name, documents, words, translate)
    blocks.append(_procedures(documents, words, translate))
    if any(unconfirmed.MARK in str(block) for block in blocks):
        blocks.append({"kind": "footnote", "text": unconfirmed.explained(translate)})
    return {
        "title": words["title"],
        "institution": institution,
        "language": "id",
        "landscape": False,
        "head": None,
        "counted": words["page"],
        "blocks": blocks,
    }


def _laws(items: Iterable[Mapping[str, Any]]) -> list[str]:
    marked = [
        {
            "text": item["text"],
            "mark": "" if item["status"] == unconfirmed.CONFIRMED else unconfirmed.MARK,
        }
        for item in items
    ]
    return [law["text"] for law in by_law(marked)]


def _policy(
    known: Smki, words: Mapping[str, str], translate: Translate
) -> Iterable[dict[str, Any]]:
    policy = known.policy
    yield {"kind": "text", "text": f"{words['scope']}: {translate(policy.scope)}"}
    statements = [translate(each.label) for each in policy.statements]
    yield {"kind": "list", "label": words["policy"], "lines": statements}
    yield {"kind": "list", "label": words["basis"], "lines": _laws(policy.basis)}


def _roles(known: Smki, words: Mapping[str, str], translate: Translate) -> dict[str, Any]:
    roles = known.roles.roles
    rows = [
        [
            translate(role.label),
            translate(role.help) if role.help else "–",
            ", ".join(translate(roles[name].label) for name in role.until_named) or "–",
            "; ".join(_laws(role.basis)),
        ]
        for role in roles.values()
    ]
    return _table(words["roles"], ROLE_HEADS, (26, 30, 20, 24), rows, translate)


def _controls(
    known: Smki, chapter: str, words: Mapping[str, str], translate: Translate, *, inside: bool
) -> Iterable[dict[str, Any]]:
    mine = [c for c in known.controls.controls.values() if c.chapter == chapter]
    holding = [c for c in mine if not c.excluded]
    if holding and not inside:
        names = [translate(c.label) for c in holding]
        yield {"kind": "list", "label": words["controls"], "lines": names}
    elif holding:
        rows = [
            [
                translate(c.label),
                translate(c.why),
                translate(known.roles.roles[c.role].label),
                _evidence(known, c, translate),
                translate(c.mend),
            ]
            for c in holding
        ]
        widths = (24, 22, 14, 18, 22)
        yield _table(words["controls"], CONTROL_HEADS, widths, rows, translate)
    left_out = [f"{translate(c.label)}: {translate(c.excluded)}" for c in mine if c.excluded]
    if left_out and inside:
        yield {"kind": "list", "label": words["excluded"], "lines": left_out}


def _evidence(known: Smki, control: Control, translate: Translate) -> str:
    if control.task:
        told = translate(known.tasks.tasks[control.task].label)
        return f"{told} ({translate(BY_HAND)})" if control.by_hand else told
    return translate(BY_PROBE)


def _tasks(
    known: Smki,
    chapter: str,
    documents: Mapping[str, Document],
    words: Mapping[str, str],
    translate: Translate,
) -> Iterable[dict[str, Any]]:
    rows = [
        [
            translate(task.label),
            translate(known.roles.roles[task.role].label),
            time_of(task).text(translate),
            documents[task.sop].code if task.sop in documents else "–",
        ]
        for task in known.tasks.tasks.values()
        if task.chapter == chapter
    ]
    if rows:
        yield _table(words["tasks"], TASK_HEADS, (38, 22, 26, 14), rows, translate)


def _procedures(
    documents: Mapping[str, Document], words: Mapping[str, str], translate: Translate
) -> dict[str, Any]:
    lines = [
        f"{d.code} {d.title.text(translate)}: {d.summary.text(translate)}"
        for d in documents.values()
    ]
    return {"kind": "list", "label": words["procedures"], "lines": lines}


def _table(
    caption: str,
    heads: Iterable[str],
    widths: tuple[int, ...],
    rows: list[list[str]],
    translate: Translate,
) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": caption,
        "heads": [translate(head) for head in heads],
        "widths": list(widths),
        "rows": rows,
    }
