"""Read everything that cases are judged by, once, and for many cases with as many queries as one.

A step, a page and a queue all look at the same things: which versions a case is about, what
their scans say, what was served before. They get one object and ask the database no more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from ckan import model

from ..rules import findings, impact, variables
from . import reads, rulesets, text_findings
from .model import Case, Decision, Pointer, Scan, Step, Version

METADATA_COLUMNS = (
    "title",
    "notes",
    "url",
    "version",
    "license_id",
    "owner_org",
    "author",
    "maintainer",
    "maintainer_email",
)


@dataclass(frozen=True)
class Files:
    """The versions of a case, what they replace, and the scans of both."""

    current: Sequence[Version]
    """Waiting versions of this case, and for every other resource the approved one."""
    served: Mapping[str, Version]
    """Resource id → the version that is served now."""
    scans: Mapping[str, Scan]
    """Version id → the scan that counts for it, of both kinds of versions."""
    without_version: Sequence[str]
    """Ids of active resources whose bytes nobody keeps; none may be opened."""
    texts: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    """Resource id → its name and description, as a decision of the case would publish them."""


@dataclass(frozen=True)
class Loaded:
    """One case with all that the engine, the evidence and the pages need of it."""

    case: Case
    package: model.Package
    files: Files
    said: Mapping[str, Mapping[findings.Place, findings.Said]]
    """Version id → place → what was said of the finding there and still stands."""
    parts: Mapping[str, frozenset[str]]
    decision: Decision | None
    moves: int
    values: Mapping[str, Any]
    """The dataset's own fields by their names in the schema."""
    texts: Sequence[Mapping[str, Any]] = ()
    """What its public texts reveal: see :func:`.text_findings.of_dataset`."""
    said_of_texts: Mapping[findings.Place, findings.Said] = field(default_factory=dict)
    impact: impact.Stand = impact.NONE
    """How its impact assessments stand."""
    marks: variables.Marks = field(default_factory=dict)
    """Columns that not everybody may have: its own, and those of what a file was masked from."""


def files_of(cases: Sequence[Case]) -> dict[str, Files]:
    """Return case id → its files. Four queries, however many cases."""
    if not cases:
        return {}
    ids = [case.package_id for case in cases]
    active = _active_resources(ids)
    served: dict[str, dict[str, Version]] = {}
    query = (
        sa.select(Pointer, Version)
        .join(Version, Version.id == Pointer.version_id)
        .where(Pointer.package_id.in_(ids))
    )
    for pointer, version in model.Session.execute(query).tuples():
        served.setdefault(pointer.package_id, {})[pointer.resource_id] = version
    waiting: dict[str, list[Version]] = {}
    for version in reads.waiting_versions(ids):
        waiting.setdefault(version.package_id, []).append(version)
    wanted = {v.id for group in served.values() for v in group.values()}
    wanted |= {v.id for group in waiting.values() for v in group}
    scans = reads.scans_of(wanted)
    result = {}
    for case in cases:
        own, old = waiting.get(case.package_id, []), served.get(case.package_id, {})
        resources = active.get(case.package_id, {})
        chosen = {**old, **{v.resource_id: v for v in own if v.case_id == case.id}}
        current = [v for r, v in sorted(chosen.items()) if r in resources]
        known = {v.resource_id for v in (*current, *own)}
        result[case.id] = Files(
            current=current,
            served=old,
            scans={v.id: scans[v.id] for v in (*current, *old.values()) if v.id in scans},
            without_version=sorted(resources.keys() - known),
            texts={
                **resources,
                **{v.resource_id: v.meta for v in own if v.case_id == case.id and v.meta},
            },
        )
    return result


def _active_resources(
    package_ids: Iterable[str],
) -> dict[str, dict[str, Mapping[str, str | None]]]:
    rows = model.Session.execute(
        sa.select(
            model.Resource.package_id,
            model.Resource.id,
            model.Resource.name,
            model.Resource.description,
        ).where(model.Resource.package_id.in_(list(package_ids)), model.Resource.state == "active")
    )
    found: dict[str, dict[str, Mapping[str, str | None]]] = {}
    for package_id, resource_id, name, description in rows:
        texts = {"name": name, "description": description}
        found.setdefault(package_id, {})[resource_id] = texts
    return found


def load(case: Case, package: model.Package) -> Loaded:
    """Return one case with all that is judged in it."""
    return load_many([(case, package)])[case.id]


def load_many(pairs: Sequence[tuple[Case, model.Package]]) -> dict[str, Loaded]:
    """Return case id → the case with all that is judged in it; a fixed number of queries."""
    cases = [case for case, _ in pairs]
    files = files_of(cases)
    current = [v for group in files.values() for v in group.current]
    scans = {i: scan for group in files.values() for i, scan in group.scans.items()}
    said = reads.answers_of(current, scans)
    parts, moves = _steps([case.id for case in cases])
    decisions = _decisions([case.package_id for case in cases])
    tags = _tags([case.package_id for case in cases])
    values = {package.id: _values(package, tags.get(package.id, ())) for _, package in pairs}
    texts = {
        case.id: text_findings.of_dataset(package.id, values[package.id], files[case.id].texts)
        for case, package in pairs
    }
    stands = impact.stands([case.package_id for case in cases])
    sources = {v.id: source for v in current if (source := _source(v))}
    marks = variables.marks_of([*{case.package_id for case in cases}, *set(sources.values())])
    answers = answers_of_texts(item for group in texts.values() for item in group)
    return {
        case.id: Loaded(
            case=case,
            package=package,
            files=files[case.id],
            said={v.id: said[v.id] for v in files[case.id].current if v.id in said},
            parts=parts.get(case.id, {}),
            decision=decisions.get(case.package_id),
            moves=moves.get(case.id, 0),
            values=values[package.id],
            texts=texts[case.id],
            said_of_texts=findings.of_texts(texts[case.id], answers),
            impact=stands.get(case.package_id, impact.NONE),
            marks={
                name: why
                for package_id in (
                    *(sources[v.id] for v in files[case.id].current if v.id in sources),
                    case.package_id,
                )
                for name, why in marks.get(package_id, {}).items()
            },
        )
        for case, package in pairs
    }


def _source(version: Version) -> str | None:
    """Return the dataset of whose file a version was masked."""
    return ((version.masked or {}).get("source") or {}).get("dataset")


def answers_of_texts(
    items: Iterable[Mapping[str, Any]],
) -> dict[str, dict[findings.Place, findings.Said]]:
    """Return digest → what was said of findings in that text and stands under the newest rules."""
    said = reads.resolutions_of(str(item["digest"]) for item in items)
    older = {findings.RULES: rulesets.rules()}
    return {
        digest: findings.lasting(places, rulesets.newest(), older)
        for digest, places in said.items()
    }


def _steps(case_ids: Sequence[str]) -> tuple[dict[str, dict[str, frozenset[str]]], dict[str, int]]:
    """Return who acted in which part, and how many steps each case has."""
    rows = model.Session.execute(
        sa.select(Step.case_id, Step.part, Step.actor_id, sa.func.count())
        .where(Step.case_id.in_(case_ids))
        .group_by(Step.case_id, Step.part, Step.actor_id)
    )
    people: dict[str, dict[str, set[str]]] = {}
    moves: dict[str, int] = {}
    for case_id, part, actor_id, number in rows:
        moves[case_id] = moves.get(case_id, 0) + number
        if part is not None and actor_id is not None:
            people.setdefault(case_id, {}).setdefault(part, set()).add(actor_id)
    frozen = {
        case_id: {part: frozenset(ids) for part, ids in parts.items()}
        for case_id, parts in people.items()
    }
    return frozen, moves


def _decisions(package_ids: Sequence[str]) -> dict[str, Decision]:
    query = sa.select(Decision).where(Decision.package_id.in_(package_ids), Decision.in_force)
    return {d.package_id: d for d in model.Session.scalars(query)}


def _tags(package_ids: Sequence[str]) -> dict[str, list[str]]:
    """Return the free tags of each dataset, as ``Package.get_tags`` gives them for one."""
    rows = model.Session.execute(
        sa.select(model.PackageTag.package_id, model.Tag.name)
        .join(model.Tag, model.Tag.id == model.PackageTag.tag_id)
        .where(
            model.PackageTag.package_id.in_(package_ids),
            model.PackageTag.state == "active",
            model.Tag.vocabulary_id.is_(None),
        )
    )
    found: dict[str, list[str]] = {}
    for package_id, name in rows:
        found.setdefault(package_id, []).append(name)
    return found


def _values(package: model.Package, tags: Iterable[str]) -> dict[str, Any]:
    values: dict[str, Any] = {"type": package.type, "name": package.name}
    values.update({key: getattr(package, key) for key in METADATA_COLUMNS})
    values.update(package.extras or {})
    values["tag_string"] = ",".join(sorted(tags))
    return values
