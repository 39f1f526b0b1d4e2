"""One point added or corrected: a new version of its table, by the same door as a file."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...access.reading import guard
from ...agencies.rules.duties import Actor
from ...classification.records import reads
from ...classification.records.model import Version
from ...classification.rules.policy import Channel, decide
from ...classification.rules.profiled import FIELD
from ...classification.rules.refusals import InvalidFields
from ...messages import Message
from ...msgids import N_
from ..rules import point_rules
from ..rules.point_definition import KEY, Profile, profiles
from ..rules.point_rules import Table
from . import checking

NOT_YOURS = N_("Points are added and corrected by the owner agency's editors and admins.")
NO_PROFILE = N_("This dataset names no profile of infrastructure.")
NO_TABLE = N_("This dataset has no table of points that you may read. Upload the template first.")
WRONG_TABLE = N_("The table that is there does not fit the profile. Upload a mended file first.")
CHANGED = N_("Somebody changed the table meanwhile. Look at it once more.")
NO_POINT = N_("The table has no point with this code.")
TAKEN = N_("The table has a point with this code already.")


@dataclass(frozen=True)
class Editable:
    """The newest table of points that somebody may change."""

    package: model.Package
    profile: Profile
    resource_id: str
    filename: str
    sha256: str
    table: Table


def package(id_: str) -> model.Package:
    """Return a dataset that somebody was shown.

    :raises LookupError: there is none any more.
    """
    found = model.Session.get(model.Package, id_)
    if found is None:
        raise LookupError(id_)
    return found


def may(actor: Actor, package: model.Package) -> bool:
    """Tell whether somebody keeps the points of a dataset."""
    return bool(package.extras.get(FIELD)) and guard.edits(actor, reads.facts_of(package.id))


def opened(actor: Actor, package: model.Package, resource_id: str = "") -> Editable:
    """Return the newest table of a dataset for who keeps it.

    :param resource_id: of one of several tables.
    :raises InvalidFields: they do not keep it, or there is no such table.
    """
    profile = profiles().get(str(package.extras.get(FIELD) or ""))
    if profile is None:
        raise InvalidFields({"": [Message(NO_PROFILE)]})
    if not may(actor, package):
        raise InvalidFields({"": [Message(NOT_YOURS)]})
    version = _newest(actor, package, resource_id)
    if version is None:
        raise InvalidFields({"": [Message(NO_TABLE)]})
    try:
        table = checking.read(profile, version.filename, str(version.sha256))
    except FileNotFoundError as e:  # its bytes are gone: nothing to correct
        raise InvalidFields({"": [Message(NO_TABLE)]}) from e
    if table.problems:
        raise InvalidFields({"": [Message(WRONG_TABLE), *table.problems]})
    return Editable(
        package, profile, version.resource_id, version.filename, str(version.sha256), table
    )


def _newest(actor: Actor, package: model.Package, resource_id: str) -> Version | None:
    """Return the newest version of a table that somebody may have: what waits comes first."""
    facts = reads.facts_of(package.id)
    served = reads.pointers_of([package.id])
    newest: dict[str, tuple[Any, Version]] = {r: (p, v) for r, (p, v) in served.items()}
    newest |= {v.resource_id: (None, v) for v in reads.waiting_versions([package.id])}
    active = [r.id for r in package.resources if r.state == "active"]
    for id_ in [resource_id] if resource_id else active:
        pointer, version = newest.get(id_, (None, None))
        if version is None or id_ not in active or version.sha256 is None or version.sealed:
            continue
        if decide(actor, facts, Channel.DATA, reads.version_facts(version, pointer)):
            return version
    return None


def write(
    context: types.Context,
    found: Editable,
    code: str | None,
    base: str | None,
    values: Mapping[str, Any],
) -> dict[str, Any]:
    """Bring a new version of the table, with one point corrected or one more.

    :param code: of the point that is corrected; ``None`` adds one.
    :param base: SHA-256 of the table that the person saw, where they saw one.
    :param values: of every column that is filled.
    :returns: what ``resource_patch`` gives.
    :raises InvalidFields: by column; nothing was written.
    """
    profile, table = found.profile, found.table
    errors: dict[str, list[Message]] = {}
    known = {row[KEY].casefold() for row in table.rows}
    if base is not None and base != found.sha256:
        errors[""] = [Message(CHANGED)]
    if code is not None and code.casefold() not in known:
        errors["code"] = [Message(NO_POINT)]
    unknown = sorted(set(values) - set(profile.columns))
    errors |= {"values": [Message(point_rules.UNKNOWN, {"column": unknown[0]})]} if unknown else {}
    given = {name: str(value) for name, value in values.items() if value is not None}
    row, wrong = point_rules.checked(profile, given, checking.now())
    errors |= {name: [why] for name, why in wrong.items()}
    new = row.get(KEY, "").casefold()
    if new and new in known and (code is None or new != code.casefold()):
        errors[KEY] = [Message(TAKEN)]
    if errors:
        raise InvalidFields(errors)
    content = point_rules.written(profile, table, code or row[KEY], row)
    file = FileStorage(io.BytesIO(content), filename=found.filename)
    return tk.get_action("resource_patch")(
        tk.fresh_context(context), {"id": found.resource_id, "upload": file}
    )
