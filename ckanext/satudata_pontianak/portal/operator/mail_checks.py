"""Which mails did not leave, and what would mail more than the portal lets a mail say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.satudata_pontianak.agencies.checks import Finding, Level
from ckanext.satudata_pontianak.classification.notices import mails as notice_mails
from ckanext.satudata_pontianak.classification.notices import outbox
from ckanext.satudata_pontianak.msgids import N_

TALKATIVE: Mapping[str, str] = {
    "ckan.activity_streams_email_notifications": N_(
        "Mails of CKAN's activity stream name datasets, whoever reads the mailbox."
    ),
    "ckan.harvest.status_mail.errored": N_(
        "Mails about harvesting are in English and name what was harvested."
    ),
}
"""Options of other plugins that send mails of their own."""

NO_SERVER = N_("No mail leaves this site: no mail server is set.")
WAITING = N_("%(count)s mails were not taken by the mail server, and wait to be tried again.")
GIVEN_UP = N_("%(count)s mails were never taken by the mail server and are not tried any more.")
CUT_OFF = N_("%(count)s mails were cut off while they were sent: nobody knows whether they left.")
SERVER = N_("Set smtp.server in the configuration and restart the site.")
TRY = N_("Look at smtp.server and its log; then run: ckan satudata clock")
TELL = N_("Look into the log of the mail server, and tell the people in another way.")


def check_mails(config: Mapping[str, Any] | None = None) -> list[Finding]:
    """Did every mail leave, and does nothing else send mails?"""
    found = []
    if not outbox.can_send():
        found.append(Finding(Level.WARNING, NO_SERVER, SERVER))
    mails, notices = outbox.count(), notice_mails.count()
    for number, problem, repair in (
        (mails.waiting + notices.waiting, WAITING, TRY),
        (mails.failed, GIVEN_UP, TELL),
        (mails.cut_off + notices.cut_off, CUT_OFF, TELL),
    ):
        if number:
            found.append(Finding(Level.WARNING, problem, repair, {"count": str(number)}))
    return [*found, *talkative(tk.config if config is None else config)]


def talkative(config: Mapping[str, Any]) -> list[Finding]:
    """Is no option on by which other plugins send mails of their own?"""
    return [
        Finding(
            Level.WARNING,
            N_("The option %(option)s is on. %(why)s"),
            N_("Set %(option)s = false in the configuration and restart the site."),
            {"option": option, "why": why},
        )
        for option, why in TALKATIVE.items()
        if tk.asbool(config.get(option) or False)
    ]
