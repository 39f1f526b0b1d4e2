"""Mail: does it leave, and does none lie about?"""

from __future__ import annotations

import datetime as dt

import ckan.plugins.toolkit as tk

from ....classification.notices import mails, outbox
from ....msgids import N_
from ....smki.rules.evidence import Evidence, Look, green, red, yellow
from ...operator import upkeep_checks

NO_SERVER = N_("No mail leaves this site: no mail server is set.")
SILENT = N_("The mail server does not answer: no mail leaves this site.")
ANSWERS = N_("The mail server answers.")
GIVEN_UP = N_("%(failed)s mails were given up and %(cut_off)s were cut off.")
WAITING = N_("%(count)s mails wait to be tried again.")
LEFT = N_("No mail was given up lately, and none waits for long.")


def relay_answers(look: Look) -> Evidence:
    """Does the mail relay answer now?"""
    if not tk.config.get("smtp.server"):
        return red(NO_SERVER)
    return red(SILENT) if upkeep_checks.check_relay() else green(ANSWERS)


def mails_leave(look: Look) -> Evidence:
    """Was no mail given up or cut off within so many days?"""
    since = look.at - dt.timedelta(days=look["days"])
    at_once, notices = outbox.count(since), mails.count(since)
    cut_off = at_once.cut_off + notices.cut_off
    if at_once.failed or cut_off:
        return red(GIVEN_UP, failed=at_once.failed, cut_off=cut_off)
    if waiting := at_once.waiting + notices.waiting:
        return yellow(WAITING, count=waiting)
    return green(LEFT)


PROBES = {"relay_answers": relay_answers, "mails_leave": mails_leave}
