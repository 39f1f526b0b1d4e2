"""From a waiting version to a masked one: through the ordinary door, with its risk report.

The bytes are read in a child process within the limits of a scan, and written to a folder that
goes with the call. What comes out is uploaded as its author would: the same gate, scan and record.
"""

from __future__ import annotations

import contextlib
import csv
import itertools
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ... import config, days
from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...disclosure.anonymising.outcome import Outcome
from ...disclosure.anonymising.plan import KEYS, Plan
from ...disclosure.anonymising.refusals import PlanError
from ...disclosure.anonymising.running import Profile, mask_file, profile_file
from ...disclosure.anonymising.secret import read_secret
from ...disclosure.anonymising.suggesting import MOST_LOST, counts, gentler, suggest
from ...disclosure.limits import Limits
from ...disclosure.report import FileReport
from ...surface import formulas
from ..cases import steps
from ..records import naming, reads
from ..records.model import Version
from ..rules import filenames
from ..rules.axes import AXES, classification
from ..rules.policy import Channel, VersionFacts, as_governed, decide
from ..versions import storage
from ..versions.masked_file import MaskedFile
from ..writes import gate
from .answers import Tried

TARGETS = ("replace", "derived")
PERSONAL, MASKED = "data_pribadi", "dianonimkan"
"""The axis of personal data, and what it says of a masked file."""
ENDING = "-disamarkan.csv"
SHOWN_ROWS, MOST_TRIED = 5, 3
# What a derived dataset takes over is what people wrote; the rest is core's or belongs to the case.
_NOT_COPIED = frozenset(
    {"id", "name", "title", "resources", "private", "state", "type", "creator_user_id", "isopen"}
    | {"metadata_created", "metadata_modified", "organization", "num_resources", "num_tags"}
    | {"relationships_as_object", "relationships_as_subject", "tags", "groups", "license_title"}
    | {"license_url", "tag_string", "plugin_data", *AXES}
)


WORKBOOKS = frozenset({"xlsx", "xlsm", "xlsb", "xls", "ods"})
"""Endings of files that may hold notes and further sheets; a result is the rows of one table."""

SAID_BY_CALLER = {
    "unknown_action": ("action",),
    "unknown_option": ("option",),
    "unknown_column": ("column",),
    "plan_shape": ("where",),
}
"""Words of a refused plan that the caller made up: no refusal of a call says them back."""


def refusal(problem: PlanError) -> tk.ValidationError:
    """Return the refusal of a plan as CKAN's, in the reader's language."""
    own = SAID_BY_CALLER.get(problem.code, ())
    told = {k: "…" if k in own and v not in KEYS else v for k, v in problem.params.items()}
    text = PlanError(problem.code, **told).explain(tk._)
    return tk.ValidationError({"plan": [text], "code": [problem.code]})


def version_to_mask(package: model.Package, actor: Actor, version_id: str) -> Version:
    """Return a waiting version of the dataset that the actor may have and mask.

    :raises ckan.plugins.toolkit.NotAuthorized: they may not have its bytes, or reviewed in the
        case and may not be a proposer any more.
    :raises ckan.plugins.toolkit.ValidationError: there is no such version, it has no bytes here,
        or they are too many for a call.
    """
    waiting = {v.id: v for v in reads.waiting_versions([package.id])}
    version, facts = waiting.get(version_id), as_governed(reads.facts_of(package.id))
    if version is None:
        raise gate.error("version", "There is no such waiting version. Look at the case again.")
    asked = VersionFacts(False, version.sealed, version.uploaded_by)
    if not decide(actor, facts, Channel.DATA, asked):
        raise tk.NotAuthorized(tk._("Only who may have the file can mask it."))
    case = reads.open_case(package.id)
    steps.check_may_change(case, package.owner_org, actor)
    if version.sha256 is None or not storage.exists(version.sha256):
        raise gate.error("version", "The bytes of this version are not here. Upload the file.")
    if (version.size or 0) > config.scan_inline_bytes():
        raise gate.error(
            "version",
            "Files larger than %(limit)s MiB are masked on your own computer with the command "
            "'satudata mask'; then upload the result.",
            limit=config.scan_inline_bytes() // 1024**2,
        )
    return version


def suggested(version: Version, sheet: str | None = None) -> tuple[Plan, Profile]:
    """Return the plan that the scan of a version suggests, and what its table looks like.

    :param sheet: which sheet of a workbook; ``None`` is the first that has rows.
    :raises ckan.plugins.toolkit.ValidationError: it was not scanned, or is no table.
    """
    scan = reads.scans_of([version.id]).get(version.id)
    files = (scan.report.get("files") or []) if scan else []
    if scan is None or not files:
        raise gate.error("version", "The scan of this file gave no report. Try again when it ends.")
    report = FileReport.from_json({"params": {}, **files[0]}, scan.ruleset)
    with _local(version) as path:
        try:
            profile = profile_file(path, name=version.filename, limits=_limits(), sheet=sheet)
            plan = suggest(report, profile, k=classification().anonymisation.k)
        except PlanError as problem:
            raise refusal(problem) from None
    return plan, profile


@dataclass(frozen=True)
class Preview:
    """What a plan would make of a version: what is measured, and the first rows of the result."""

    plan: Plan
    outcome: Outcome
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def to_json(self) -> Tried:
        """Return it for a caller who may have the version."""
        return {
            "plan": self.plan.to_json(),
            "masked": self.outcome.to_json(),
            "headings": list(self.headings),
            "rows": [list(row) for row in self.rows],
        }


def previews(version: Version, plan: Plan, profile: Profile) -> list[Preview]:
    """Try a plan; where it loses more than a tenth of the rows, also one that loses fewer.

    Nothing is stored. At most :data:`MOST_TRIED` plans are tried.

    :param profile: of the table, as :func:`suggested` gives it.
    :raises ckan.plugins.toolkit.ValidationError: of the plan.
    """
    with _local(version) as path:
        try:
            first = _preview(path, version, plan)
            if first.outcome.loss <= MOST_LOST:
                return [first]
            best, tried = first, plan
            for _ in range(MOST_TRIED):
                wanted = gentler(tried, profile)
                if wanted is None:
                    break
                tried, found = wanted, _preview(path, version, wanted)
                if found.outcome.loss < best.outcome.loss:
                    best = found
                if best.outcome.loss <= MOST_LOST:
                    break
            if best.outcome.loss > MOST_LOST and (wanted := counts(plan, profile)):
                best = _preview(path, version, wanted)
        except PlanError as problem:
            raise refusal(problem) from None
    return [first] if best is first else [first, best]


def preview(version: Version, plan: Plan) -> Preview:
    """Try a plan as somebody changed it. Nothing is stored.

    :raises ckan.plugins.toolkit.ValidationError: of the plan.
    """
    with _local(version) as path:
        try:
            return _preview(path, version, plan)
        except PlanError as problem:
            raise refusal(problem) from None


def _preview(path: str, version: Version, plan: Plan) -> Preview:
    with tempfile.TemporaryDirectory(prefix="satudata-mask-") as folder:
        out = Path(folder) / "masked.csv"
        outcome = _carried_out(path, version, plan, out)
        with out.open(encoding=formulas.ENCODING, newline="") as stream:
            rows = csv.reader(stream, delimiter=formulas.SEPARATOR)
            lines = [tuple(row) for row in itertools.islice(rows, SHOWN_ROWS + 1)]
    return Preview(plan, outcome, lines[0] if lines else (), tuple(lines[1:]))


def _carried_out(path: str, version: Version, plan: Plan, out: Path) -> Outcome:
    """Mask the bytes of a version into a file.

    :raises PlanError: of the plan.
    """
    rules = classification().anonymisation
    return mask_file(
        path,
        plan,
        out,
        name=version.filename,
        today=days.today(),
        k=rules.k,
        small_cell=rules.small_cell,
        secret=read_secret(config.mask_secret_file()) if plan.needs_secret else b"",
        limits=_limits(),
    )


def mask(
    context: types.Context, package: model.Package, version: Version, plan: Plan, target: str
) -> tuple[Outcome, str]:
    """Mask a version; the result waits in its place, or in a dataset of its own.

    :returns: what was measured, and the id of the dataset that has the result.
    :raises ckan.plugins.toolkit.ValidationError: of the plan, or of the door.
    """
    with tempfile.TemporaryDirectory(prefix="satudata-mask-") as folder, _local(version) as path:
        out = Path(folder) / "masked.csv"
        try:
            outcome = _carried_out(path, version, plan, out)
        except PlanError as problem:
            raise refusal(problem) from None
        if not outcome.written:
            raise gate.error("plan", "Nothing is left of the table. Leave fewer rows out.")
        with out.open("rb") as stream:
            name = Path(version.filename).stem.removesuffix(Path(ENDING).stem) + ENDING
            file = MaskedFile(stream, name, kept(outcome, plan, version))
            if target == "derived":
                return outcome, _derive(context, package, version, file)
            door = tk.fresh_context(context, use_cache=False, ignore_auth=False)
            patch = {"id": version.resource_id, "upload": file, "format": "CSV"}
            tk.get_action("resource_patch")(door, patch)
            # What is proposed of it is what it is now: a person may still say something else.
            again = tk.fresh_context(context, use_cache=False, ignore_auth=False)
            tk.get_action("package_patch")(again, {"id": package.id, PERSONAL: MASKED})
            return outcome, package.id


def kept(outcome: Outcome, plan: Plan, version: Version) -> dict[str, Any]:
    """Return what a masked version keeps: numbers, names of columns, and what it was made of."""
    return {
        **outcome.to_json(),
        "plan": plan.to_json(),
        "workbook": filenames.ending(version.filename) in WORKBOOKS,
        "source": {
            "dataset": version.package_id,
            "resource": version.resource_id,
            "version": version.id,
            "sha256": version.sha256,
        },
    }


def _derive(
    context: types.Context, package: model.Package, version: Version, file: MaskedFile
) -> str:
    """Create a dataset for the result; its classification is still to be proposed."""
    shown = gate.shown_dict(context, package.id)
    values = {
        key: value
        for key, value in shown.items()
        if key not in _NOT_COPIED and not key.startswith("satudata_")
    }
    # A name that tells nothing of the source's, which others may not know of.
    agency = registry.agency(package.owner_org)
    values["name"] = naming.at_random(agency.name) if agency else None
    values["title"] = tk._("%(title)s (masked)") % {"title": shown["title"]}
    values["type"] = package.type
    values["tags"] = [{"name": tag["name"]} for tag in shown.get("tags", ())]
    label = version.meta.get("name") or file.filename
    values["resources"] = [{"name": label, "format": "CSV", "upload": file}]
    door = tk.fresh_context(context, use_cache=False, ignore_auth=False)
    created = tk.get_action("package_create")(door, values)
    return created if isinstance(created, str) else created["id"]


@contextlib.contextmanager
def _local(version: Version) -> Iterator[str]:
    with storage.local_path(version.sha256 or "") as path:
        yield path


def _limits() -> Limits:
    return Limits(
        memory=config.scan_memory_mb() * 1024**2,
        cpu_seconds=config.scan_timeout(),
        wall_seconds=config.scan_timeout(),
    )
