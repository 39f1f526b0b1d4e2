"""What is told of keys that are not declared: errors in the shape of CKAN's. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..msgids import N_
from . import keys
from .keys import Problem

Translate = Callable[[str], str]
UNKNOWN = N_(
    "The field '%(key)s' is not known here, so nothing was saved. Leave it out. Known fields: "
    "%(known)s."
)
WRONG = {
    "text": N_("'%(key)s' must be a text."),
    "flag": N_("'%(key)s' must be true or false."),
    "number": N_("'%(key)s' must be a number."),
    "file": N_("'%(key)s' must be a file."),
    "list": N_("'%(key)s' must be a list of texts."),
    "object": N_("'%(key)s' must be an object with keys and values."),
    "items": N_("'%(key)s' must be a list of objects with keys and values."),
}
_TOLD_UNDER = {"tags": "name", "extras": "key"}


def errors(
    problems: Sequence[Problem],
    kind: str,
    by_schema: Mapping[str, Mapping[str, str]],
    translate: Translate,
) -> dict[str, Any]:
    """Return the problems in the shape of CKAN's errors: by key, and by place in a list."""
    told: dict[str, Any] = {}
    for problem in problems[: keys.MOST_TOLD]:
        here: Any = told
        inside = kind
        for step, deeper in zip(problem.where, problem.where[1:], strict=False):
            if isinstance(deeper, int):
                here = here.setdefault(step, [])
                inside = keys.kind(inside).nested.get(str(step), inside)
            elif isinstance(step, int):
                here.extend({} for _ in range(step + 1 - len(here)))
                here = here[step]
        said: list[Any] = [_text(problem, inside, by_schema, translate)]
        here[problem.key] = told_under(problem.key, said) if problem.code == "items" else said
        if inside in keys.FREE_FIELDS:
            # Of a free field the summary of CKAN's pages reads only this.
            here.setdefault("key", said)
    return told


def told_under(key: Any, told: list[Any]) -> list[Any]:
    """Return what is told of a whole list where CKAN's summary of errors looks for it."""
    return [{_TOLD_UNDER[key]: told}] if key in _TOLD_UNDER else told


def _text(
    problem: Problem,
    kind: str,
    by_schema: Mapping[str, Mapping[str, str]],
    translate: Translate,
) -> str:
    if problem.code != "unknown":
        return translate(WRONG[problem.code]) % {"key": problem.key}
    declared = keys.kind(kind)
    known = {*declared.names(), *by_schema.get(declared.schema or "", ())}
    known -= declared.ignored | declared.forms
    return translate(UNKNOWN) % {"key": problem.key, "known": ", ".join(sorted(known))}
