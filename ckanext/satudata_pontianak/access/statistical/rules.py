"""The fields of a statistical activity, and whether what is said of them can stand. Pure.

Read from ``schemas/statistical_activities.yaml``. A field of an entry that stands several times is
called by both names: ``jadwal_desain`` of ``awal`` is ``jadwal_desain_awal``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from ... import paths
from ...messages import Message
from ...msgids import N_
from ...surface.yaml_source import Source, Text
from . import fields as forms
from .fields import Asked, FieldSpec, Only, Told, shown

TITLE = "judul_kegiatan"
"""The one field that an activity cannot be kept without."""
BEFORE = N_("The last day is before the first one.")
__all__ = ["TITLE", "Asked", "activities", "checked", "fields", "missing", "shown"]


class Block(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Fields that belong together, asked for where another field says so."""

    label: Text
    fields: dict[str, FieldSpec]
    only: Only = msgspec.field(default_factory=dict)


class Activities(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    version: Text
    help: Text
    parts: dict[str, dict[str, FieldSpec]]
    blocks: dict[str, Block]


@lru_cache(maxsize=1)
def activities() -> Activities:
    """Return the definition in force, read once a process.

    :raises DefinitionError: naming file, line and reason.
    """
    source = Source.read(paths.schemas() / "statistical_activities.yaml")
    found = source.shaped(Activities)
    names: dict[str, FieldSpec] = {}
    for key, block in found.blocks.items():
        for name, spec in block.fields.items():
            source.require(f"unknown parts '{spec.of}'", not spec.of or spec.of in found.parts)
            parts = found.parts[spec.of] if spec.of else {"": spec}
            for part, one in parts.items():
                called = f"{name}_{part}" if part else name
                source.require(f"the field '{called}' stands twice", called not in names)
                names[called] = one
                forms.check_choices(source, called, one, "blocks", key)
    for block in found.blocks.values():
        for only in (block.only, *(spec.only for spec in block.fields.values())):
            forms.check_only(source, only, names)
    source.require(f"'{TITLE}' is missing", TITLE in names)
    return found


@lru_cache(maxsize=1)
def fields() -> Mapping[str, Asked]:
    """Return the fields by name, in the order of the file."""
    return {asked.name: asked for asked in _fields()}


def _fields() -> Iterator[Asked]:
    definition = activities()
    for key, block in definition.blocks.items():
        for name, spec in block.fields.items():
            only = {**block.only, **spec.only}
            if not spec.of:
                yield Asked(name, key, spec, only=only)
                continue
            for part, one in definition.parts[spec.of].items():
                yield Asked(f"{name}_{part}", key, one, spec.label, only)


def missing(told: Told) -> list[str]:
    """Return the names of the fields that the standard needs and that say nothing."""
    return forms.missing(fields(), told)


def checked(
    said: Mapping[str, Any], before: Told
) -> tuple[dict[str, Any], dict[str, list[Message]]]:
    """Return an activity as it is kept after something was said of it, and what is wrong.

    :param said: field → what is said; empty takes it out, and what is not named stays.
    :param before: what is kept of it.
    :returns: the whole activity, and field → what is wrong with it.
    """
    told, errors = forms.checked(fields(), TITLE, said, before)
    errors |= {name: [Message(BEFORE)] for name in _turned(told) if name not in errors}
    return told, errors


def _turned(told: Told) -> list[str]:
    """Return the last days that lie before their first ones."""
    ends = [name for name in told if name.endswith("_akhir")]
    return [
        name for name in ends if str(told.get(name[: -len("akhir")] + "awal") or "") > told[name]
    ]
