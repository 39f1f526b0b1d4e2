"""What a site needs somebody to keep up: its mail relay, clock, backups, keys and certificate.

For ``ckan satudata check`` and the operator's page. Nothing here waits longer than ``SECONDS``.
"""

from __future__ import annotations

import datetime as dt
import os
import smtplib
import ssl
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509

import ckan.plugins.toolkit as tk

from ... import clock, config
from ...agencies.checks import Finding, Level
from ...classification.clock import clock_runs
from ...msgids import N_
from ..web.local_address import is_loopback

SECONDS = 3
CLOCK = dt.timedelta(hours=25)
"""The clock is to run every hour; a night without it is told."""
BACKUP = dt.timedelta(hours=25)
CERTIFICATE = dt.timedelta(days=30)
MOST_FILES = 5000


def check() -> list[Finding]:
    """Does everything run that has to run again and again?"""
    return [*check_relay(), *check_clock(), *check_backup(), *check_certificate()]


def _others_reach_it() -> bool:
    return not is_loopback(config.site_url())


def check_relay() -> list[Finding]:
    """Does the mail relay answer? Without one, ``mail_checks`` says so."""
    server = str(tk.config.get("smtp.server") or "")
    if not server:
        return []
    host, _, port = server.partition(":")
    try:
        with smtplib.SMTP(host, int(port) if port else 25, timeout=SECONDS) as relay:
            answered = relay.noop()[0] == 250
    except (OSError, smtplib.SMTPException, ValueError):
        answered = False
    if answered:
        return []
    return [
        Finding(
            Level.ERROR if _others_reach_it() else Level.WARNING,
            N_("The mail server %(server)s does not answer: no mail leaves this site."),
            N_("Start it, or put smtp.server right and restart the site; mails wait until then."),
            {"server": server},
        )
    ]


def check_clock(now: dt.datetime | None = None) -> list[Finding]:
    """Did the clock run within a day?"""
    last = clock_runs.last()
    if last is not None and (now or clock.now()) - last <= CLOCK:
        return []
    problem = N_("The clock has never run: no deadline is kept, and nobody is told of one.")
    if last is not None:
        problem = N_("The clock has not run since %(when)s: no deadline is kept.")
    return [
        Finding(
            Level.ERROR if _others_reach_it() else Level.WARNING,
            problem,
            N_("Let a timer run ckan satudata clock every hour, as docs/operations.md says."),
            {"when": _moment(last)},
        )
    ]


def newest_backup() -> dt.datetime | None:
    """Return when the newest file in the folder of backups was written.

    :raises OSError: the folder cannot be read.
    """
    folder = config.backup_folder()
    if folder is None:
        return None
    newest = 0.0
    for number, entry in enumerate(os.scandir(folder)):
        if number >= MOST_FILES:
            break
        if entry.is_file(follow_symlinks=False) and entry.stat().st_size:
            newest = max(newest, entry.stat().st_mtime)
    return dt.datetime.fromtimestamp(newest, dt.UTC) if newest else None


def check_backup(now: dt.datetime | None = None) -> list[Finding]:
    """Is there a backup that is not older than a day?"""
    folder, level = config.backup_folder(), Level.ERROR
    way = N_("Back up every night, as docs/operations.md says, and look at why it stopped.")
    if folder is None:
        if not _others_reach_it():
            return []
        level = Level.WARNING
        problem = N_("Nobody can tell whether there is a backup: its folder is not named.")
        way = N_("Write into %(option)s where backups are put, and restart the site.")
        return [Finding(level, problem, way, {"option": config.BACKUP_FOLDER})]
    try:
        newest = newest_backup()
    except OSError:
        newest = None
    if newest is not None and (now or clock.now()) - newest <= BACKUP:
        return []
    problem = N_("There is no backup in %(folder)s, or the site may not look there.")
    if newest is not None:
        problem = N_("The newest backup in %(folder)s is from %(when)s.")
    return [Finding(level, problem, way, {"folder": str(folder), "when": _moment(newest)})]


def certificate_ends(host: str, port: int = 443) -> dt.datetime:
    """Return when the certificate of a host ends, whoever signed it.

    :raises OSError: nothing answers there.
    :raises ValueError: what answers has no certificate that can be read.
    """
    found = ssl.get_server_certificate((host, port), timeout=SECONDS)
    return x509.load_pem_x509_certificate(found.encode()).not_valid_after_utc


def check_certificate(now: dt.datetime | None = None) -> list[Finding]:
    """Is the certificate of the site's address about to end?"""
    parts = urlsplit(config.site_url())
    host = parts.hostname or ""
    if parts.scheme != "https" or not _others_reach_it():
        return []
    return of_certificate(host, parts.port or 443, now)


def of_certificate(host: str, port: int, now: dt.datetime | None = None) -> list[Finding]:
    """Say what is wrong with the certificate of a host."""
    way = N_("Renew the certificate, and look at what should have renewed it by itself.")
    try:
        ends = certificate_ends(host, port)
    except (OSError, ValueError):
        problem = N_("The certificate of %(host)s cannot be read from this machine.")
        way = N_("Look whether the site answers at its address, and whether its name leads there.")
        return [Finding(Level.WARNING, problem, way, {"host": host})]
    left = ends - (now or clock.now())
    if left > CERTIFICATE:
        return []
    return [
        Finding(
            Level.ERROR if left < CERTIFICATE / 4 else Level.WARNING,
            N_("The certificate of %(host)s ends on %(when)s."),
            way,
            {"host": host, "when": _moment(ends)},
        )
    ]


def _moment(value: dt.datetime | None) -> str:
    return tk.h.satudata_moment(value) if value else ""


def folder_of_files() -> Path | None:
    """Return where the site keeps its files."""
    found = tk.config.get("ckan.storage_path")
    return Path(str(found)) if found and Path(str(found)).is_dir() else None
