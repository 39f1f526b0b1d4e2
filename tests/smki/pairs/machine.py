"""The machine."""

from __future__ import annotations

import io

import rq
import sqlalchemy as sa
from rq.registry import FailedJobRegistry

from ckan import model
from ckan.lib import jobs
from ckan.lib.redis import connect_to_redis

from ckanext.satudata_pontianak.classification.records.model import Version
from ckanext.satudata_pontianak.classification.versions import storage
from ckanext.satudata_pontianak.portal.operator import upkeep

from ...city import CSV
from ..site import Pair, Site, as_before

STORAGE = "ckan.storage_path"


def worker_runs(site: Site) -> None:
    queue = jobs.get_queue("default")
    worker = rq.Worker([queue], connection=connect_to_redis())
    worker.register_birth()
    site.kept.callback(worker.register_death)


def jobs_cleared(_site: Site) -> None:
    # Whatever queue an earlier test of this worker left a failed job in.
    for name in upkeep.QUEUES:
        registry = FailedJobRegistry(queue=jobs.get_queue(name))
        for number in registry.get_job_ids():
            registry.remove(number, delete_job=True)


def job_failed(site: Site) -> None:
    queue = jobs.get_queue("default")
    connection = connect_to_redis()
    job = rq.job.Job.create("satudata.tiada", connection=connection, origin=queue.name)
    job.save()
    FailedJobRegistry(queue=queue).add(job, ttl=600, exc_string="gagal")
    site.kept.callback(jobs_cleared, site)


def disk_free(site: Site) -> None:
    site.option(STORAGE, str(site.folder))


def disk_full(site: Site) -> None:
    """A file system that has no room at all."""
    site.option(STORAGE, "/proc")


def folder_closed(site: Site) -> None:
    site.option(STORAGE, str(site.folder))
    site.folder.chmod(0o750)


def folder_open(site: Site) -> None:
    site.folder.chmod(0o755)


def file_there(site: Site) -> None:
    as_before(site)
    site.city.publish()


def file_gone(site: Site) -> None:
    (sha256,) = set(model.Session.scalars(sa.select(Version.sha256)))
    storage.remove(str(sha256))
    site.kept.callback(_brought_back)


def _brought_back() -> None:
    storage.put(io.BytesIO(CSV))


PAIRS = {
    "workers_run": Pair(worker_runs, as_before),
    "jobs_done": Pair(jobs_cleared, job_failed),
    "disk_room": Pair(disk_free, disk_full),
    "files_private": Pair(folder_closed, folder_open),
    "files_there": Pair(file_there, file_gone),
}
