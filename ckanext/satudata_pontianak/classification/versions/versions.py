"""Versions: keep new bytes, scan them, and move the pointer when a decision falls."""

from __future__ import annotations

import datetime as dt
import logging
import mimetypes
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as pg_insert

import ckan.plugins.toolkit as tk
from ckan import model

from ... import config
from ...disclosure import misleading
from ...disclosure.limits import Limits
from ...disclosure.report import FileReport
from ...disclosure.sandbox import Sandbox
from ...ledger import service as ledger
from ..records import dataset_types, job_queue, reads, rulesets, turns
from ..records.file_types import format_of, type_of
from ..records.model import Case, Pointer, Scan, Version, new_id, now
from ..rules import filenames, findings
from . import carrying, fetching, likeness, storage, tables
from .masked_file import MaskedFile
from .tidied_file import TidiedFile

log = logging.getLogger(__name__)

META_FIELDS = ("name", "description", "format", "mimetype", "url", "url_type", "size", "hash")


def ruleset() -> str:
    """Return the name of the ruleset by which everything new is scanned."""
    return rulesets.newest()


def keep_upload(upload: Any) -> dict[str, Any]:
    """Store an uploaded file and return what is known about its bytes.

    :returns: ``sha256``, ``size``, ``filename``, ``mimetype``, ``format``.
    :raises ckan.plugins.toolkit.ValidationError: the name is hostile, the file is empty or
        too large; nothing was stored then.
    """
    name = upload.filename
    problem = filenames.problem(name)
    if problem:
        raise tk.ValidationError({"upload": [problem.text(tk._)]})
    _check_content(upload)
    try:
        stored = storage.put(upload.stream)
    except storage.EmptyFile:
        raise tk.ValidationError(
            {"upload": [tk._("The file is empty (0 bytes). Choose the file again.")]}
        ) from None
    except storage.FileTooLarge as error:
        text = tk._("The file is larger than %(limit)s MiB. Split it into smaller files.")
        raise tk.ValidationError({"upload": [text % {"limit": error.limit // 1024**2}]}) from None
    ending = filenames.ending(name)
    return {
        "sha256": stored.sha256,
        "size": stored.size,
        "filename": name,
        "mimetype": mimetypes.guess_type(name)[0],
        "format": format_of(ending),
        # Only what this site masked itself brings one: a form or a program cannot.
        "masked": upload.masked if isinstance(upload, MaskedFile) else None,
        "tidied": upload.tidied if isinstance(upload, TidiedFile) else None,
    }


def _check_content(upload: Any) -> None:
    """Refuse a file whose ending says something else than its content, and say what to do."""
    head = upload.stream.read(misleading.HEAD)
    upload.stream.seek(0)
    found = misleading.misleads(head, upload.filename)
    if found is None:
        return
    ending = filenames.ending(upload.filename)
    if found == misleading.UNKNOWN:
        text = tk._(
            "The content of this file is not what its ending .%(ending)s says. Open it in the "
            "program that made it, save it there as %(wanted)s and upload it again."
        )
    elif found in misleading.ENDINGS:
        text = tk._(
            "The content of this file is %(right)s, but its name ends in .%(ending)s. Rename it "
            "to .%(right_ending)s, or save it as %(wanted)s in the program that made it; then "
            "upload it again."
        )
    else:
        text = tk._(
            "The content of this file is %(right)s, but its name ends in .%(ending)s. Open it in "
            "the program that you use for %(wanted)s, save it there as %(wanted)s and upload it "
            "again."
        )
    params = {"right": found.upper(), "right_ending": found, "ending": ending}
    raise tk.ValidationError({"upload": [text % {**params, "wanted": ending.upper()}]})


def add_version(
    package_id: str,
    resource_id: str,
    case: Case | None,
    *,
    kind: str,
    meta: dict[str, Any],
    actor_id: str | None,
    sha256: str | None = None,
    size: int | None = None,
    filename: str = "",
    mimetype: str | None = None,
    masked: dict[str, Any] | None = None,
    tidied: dict[str, Any] | None = None,
) -> Version:
    """Add a version that waits, and set aside the one that waited in the same case.

    :param case: the case whose evidence it will be; ``None`` when the open case was already
        submitted: it then waits for the next one.
    :param masked: the risk report of what was made by masking. Bytes that have one already keep
        it, whoever brings them again.
    :param tidied: the recipe of a table that was made of a workbook, and that workbook's hash.
    """
    older = sa.update(Version).where(
        Version.resource_id == resource_id,
        Version.state == "waiting",
        Version.case_id == (case.id if case else None),
    )
    if case is None:
        older = (
            sa.update(Version)
            .where(Version.resource_id == resource_id)
            .where(Version.state == "waiting", Version.case_id.is_(None))
        )
    model.Session.execute(older.values(state="superseded"))
    version = Version(
        package_id=package_id,
        resource_id=resource_id,
        case_id=case.id if case else None,
        kind=kind,
        sha256=sha256,
        size=size,
        filename=filename,
        mimetype=mimetype,
        meta=meta,
        uploaded_by=actor_id,
        masked=masked or _report_of(sha256),
        tidied=tidied,
    )
    model.Session.add(version)
    model.Session.flush()
    return version


def _report_of(sha256: str | None) -> dict[str, Any] | None:
    """Return the risk report that these bytes got when they were made by masking."""
    query = sa.select(Version.masked).where(Version.sha256 == sha256, Version.masked.is_not(None))
    return model.Session.scalar(query.limit(1)) if sha256 else None


def record_found(version: Version, case: Case | None) -> None:
    """Write down a version that nobody brought: the target of a link changed."""
    ledger.append(
        model.Session,
        event="version.found",
        actor_id=None,
        dataset_id=version.package_id,
        case_id=case.id if case else None,
        detail={"resource": version.resource_id, "sha256": version.sha256},
    )


def case_versions(case: Case) -> list[Version]:
    """Return the versions that the case is about.

    These are the waiting ones of this case, and for every other resource the approved one.
    Resources that were removed have none.
    """
    resources = set(
        model.Session.scalars(
            sa.select(model.Resource.id).where(
                model.Resource.package_id == case.package_id, model.Resource.state == "active"
            )
        )
    )
    chosen = {
        resource_id: version
        for resource_id, (_, version) in reads.pointers_of([case.package_id]).items()
    }
    for version in reads.waiting_versions([case.package_id]):
        if version.case_id == case.id:
            chosen[version.resource_id] = version
    return [v for r, v in sorted(chosen.items()) if r in resources]


def of_snapshot(snapshot: Mapping[str, Any]) -> list[Version]:
    """Return the versions of a snapshot, however the pointers stand by now."""
    ids = [item["id"] for item in snapshot["versions"]]
    if not ids:
        return []
    return list(model.Session.scalars(sa.select(Version).where(Version.id.in_(ids))))


class TakesLonger(Exception):
    """A file was not scanned within the seconds that a call has for it."""


def sandbox(seconds: float | None = None) -> Sandbox:
    """Return a child for scans, within the limits of the site; it starts with its first file.

    :param seconds: the child has no longer than this for a file.
    """
    return Sandbox(
        Limits(
            memory=config.scan_memory_mb() * 1024**2,
            cpu_seconds=config.scan_timeout(),
            wall_seconds=config.scan_timeout() if seconds is None else seconds,
        )
    )


def scan(version: Version, child: Sandbox | None = None, *, seconds: float | None = None) -> Scan:
    """Scan the bytes of a version now, in a child process, and keep the result.

    Whatever goes wrong is a scan that failed, with its reason; it never counts as clear.
    The caller commits.

    :param child: the process that scans, kept for many files by whoever starts it; without it
        one is started for this file alone.
    :param seconds: how long a call may wait for it; without it as long as the site allows.
    :raises TakesLonger: it was not done within these seconds; nothing is kept of it.
    """
    report: dict[str, Any] = {}
    if version.kind == fetching.EXTERNAL:
        verdict, reason = "failed", fetching.EXTERNAL
    elif fetching.is_unpinned(version):
        verdict, reason = "failed", str(version.meta.get(fetching.PROBLEM) or fetching.UNFETCHED)
    elif version.sha256 is None and version.size == 0:
        verdict, reason = "failed", "empty_file"
    elif version.sha256 is None or not storage.exists(version.sha256):
        verdict, reason = "failed", "bytes_missing"
    else:
        with storage.local_path(version.sha256) as path:
            result = _scan_file(path, version.filename, child, seconds)
        if seconds is not None and result.reason and result.reason.code == "timeout":
            raise TakesLonger
        report = {"ruleset": ruleset(), "files": [result.at(version.filename).to_json()]}
        verdict = result.verdict.value
        reason = result.reason.code if result.reason else None
    older = rulesets.rules()
    if older:
        report[findings.RULES] = older
    statement = pg_insert(Scan).values(
        id=new_id(),
        version_id=version.id,
        ruleset=ruleset(),
        verdict=verdict,
        reason=reason,
        report=report,
        finished=now(),
    )
    statement = statement.on_conflict_do_update(
        index_elements=["version_id", "ruleset"],
        set_={key: statement.excluded[key] for key in ("verdict", "reason", "report", "finished")},
    )
    model.Session.execute(statement)
    found = reads.scans_by([version.id], ruleset())
    model.Session.refresh(found[version.id])
    carrying.carry(version, found[version.id])
    return found[version.id]


def _scan_file(
    path: str, name: str, child: Sandbox | None, seconds: float | None = None
) -> FileReport:
    """Scan one file; what ends a child that had done others is tried once in a fresh one.

    What those others left in its memory must not fail a file that would pass alone.
    """
    if child is not None:
        worn = child.running
        result = child.scan(path, name)
        if child.running or not worn:
            return result
    with sandbox(seconds) as fresh:
        return fresh.scan(path, name)


_child: list[Sandbox] = []


@contextmanager
def one_child() -> Iterator[None]:
    """Let one child scan the files of all calls until the block ends.

    For a command that brings many files; a site has one for each.
    """
    with sandbox() as child:
        _child.append(child)
        try:
            yield
        finally:
            _child.pop()


def needs_job(version: Version) -> bool:
    """Tell whether the file is too large to be scanned within a call, or has to be fetched."""
    if fetching.is_unpinned(version):
        return True
    return version.kind != fetching.EXTERNAL and (version.size or 0) > config.scan_inline_bytes()


RETRY_AFTER = dt.timedelta(minutes=10)


def is_worth_retrying(version: Version, scan: Scan) -> bool:
    """Tell whether a link that could not be fetched may be fetched by now."""
    if not fetching.is_unpinned(version) or scan.reason not in fetching.PASSING:
        return False
    return scan.reason == fetching.UNFETCHED or scan.finished < now() - RETRY_AFTER


def scan_missing(versions: list[Version], *, retry: bool = False) -> list[Version]:
    """Scan what was not scanned; large files and links go to a job. Return those that still run.

    A call scans for some seconds, and a person one call at a time: what is left goes to the job as
    well, so that nobody's uploads hold the processes of the site.

    Commits what it finds, so that a scan is never lost to what fails after it.

    :param retry: also fetch links again that could not be fetched a while ago.
    """
    done = reads.scans_of([v.id for v in versions])
    if retry:
        for version in [v for v in versions if v.id in done]:
            if is_worth_retrying(version, done[version.id]):
                model.Session.delete(done.pop(version.id))
    missing = [v for v in versions if v.id not in done]
    running = [v for v in missing if needs_job(v)]
    waited_for = turns.person_waiting() is not None
    deadline = time.monotonic() + config.scan_inline_seconds()
    with turns.taken() as mine:
        for version in [v for v in missing if v not in running]:
            left = deadline - time.monotonic() if waited_for else None
            if not mine or (left is not None and left <= 0):
                running.append(version)
                continue
            try:
                scan(version, _child[-1] if _child else None, seconds=left)
            except TakesLonger:
                running.append(version)
    likeness.refresh({v.package_id for v in versions})
    model.Session.commit()
    for version in running:
        enqueue_scan(version.id)
    enqueue_tables([v.id for v in versions if v.id not in done and v not in running])
    return running


def enqueue_tables(version_ids: list[str]) -> None:
    """Ask for the tables of versions that the scan cleared.

    A file with findings gets its table when it is put before those who check it: until then
    it may be replaced by a clean one, and what it reveals is better not kept twice.
    """
    scans = reads.scans_of(version_ids)
    tables.enqueue([v for v in version_ids if v in scans and scans[v].verdict == "clear"])


def enqueue_scan(version_id: str) -> None:
    """Ask the worker to scan a version, unless it was asked already."""
    job_queue.ask(
        "scan_version",
        version_id,
        queue="default",
        timeout=config.scan_timeout() + 60,
        once=f"satudata-scan-{version_id}",
    )


def point_to(version: Version, decision_id: str) -> None:
    """Serve this version from now on; the caller commits."""
    statement = pg_insert(Pointer).values(
        resource_id=version.resource_id,
        package_id=version.package_id,
        version_id=version.id,
        decision_id=decision_id,
    )
    statement = statement.on_conflict_do_update(
        index_elements=["resource_id"],
        set_={
            "version_id": statement.excluded.version_id,
            "decision_id": statement.excluded.decision_id,
        },
    )
    model.Session.execute(statement)
    version.state = "approved"


def apply_meta(version: Version) -> None:
    """Write the metadata that came with the version's bytes to core's resource row.

    While the type is not governed, the old portal's row stands as it is.
    """
    resource = model.Session.get(model.Resource, version.resource_id)
    package = model.Session.get(model.Package, version.package_id)
    if resource is None or package is None or not dataset_types.is_governed(package.type):
        return
    for key, value in version.meta.items():
        if key in META_FIELDS:
            # What waited since before there were lists of formats and types.
            told = {"format": format_of, "mimetype": type_of}.get(key, _as_it_is)
            setattr(resource, key, told(value))
    resource.last_modified = now().replace(tzinfo=None)
    resource.metadata_modified = now().replace(tzinfo=None)


def _as_it_is(value: Any) -> Any:
    return value
