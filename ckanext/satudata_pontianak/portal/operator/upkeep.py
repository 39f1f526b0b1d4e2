"""The operator's page: what ``satudata check`` says, jobs, mail, clock, backups, disk, versions."""

from __future__ import annotations

import contextlib
import importlib.metadata
import logging
import platform
import shutil
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import flask
import sqlalchemy as sa
from redis.exceptions import RedisError
from rq.registry import FailedJobRegistry

import ckan
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import jobs
from ckan.lib import redis as core_redis

from ...agencies.checks import Finding, Level
from ...classification.clock import clock_runs
from ...classification.notices import mails as notice_mails
from ...classification.notices import outbox
from ...classification.records import rulesets
from ...ledger import proving
from ...msgids import N_
from ..web import call
from ..web.request_forms import closed
from . import checks, upkeep_checks

log = logging.getLogger(__name__)

pages = flask.Blueprint("satudata_upkeep", __name__)

KEPT_SECONDS = 60
"""Everything is looked at once in this time by a process, however often the page is asked for."""
UNSAID = ("ids", "numbers")
"""What only the command names: an administrator may not know of every dataset and decision."""
QUEUES = ("priority", "default", "bulk", "pulse")

_kept: dict[str, Any] = {"at": 0.0, "findings": ()}
_lock = threading.Lock()


@dataclass(frozen=True)
class Row:
    """One thing of the machine and how it stands."""

    label: str
    text: str


def findings() -> Sequence[Finding]:
    """Return what is wrong with the site, looked at no more than once in a minute."""
    with _lock:
        if not _kept["at"] or time.monotonic() - _kept["at"] > KEPT_SECONDS:
            _kept.update(findings=tuple(_all()), at=time.monotonic())
        return _kept["findings"]


def forget() -> None:
    """Look at everything anew when the page is asked for next."""
    _kept["at"] = 0.0


def _all() -> list[Finding]:
    """Run each check by itself: one that breaks is told and stops no other."""
    found: list[Finding] = []
    for check in checks.CHECKS:
        try:
            found.extend(check())
        except Exception:
            log.exception("a check of the site could not be made")
            model.Session.rollback()
            problem = N_("One check of the site could not be made; the log of the site says why.")
            found.append(Finding(Level.ERROR, problem, N_("Run: ckan satudata check")))
    return sorted(found, key=lambda f: f.level != Level.ERROR)


def said(finding: Finding) -> dict[str, Any]:
    """Return a finding in words, without what only the command names."""
    unsaid = tk._("named by ckan satudata check")
    params: Mapping[str, str] = {
        key: unsaid if key in UNSAID else value for key, value in finding.params.items()
    }
    return {
        "error": finding.level == Level.ERROR,
        "problem": checks.text(finding.problem, params),
        "repair": checks.text(finding.repair, params),
    }


def show() -> Any:
    """Show the page to a system administrator; to nobody else there is one."""
    if not call.logged_in():
        return call.log_in()
    try:
        tk.check_access("sysadmin", call.context(), {})
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Need to be system administrator to administer"))
    return closed(tk.render("satudata/upkeep.html", satudata_upkeep()))


def satudata_upkeep() -> dict[str, Any]:
    """Return how the site stands, for a page that only a system administrator gets."""
    found = [said(finding) for finding in findings()]
    parts = [
        (tk._("Jobs"), _jobs()),
        (tk._("Mail"), _mails()),
        (tk._("Clock and backups"), _times()),
        (tk._("Room on disk"), _disk()),
        (tk._("Versions"), _versions()),
    ]
    return {"findings": found, "parts": parts}


def _number(value: int) -> str:
    return tk.h.satudata_number(value)


def _jobs() -> list[Row]:
    try:
        rows = [Row(tk._("Workers that run"), _number(len(checks.workers())))]
        for name in QUEUES:
            queue = jobs.get_queue(name)
            label = tk._("Waiting in the queue {name}").format(name=name)
            rows.append(Row(label, _number(queue.count)))
            failed = FailedJobRegistry(queue=queue).count
            if failed:
                label = tk._("Failed in the queue {name}").format(name=name)
                rows.append(Row(label, _number(failed)))
    except RedisError:
        return [Row(tk._("Jobs"), tk._("Redis does not answer."))]
    return rows


def _mails() -> list[Row]:
    mails, notices = outbox.count(), notice_mails.count()
    server = str(tk.config.get("smtp.server") or "") or tk._("none")
    return [
        Row(tk._("Mail server"), server),
        Row(tk._("Waiting to be tried again"), _number(mails.waiting + notices.waiting)),
        Row(tk._("Given up"), _number(mails.failed)),
        Row(tk._("Cut off"), _number(mails.cut_off + notices.cut_off)),
    ]


def _times() -> list[Row]:
    backup = None
    with contextlib.suppress(OSError):
        backup = upkeep_checks.newest_backup()
    head = proving.last_head(model.Session)
    named = (
        (tk._("The clock ran last"), clock_runs.last()),
        (tk._("The ledger was signed last"), head.head.at if head else None),
        (tk._("Newest backup"), backup),
    )
    return [Row(label, tk.h.satudata_moment(at) if at else tk._("unknown")) for label, at in named]


def _disk() -> list[Row]:
    size = model.Session.scalar(sa.select(sa.func.pg_database_size(sa.func.current_database())))
    rows = [Row(tk._("Database"), tk.h.satudata_size(size))]
    folder = upkeep_checks.folder_of_files()
    if folder is not None:
        disk = shutil.disk_usage(folder)
        text = tk._("{free} of {total}").format(
            free=tk.h.satudata_size(disk.free), total=tk.h.satudata_size(disk.total)
        )
        rows.append(Row(tk._("Free where files are kept"), text))
    return rows


def _versions() -> list[Row]:
    found = [
        ("CKAN", ckan.__version__),
        ("ckanext-satudata-pontianak", _own_version()),
        (tk._("Rules of the scan"), rulesets.newest()),
        ("Python", platform.python_version()),
        ("PostgreSQL", str(model.Session.scalar(sa.text("SHOW server_version")))),
    ]
    with contextlib.suppress(RedisError):
        redis = core_redis.connect_to_redis()
        found.append(("Redis", str(redis.info("server").get("redis_version"))))
    return [Row(label, text) for label, text in found]


def _own_version() -> str:
    try:
        return importlib.metadata.version("ckanext-satudata-pontianak")
    except importlib.metadata.PackageNotFoundError:
        return tk._("unknown")


pages.add_url_rule("/ckan-admin/keadaan", "show", show)


def get_helpers() -> dict[str, Any]:
    """Return the helpers of this module by name."""
    return {"satudata_upkeep": satudata_upkeep}


def get_blueprints() -> list[flask.Blueprint]:
    """Return the blueprints of this module."""
    return [pages]
