"""Taking over a living portal: a case for every dataset that was there before us.

Nothing that anybody sees changes here: CKAN's rows, files, index and activities stay as they
are. The files are copied into the storage of versions and scanned, and a case is opened for
each dataset. What follows from it is decided by people, and seen only once the operator sets
the types as governed.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import mimetypes
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import files, uploader

from .. import config
from ..agencies.duties import Actor
from . import cases, likeness, repository, storage, versions
from .axes import Axes
from .model import Case, Step, Version

log = logging.getLogger(__name__)

REASON = "adopted"
TRANSITION = "adopt"
PROPOSAL = Axes(jenis_informasi="berkala", tingkat_keamanan="biasa", data_pribadi="tidak_ada")
STAMP = "last_modified"


def types() -> list[str]:
    """Return the dataset types that are taken over."""
    return sorted(config.governed_types() or {"dataset"})


@dataclass
class Outlook:
    """What would happen to the datasets that have no case yet."""

    public: int = 0
    public_files: int = 0
    public_links: int = 0
    private: int = 0
    drafts: int = 0
    without_agency: int = 0
    missing: list[str] = field(default_factory=list)

    @property
    def datasets(self) -> int:
        """How many datasets have no case."""
        return self.public + self.private + self.drafts

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON knows it."""
        return {"datasets": self.datasets, **asdict(self)}


@dataclass
class Report:
    """What a run did."""

    total: int = 0
    public: int = 0
    private: int = 0
    drafts: int = 0
    renewed: int = 0
    files: int = 0
    links: int = 0
    missing: int = 0
    findings: int = 0
    failed_scans: int = 0
    errors: list[dict[str, str]] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many datasets this run has looked at."""
        return self.public + self.private + self.drafts + self.renewed + len(self.errors)

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON knows it."""
        return asdict(self)


def _without_case() -> Any:
    known = sa.exists().where(Case.package_id == model.Package.id)
    return sa.and_(
        model.Package.type.in_(types()), model.Package.state.in_(("active", "draft")), ~known
    )


def _changed_since() -> Any:
    """Return the condition that core took new bytes after the dataset was adopted.

    Only as long as the types are not governed: afterwards every write goes through the gate.
    """
    if config.governed_types():
        return sa.false()
    newest = (
        sa.select(Version.meta[STAMP].as_string())
        .where(Version.resource_id == model.Resource.id)
        .order_by(Version.created.desc())
        .limit(1)
        .scalar_subquery()
    )
    changed = sa.exists().where(
        model.Resource.package_id == model.Package.id,
        model.Resource.state == "active",
        newest.is_distinct_from(_stamp_column()),
    )
    adopted = sa.exists().where(Case.package_id == model.Package.id, Case.reason == REASON)
    return sa.and_(
        model.Package.type.in_(types()),
        model.Package.state.in_(("active", "draft")),
        adopted,
        changed,
    )


def _stamp_column() -> Any:
    moment = sa.func.coalesce(model.Resource.last_modified, model.Resource.created)
    return (
        sa.func.coalesce(sa.func.to_char(moment, "YYYY-MM-DD HH24:MI:SS.US"), "")
        + " "
        + sa.func.coalesce(model.Resource.url, "")
    )


def _stamp(resource: model.Resource) -> str:
    """Return what tells one state of a resource's bytes from the next; see `_stamp_column`."""
    moment: dt.datetime | None = resource.last_modified or resource.created
    when = f"{moment:%Y-%m-%d %H:%M:%S.%f}" if moment else ""
    return f"{when} {resource.url or ''}"


def _ids(condition: Any, after: str, limit: int) -> list[str]:
    query = sa.select(model.Package.id).where(condition, model.Package.id > after)
    return list(model.Session.scalars(query.order_by(model.Package.id).limit(limit)))


def _count(condition: Any) -> int:
    query = sa.select(sa.func.count()).select_from(model.Package).where(condition)
    return int(model.Session.scalar(query) or 0)


def _resources(package_id: str) -> list[model.Resource]:
    query = sa.select(model.Resource).where(
        model.Resource.package_id == package_id, model.Resource.state == "active"
    )
    return list(model.Session.scalars(query.order_by(model.Resource.position)))


def outlook(batch: int = 500) -> Outlook:
    """Return what adopting would do; changes nothing."""
    result = Outlook()
    after = ""
    while ids := _ids(_without_case(), after, batch):
        for package_id in ids:
            _look_at(package_id, result)
        after = ids[-1]
        model.Session.rollback()
        model.Session.expunge_all()
    return result


def _look_at(package_id: str, result: Outlook) -> None:
    package = model.Session.get(model.Package, package_id)
    if package is None:
        return
    public = package.state == "active" and not package.private
    result.without_agency += not package.owner_org
    result.public += public
    result.drafts += package.state == "draft"
    result.private += package.state != "draft" and bool(package.private)
    for resource in _resources(package_id):
        is_file = resource.url_type == "upload"
        result.public_files += public and is_file
        result.public_links += public and not is_file
        if is_file:
            with stored_file(resource) as stream:
                if stream is None:
                    result.missing.append(f"{package.name}: {resource.id} ({resource.url})")


@contextlib.contextmanager
def stored_file(resource: model.Resource) -> Iterator[IO[bytes] | None]:
    """Open the file that core keeps for a resource; ``None`` when it is not there."""
    upload: Any = uploader.get_resource_uploader(
        {"id": resource.id, "url": resource.url, "url_type": "upload"}
    )
    try:
        path = upload.get_path(resource.id)
    except tk.ValidationError:
        yield None
        return
    kept = getattr(upload, "storage", None)
    if kept is None:
        if not Path(path).is_file():
            yield None
            return
        with Path(path).open("rb") as stream:
            yield stream
        return
    data = files.FileData(files.Location(path))
    if not kept.exists(data):
        yield None
        return
    with tempfile.TemporaryFile() as copy:
        for chunk in kept.stream(data):
            copy.write(chunk)
        copy.seek(0)
        yield copy


def run(
    actor: Actor, *, batch: int = 50, progress: Callable[[Report], None] | None = None
) -> Report:
    """Open a case for every dataset that has none, one transaction for each.

    Safe to break off at any moment and to start again: what was committed is not done twice,
    and what was not is done by the next run.

    :param actor: who adopts, and is the proposer of every case in ``verification``.
    :param batch: after so many datasets ``progress`` is called and memory is given back.
    """
    report = Report(total=_count(sa.or_(_without_case(), _changed_since())))
    if progress:
        progress(report)
    for condition, work in ((_without_case, _adopt), (_changed_since, _follow)):
        after = ""
        while ids := _ids(condition(), after, batch):
            for package_id in ids:
                _one(package_id, actor, work, report)
            after = ids[-1]
            model.Session.expunge_all()
            if progress:
                progress(report)
    return report


Work = Callable[[model.Package, Actor, Report], None]


def _one(package_id: str, actor: Actor, work: Work, report: Report) -> None:
    """Take one dataset over, wholly or not at all."""
    model.Session.rollback()
    package = model.Session.get(model.Package, package_id)
    if package is None:
        return
    name, before = package.name, Report(**{**asdict(report), "errors": []})
    try:
        work(package, actor, before)
        likeness.refresh([package.id])
        model.Session.commit()
    except IntegrityError:
        # Another run, or the agency itself, opened a case a moment ago: it is not ours to do.
        model.Session.rollback()
        log.info("dataset %s has a case by now", name)
        return
    except Exception as error:
        # Whatever is wrong with one dataset must not keep the others from being taken over.
        model.Session.rollback()
        log.exception("dataset %s was not adopted", name)
        report.errors.append({"name": name, "error": f"{type(error).__name__}: {error}"})
        return
    for key, value in vars(before).items():
        if key != "errors":
            setattr(report, key, value)


def _adopt(package: model.Package, actor: Actor, report: Report) -> None:
    """Open the first case of a dataset with all its bytes."""
    public = package.state == "active" and not package.private
    case = cases.open_new(package.id, actor, proposal=PROPOSAL if public else Axes(), reason=REASON)
    for resource in _resources(package.id):
        _add_version(package.id, resource, case, actor if public else None, report)
    if public:
        cases.take_step(package, case, actor, TRANSITION, {}, None, operator=True)
    report.public += public
    report.drafts += package.state == "draft"
    report.private += not public and package.state != "draft"


def _follow(package: model.Package, actor: Actor, report: Report) -> None:
    """Take what core changed after the dataset was adopted into its case, or into a new one.

    A case that only we have touched is proposed anew; where people have acted, the new bytes
    are for the next case, as the bytes of any other dataset.
    """
    case = repository.open_case(package.id, lock=True)
    target: Case | None = case
    propose = case is not None and case.state != cases.workflow().first_state
    if case is None:
        target = cases.open_new(package.id, actor, proposal=PROPOSAL, reason="new_bytes")
    elif propose and _touched(case):
        target, propose = None, False
    for resource in _resources(package.id):
        newest = _newest(resource.id)
        if newest is None or newest.meta.get(STAMP) != _stamp(resource):
            _add_version(package.id, resource, target, None, report)
    if case is not None and propose:
        first = cases.workflow().first_state
        cases.add_step(case, actor, "renew_bytes", from_state=case.state, to_state=first)
        case.state = first
        cases.take_step(package, case, actor, TRANSITION, {}, None, operator=True)
    report.renewed += 1


def _touched(case: Case) -> bool:
    """Tell whether anybody but this command acted in the case."""
    ours = ("open", TRANSITION, "renew_bytes")
    query = sa.select(sa.func.count()).where(Step.case_id == case.id, Step.action.not_in(ours))
    return case.reason != REASON or bool(model.Session.scalar(query))


def _newest(resource_id: str) -> Version | None:
    query = sa.select(Version).where(Version.resource_id == resource_id)
    return model.Session.scalars(query.order_by(Version.created.desc()).limit(1)).first()


def _add_version(
    package_id: str,
    resource: model.Resource,
    case: Case | None,
    actor: Actor | None,
    report: Report,
) -> None:
    """Copy the bytes of a resource, or note its link, and scan them."""
    name = str(resource.url or "").rsplit("/", 1)[-1]
    is_file = resource.url_type == "upload"
    sha256, size = None, None
    if is_file:
        with stored_file(resource) as stream:
            if stream is not None:
                sha256, size = _copy(stream)
    meta = {key: getattr(resource, key, None) for key in versions.META_FIELDS}
    version = versions.add_version(
        package_id,
        resource.id,
        case,
        kind="upload" if is_file else "link",
        meta={**meta, STAMP: _stamp(resource)},
        actor_id=actor.id if actor else None,
        sha256=sha256,
        size=size,
        filename=name if is_file else str(resource.url or ""),
        mimetype=resource.mimetype or (mimetypes.guess_type(name)[0] if is_file else None),
    )
    scan = versions.scan(version)
    report.files += is_file
    report.links += not is_file
    report.missing += is_file and sha256 is None
    report.findings += scan.verdict == "findings"
    report.failed_scans += scan.verdict == "failed" and sha256 is not None


def _copy(stream: IO[bytes]) -> tuple[str | None, int]:
    """Keep the bytes, however many; an empty file has none to keep."""
    try:
        stored = storage.put(stream, any_size=True)
    except storage.EmptyFile:
        return None, 0
    return stored.sha256, stored.size
