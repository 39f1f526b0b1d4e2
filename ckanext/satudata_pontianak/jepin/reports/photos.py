"""Photos with citizens' reports of a point: drawn anew in a child process, and erased in time.

Nobody sees one but the owner's publishers who answer the report. The bytes that came are kept
nowhere.
"""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
import threading
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from ckan import model

from ...classification.records.model import now
from ...classification.rules.refusals import InvalidFields
from ...disclosure import limits
from ...disclosure.limits import MEGABYTE
from ...disclosure.sandbox import child_environment
from ...messages import Message
from ...msgids import N_
from ..records.photo_model import ReportPhoto
from ..records.report_model import ENDED, Report
from ..rules.point_definition import Photos, common

FIELD = "photo"
SECONDS, AT_ONCE = 20, 2
LARGEST = 4 * MEGABYTE
LIMITS = replace(limits.DEFAULT, memory=1024 * MEGABYTE, cpu_seconds=SECONDS, wall_seconds=SECONDS)
JPEG = b"\xff\xd8\xff"
_turns = threading.BoundedSemaphore(AT_ONCE)

NO_POINT = N_("A photo comes with the report of a point alone.")
NO_FILE = N_("Send the photo as a file.")
TOO_LARGE = N_("A photo has at most %(megabytes)s MB.")
NOT_DRAWN = N_(
    "This is no photo that can be read: JPEG, PNG or WebP, at most %(pixels)s megapixels."
)
ENOUGH = N_("Enough photos of this came already. Send the report without one.")


def content_of(upload: Any) -> bytes | None:
    """Return the photo of a report as pixels alone; ``None``: none came.

    :raises InvalidFields: it is no photo, or too large.
    """
    if upload is None or upload == "":
        return None
    bounds = common().photos
    stream = getattr(upload, "stream", None)
    if stream is None:
        raise InvalidFields({FIELD: [Message(NO_FILE)]})
    content = stream.read(bounds.bytes + 1)
    if not content:
        return None
    if len(content) > bounds.bytes:
        megabytes = bounds.bytes // 1_000_000
        raise InvalidFields({FIELD: [Message(TOO_LARGE, {"megabytes": megabytes})]})
    made = _drawn(content, bounds)
    if made is None:
        megapixels = bounds.pixels // 1_000_000
        raise InvalidFields({FIELD: [Message(NOT_DRAWN, {"pixels": megapixels})]})
    return made


def _drawn(content: bytes, bounds: Photos) -> bytes | None:
    asked = {
        "pixels": bounds.pixels,
        "side": bounds.side,
        "bytes": bounds.bytes,
        "limits": LIMITS.to_dict(),
    }
    if not _turns.acquire(timeout=SECONDS):
        return None
    try:
        done = subprocess.run(  # noqa: S603  our own module
            [sys.executable, "-P", "-m", f"{__package__}.photo_child"],
            input=json.dumps(asked).encode() + b"\n" + content,
            capture_output=True,
            timeout=SECONDS,
            env=child_environment(LIMITS),
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError):
        return None
    finally:
        _turns.release()
    right = done.returncode == 0 and done.stdout.startswith(JPEG) and len(done.stdout) <= LARGEST
    return done.stdout if right else None


def keep(row: Report, content: bytes | None) -> None:
    """Keep a photo with what was reported. The caller commits.

    :raises InvalidFields: it belongs to no point, or there are many.
    """
    if content is None:
        return
    check(row.point, row)
    model.Session.add(ReportPhoto(report_id=row.id, content=content))
    model.Session.flush()


def check(point: str, row: Report | None) -> None:
    """Refuse a photo that belongs to no point, or of a thing of which there are many.

    :param row: what is reported of it so far.
    :raises InvalidFields: it is refused.
    """
    if not point:
        raise InvalidFields({FIELD: [Message(NO_POINT)]})
    if row is not None and len(of(row)) >= common().photos.of_a_thing:
        raise InvalidFields({FIELD: [Message(ENOUGH)]})


def of(row: Report) -> list[str]:
    """Return the ids of the photos of what was reported, oldest first."""
    query = sa.select(ReportPhoto.id).where(ReportPhoto.report_id == row.id)
    return list(model.Session.scalars(query.order_by(ReportPhoto.at, ReportPhoto.id)))


def content(row: Report, id_: str) -> bytes | None:
    """Return a photo of what was reported, ``None`` where there is none."""
    query = sa.select(ReportPhoto.content).where(
        ReportPhoto.report_id == row.id, ReportPhoto.id == id_
    )
    return model.Session.scalar(query)


def erase(moment: dt.datetime | None = None) -> int:
    """Erase the photos of what was answered, and those that are too old; commit.

    :returns: how many were erased.
    """
    ended = sa.select(Report.id).where(Report.state == ENDED)
    last = (moment or now()) - dt.timedelta(days=common().photos.days)
    old = sa.or_(ReportPhoto.report_id.in_(ended), ReportPhoto.at < last)
    gone = model.Session.execute(sa.delete(ReportPhoto).where(old).returning(ReportPhoto.id)).all()
    model.Session.commit()
    return len(gone)


def erase_of(row: Report) -> None:
    """Erase the photos of what was reported. The caller commits."""
    model.Session.execute(sa.delete(ReportPhoto).where(ReportPhoto.report_id == row.id))
