"""Settings and plugins: secrets, doors that have to be shut, and who is asked first."""

from __future__ import annotations

import datetime as dt

import ckan.plugins.toolkit as tk

from ....msgids import N_
from ....smki.destruction import carrying, reading
from ....smki.rules.evidence import Evidence, Look, red
from ...operator import checks, exposure_checks, left_over_checks, mail_checks
from .. import saying

HOURS = 24
LEFT = N_("Of data that were destroyed %(count)s copies are there.")
UNFINISHED = N_("%(count)s destructions were approved more than %(hours)s hours ago and not done.")


def secrets_own(look: Look) -> Evidence:
    """Is no secret missing, short or one that stands in examples?"""
    return saying.of_findings(exposure_checks.check_secrets(tk.config))


def options_off(look: Look) -> Evidence:
    """Is no option on that opens a door beside ours?"""
    return saying.of_findings([*checks.check_options(tk.config), *mail_checks.talkative(tk.config)])


def plugins_in_order(look: Look) -> Evidence:
    """Is ours asked first who may find a dataset, and does no other plugin load files?"""
    return saying.of_findings(checks.check_plugins())


def datastore_guarded(look: Look) -> Evidence:
    """Is the DataStore asked through its guarded doors only?"""
    return saying.of_findings(checks.check_guarded_datastore())


def nothing_left_over(look: Look) -> Evidence:
    """Is nothing stored past the doors, and nothing left of what was destroyed?"""
    left = sum(carrying.look(reading.all_done()).values())
    if left:
        return red(LEFT, count=left)
    late = reading.unfinished(look.at - dt.timedelta(hours=HOURS))
    if late:
        return red(UNFINISHED, count=late, hours=HOURS)
    return saying.of_findings(
        [*left_over_checks.check_left_over(), *left_over_checks.check_stored_keys()], strict=True
    )


PROBES = {
    "secrets_own": secrets_own,
    "options_off": options_off,
    "plugins_in_order": plugins_in_order,
    "datastore_guarded": datastore_guarded,
    "nothing_left_over": nothing_left_over,
}
