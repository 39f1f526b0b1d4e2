"""Fields of a statistical activity or an indicator, and what may stand in them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from ...messages import Message
from ...metadata import formats
from ...msgids import N_
from ...surface.yaml_source import Labelled, Positive, Source, Text

Kind = Literal["line", "text", "choice", "several", "date", "number", "mailbox"]
Told = Mapping[str, Any]
"""Field → text, or the list of what was chosen of several. What is empty is left out."""
Only = dict[str, tuple[str, ...]]

NEEDED = N_("Fill in this field.")
TOO_LONG = N_("Write at most %(count)s characters.")
NO_TEXT = N_("The text holds a character that is not allowed.")
ONE_OF = N_("Choose one of: %(choices)s.")
NOT_ASKED = N_("This is not asked for here. Leave it empty.")
UNKNOWN = N_("There is no such field.")
_LARGEST = 999_999_999
_BY_DEFAULT: Mapping[str, int] = {"text": 4000, "number": 9, "mailbox": 200}


class FieldSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A field as the file says it; with ``of`` it stands for one field for each of these parts."""

    label: Text
    help: str = ""
    kind: Kind = "line"
    most: Positive | None = None
    choices: dict[str, Labelled] = msgspec.field(default_factory=dict)
    needed: bool = False
    only: Only = msgspec.field(default_factory=dict)
    of: str = ""


@dataclass(frozen=True)
class Asked:
    """A field as it is asked for: its name, its block, and of which entry it is a part."""

    name: str
    block: str
    spec: FieldSpec
    heading: str = ""
    """What the entry is called that it is a part of; empty of a field that stands alone."""
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def most(self) -> int:
        """Return how many characters it may have."""
        return self.spec.most or _BY_DEFAULT.get(self.spec.kind, 40)


def check_choices(source: Source, name: str, spec: FieldSpec, *path: str) -> None:
    """Let a definition go on whose field has choices exactly where one is to be chosen.

    :raises DefinitionError: naming file, line and reason.
    """
    chosen = spec.kind in ("choice", "several")
    source.require(f"'{name}' has no choices", chosen == bool(spec.choices), *path)


def check_only(source: Source, only: Only, known: Mapping[str, FieldSpec]) -> None:
    """Let a definition go on that asks for fields by what is chosen in others that there are.

    :raises DefinitionError: naming file, line and reason.
    """
    for name, values in only.items():
        source.known("field", [name], known)
        source.known("choice", values, known[name].choices)


def is_asked(asked: Asked, told: Told) -> bool:
    """Tell whether a field is asked for, by what is said in others."""
    return all(told.get(name) in values for name, values in asked.only.items())


def missing(known: Mapping[str, Asked], told: Told) -> list[str]:
    """Return the names of the fields that the standard needs and that say nothing."""
    return [
        name
        for name, asked in known.items()
        if asked.spec.needed and is_asked(asked, told) and not told.get(name)
    ]


def checked(
    known: Mapping[str, Asked], title: str, said: Mapping[str, Any], before: Told
) -> tuple[dict[str, Any], dict[str, list[Message]]]:
    """Return what is kept after something was said, and what is wrong with it.

    :param known: the fields, in their order.
    :param title: the one field that cannot be empty.
    :param said: field → what is said; empty takes it out, and what is not named stays.
    :param before: what is kept.
    :returns: all that is kept, and field → what is wrong with it.
    """
    told = dict(before)
    errors: dict[str, list[Message]] = {}
    for name, value in said.items():
        asked = known.get(name)
        if asked is None:
            errors[name] = [Message(UNKNOWN)]
            continue
        try:
            kept = _kept(asked, value)
        except _Wrong as wrong:
            errors[name] = [wrong.message]
            continue
        told.pop(name, None)
        if kept:
            told[name] = kept
    if not told.get(title):
        errors.setdefault(title, [Message(NEEDED)])
    for name in [name for name in told if name in known and name not in errors]:
        if not is_asked(known[name], told):
            errors[name] = [Message(NOT_ASKED)]
    return {name: told[name] for name in known if name in told}, errors


class _Wrong(Exception):
    def __init__(self, text: str, params: Mapping[str, Any] | None = None) -> None:
        super().__init__(text)
        self.message = Message(text, dict(params or {}))


def _kept(asked: Asked, value: Any) -> str | list[str]:
    """Return a value as it is kept.

    :raises _Wrong: it cannot stand.
    """
    spec = asked.spec
    if spec.kind == "several":
        chosen = [value] if isinstance(value, str) else value
        if value is None or value == "":
            return []
        if not isinstance(chosen, list) or not set(map(str, chosen)) <= set(spec.choices):
            raise _Wrong(ONE_OF, {"choices": ", ".join(spec.choices)})
        return [code for code in spec.choices if code in chosen]
    if value is None:
        return ""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not _is_text(value):
        raise _Wrong(NO_TEXT)
    text = value.replace("\r\n", "\n").strip()
    if not text:
        return ""
    if len(text) > asked.most:
        raise _Wrong(TOO_LONG, {"count": asked.most})
    if spec.kind == "choice" and text not in spec.choices:
        raise _Wrong(ONE_OF, {"choices": ", ".join(spec.choices)})
    return _formed(spec.kind, text)


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in value


def _formed(kind: Kind, text: str) -> str:
    try:
        if kind == "date":
            return formats.stored_date(text)
        if kind == "number":
            return formats.stored_number(text, 0, _LARGEST)
        if kind == "mailbox":
            return formats.stored_mailbox(text)
    except formats.Malformed as problem:
        raise _Wrong(formats.WORDS[problem.code]) from None
    return text


def shown(asked: Asked, told: Told) -> list[str]:
    """Return what a field says, in msgids where it was chosen; ``[]`` where it says nothing."""
    value = told.get(asked.name)
    if not value:
        return []
    choices = asked.spec.choices
    if choices:
        codes = value if isinstance(value, list) else [value]
        return [choices[c].label if c in choices else str(c) for c in codes]
    return [str(value)]
