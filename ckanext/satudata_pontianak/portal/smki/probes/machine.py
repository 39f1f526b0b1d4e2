"""The machine: its worker, its jobs, its disk, and who reads the files on it."""

from __future__ import annotations

import datetime as dt
import shutil

import sqlalchemy as sa
from rq.registry import FailedJobRegistry

from ckan import model
from ckan.lib import jobs

from ....classification.records.model import Pointer, Version
from ....classification.versions import storage
from ....msgids import N_
from ....smki.rules.evidence import Evidence, Look, green, red, yellow
from ...operator import checks, exposure_checks, upkeep, upkeep_checks
from .. import saying

NO_WORKER = N_("No worker is running.")
WORKERS = N_("%(count)s workers are running.")
FAILED = N_("%(count)s jobs failed in the last %(days)s days.")
STANDING = N_("%(count)s jobs wait, the first for more than %(minutes)s minutes.")
JOBS = N_("No job failed, and none waits for long.")
NO_FOLDER = N_("The folder for files, ckan.storage_path, is not there.")
FULL = N_("%(percent)s percent of the disk are free.")
OPEN_FOLDER = N_("Every account of the server can look into the folder of files.")
CLOSED_FOLDER = N_("Only the site's own account looks into the folder of files.")


def workers_run(look: Look) -> Evidence:
    """Does a worker listen to the site's queues?"""
    count = len(checks.workers())
    return green(WORKERS, count=count) if count else red(NO_WORKER)


def jobs_done(look: Look) -> Evidence:
    """Did no job fail lately, and does none wait for long?"""
    since = look.at - dt.timedelta(days=look["days"])
    failed = waiting = 0
    begun = []
    for name in upkeep.QUEUES:
        queue = jobs.get_queue(name)
        registry = FailedJobRegistry(queue=queue)
        found = (queue.fetch_job(number) for number in registry.get_job_ids())
        moments = [job.ended_at or job.created_at for job in found if job is not None]
        failed += sum(_zoned(at) > since for at in moments)
        waiting += queue.count
        begun += [_zoned(job.enqueued_at or job.created_at) for job in queue.get_jobs(0, 1)]
    if failed:
        return red(FAILED, count=failed, days=look["days"])
    if begun and look.at - min(begun) > dt.timedelta(minutes=look["minutes"]):
        return yellow(STANDING, count=waiting, minutes=look["minutes"])
    return green(JOBS)


def _zoned(moment: dt.datetime) -> dt.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def disk_room(look: Look) -> Evidence:
    """Is there room where files are kept?"""
    folder = upkeep_checks.folder_of_files()
    if folder is None:
        return red(NO_FOLDER)
    disk = shutil.disk_usage(folder)
    percent = disk.free * 100 // disk.total if disk.total else 0
    if percent < look["percent"]:
        return red(FULL, percent=percent)
    return (yellow if percent < 2 * look["percent"] else green)(FULL, percent=percent)


def files_private(look: Look) -> Evidence:
    """Can no other account of the server read what the site keeps?"""
    if upkeep_checks.folder_of_files() is None:
        return red(NO_FOLDER)
    return red(OPEN_FOLDER) if exposure_checks.check_files() else green(CLOSED_FOLDER)


def files_there(look: Look) -> Evidence:
    """Are the bytes there of what was served or decided last?"""
    query = (
        sa.select(Version.sha256)
        .join(Pointer, Pointer.version_id == Version.id)
        .where(Version.sha256.is_not(None), Version.kind == "upload")
        .order_by(Version.created.desc())
        .limit(look["sample"])
    )
    names = set(model.Session.scalars(query))
    return saying.missing(sum(not storage.exists(str(n)) for n in names), len(names))


PROBES = {
    "workers_run": workers_run,
    "jobs_done": jobs_done,
    "disk_room": disk_room,
    "files_private": files_private,
    "files_there": files_there,
}
