"""Mails to the duty mailbox that an app's entry names: that something is owed or ends, not of what.

A mailbox is read by anybody, so a mail names no app; where it leads, the policy says who reads.
"""

from __future__ import annotations

import datetime as dt

import msgspec
import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ... import days
from ...classification.notices import outbox
from ...classification.notices.definition import notice_rules
from ...classification.notices.outbox import Letter
from ...classification.records import reads
from ...classification.records.mail_model import Mail
from ...classification.rules import indonesian
from ...smki import registers
from ...smki.records.cooperation_model import AgencyTask
from ...smki.rules.cooperation import CLOSED
from ...surface import page_names
from ..records.pulse_model import OPEN, PulseCheck, PulseFault
from ..rules.pulse import pulse
from ..rules.verdict import Evidence

DOWN, CERTIFICATE = "app_down", "app_certificate"


def write(package: model.Package) -> None:
    """Write in the caller's transaction that an app is down, where its entry names a mailbox."""
    if _has_one(package):
        outbox.put(DOWN, package_id=package.id)


def warned() -> dict[str, int]:
    """Return finding → within how many days a certificate ends by it."""
    return {"tls_near": pulse().tls_days.near, "tls_soon": pulse().tls_days.soon}


def write_of_certificate(
    package: model.Package, code: str, until: dt.date, at: dt.datetime
) -> None:
    """Write in the caller's transaction that a certificate ends: once for each finding.

    :param code: one of :func:`warned`.
    """
    first = until - dt.timedelta(days=warned()[code] - 1)
    begins = dt.datetime.combine(first, dt.time(), days.CITY)
    same = sa.select(Mail.id).where(
        Mail.kind == CERTIFICATE, Mail.package_id == package.id, Mail.at >= begins
    )
    if _has_one(package) and model.Session.scalars(same.limit(1)).first() is None:
        outbox.put(CERTIFICATE, package_id=package.id, at=at)


def _has_one(package: model.Package) -> bool:
    """Tell whether a mail of an app may leave: of what is only counted none does."""
    named = package.state == "active" and bool(package.maintainer_email)
    return named and not registers.only_counted(reads.facts_of(package.id))


def send() -> None:
    """Send what waits; what the relay does not take, the clock sends."""
    for kind in (DOWN, CERTIFICATE):
        outbox.send_kind(kind)


def _down(mail: Mail) -> Letter | None:
    """Return the mail as it is to be sent now; ``None`` where nothing is owed any more."""
    owed = sa.select(PulseFault.owed_id).where(
        PulseFault.package_id == mail.package_id, PulseFault.state == OPEN
    )
    task = model.Session.scalars(
        sa.select(AgencyTask).where(AgencyTask.id.in_(owed), AgencyTask.state != CLOSED)
    ).first()
    if task is None:
        return None
    link = tk.url_for(page_names.endpoint("agency_task"), number=task.number, qualified=True)
    return _letter(mail, link, number=task.number, due=indonesian.day(task.due))


def _certificate(mail: Mail) -> Letter | None:
    """Return the mail as it is to be sent now; ``None`` where there is a new certificate."""
    query = sa.select(PulseCheck).where(PulseCheck.package_id == mail.package_id)
    last = model.Session.scalars(query.order_by(PulseCheck.at.desc()).limit(1)).first()
    if last is None or not {*last.codes} & warned().keys():
        return None
    until = msgspec.convert(last.evidence, Evidence).tls_until
    if until is None:
        return None
    link = tk.url_for(page_names.endpoint("jepin_pulses"), qualified=True)
    return _letter(mail, link, due=indonesian.day(until))


def _letter(mail: Mail, link: str, **facts: object) -> Letter | None:
    package = model.Package.get(mail.package_id)
    if package is None or not _has_one(package):
        return None
    say, site = indonesian.translator(), str(tk.config.get("ckan.site_title") or "")
    spec = notice_rules().mails[mail.kind]
    body = "\n\n".join([say(spec.text) % facts, link, site]) + "\n"
    office = package.maintainer or ""
    return Letter(office, package.maintainer_email, f"[{site}] {say(spec.subject)}", body)


outbox.MAKERS[DOWN] = _down
outbox.MAKERS[CERTIFICATE] = _certificate
