"""Backups, and the ledger that has to outlive the server."""

from __future__ import annotations

import datetime as dt

from ckan import model

from .... import config
from ....classification.rules.deadlines import CITY
from ....ledger import proving
from ....ledger.actions import RECENT
from ....msgids import N_
from ....smki.rules.evidence import Evidence, Look, green, red
from ...operator import upkeep_checks

NO_FOLDER = N_("Nobody can tell: the option that names the folder of backups is not set.")
NO_BACKUP = N_("There is no backup in the folder, or the portal may not look there.")
OLD = N_("The newest backup is from %(day)s.")
FRESH = N_("The newest backup is from %(day)s.")
BROKEN = N_("%(count)s entries of the ledger do not fit one another.")
UNSIGNED = N_("The ledger was never signed.")
SIGNED_LONG_AGO = N_("The ledger was signed last on %(day)s.")
WHOLE = N_("%(count)s entries verified, signed last on %(day)s.")


def backup_fresh(look: Look) -> Evidence:
    """Is there a backup that is younger than so many hours?"""
    try:
        newest = upkeep_checks.newest_backup()
    except OSError:
        return red(NO_BACKUP)
    if newest is None:
        return red(NO_BACKUP if config.backup_folder() else NO_FOLDER)
    day = newest.astimezone(CITY).date()
    if look.at - newest > dt.timedelta(hours=look["hours"]):
        return red(OLD, day=day)
    return green(FRESH, day=day)


def ledger_whole(look: Look) -> Evidence:
    """Is what came since the last head whole, and is that head young?"""
    head = proving.last_head(model.Session)
    if head is None:
        return red(UNSIGNED)
    result, _ = proving.verify_recent(model.Session, RECENT)
    if not result.ok:
        return red(BROKEN, count=result.count)
    at = dt.datetime.fromisoformat(head.head.at)
    day = at.astimezone(CITY).date()
    if look.at - at > dt.timedelta(hours=look["hours"]):
        return red(SIGNED_LONG_AGO, day=day)
    return green(WHOLE, count=result.size, day=day)


PROBES = {"backup_fresh": backup_fresh, "ledger_whole": ledger_whole}
