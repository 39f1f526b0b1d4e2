"""Mails to who proposed a work: a mail says that there is something to see, and where."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model

from ...classification.notices import outbox, tongues
from ...classification.notices.definition import notice_rules
from ...classification.notices.outbox import Letter
from ...classification.records.mail_model import Mail
from ...classification.requests import links
from ..records.reuse_model import Reuse
from ..rules.reuse_rules import UNCONFIRMED
from . import proposing


def _letter(mail: Mail) -> Letter | None:
    """Return a mail as it is to be sent now; ``None`` where nobody needs or can get it."""
    row = model.Session.get(Reuse, mail.request_id or "")
    named = _addressed(row) if row is not None else None
    confirms = mail.kind == proposing.CONFIRM
    if row is None or named is None or confirms != (row.state == UNCONFIRMED):
        return None
    page, token = "reuse_mine", proposing.token_of(row)
    if confirms:
        page, token = "reuse_confirm", links.make(proposing.CONFIRM, row.id, row.nonce)
    tongue, spec = tongues.of(row.language), notice_rules().mails[mail.kind]
    say = tongue.say
    said = {name: row.number for name in spec.facts if name == "number"}
    link = tongue.url(page, token=token)
    site = str(tk.config.get("ckan.site_title") or "")
    body = "\n\n".join((say(spec.text) % said, link, site)) + "\n"
    return Letter(*named, f"[{site}] {say(spec.subject)}", body)


def _addressed(row: Reuse) -> tuple[str, str] | None:
    if row.email:
        return "", row.email
    user = model.User.get(row.user_id) if row.user_id else None
    if user is None or user.state != "active" or not user.email:
        return None
    return user.fullname or user.name, user.email


KINDS = (proposing.CONFIRM, proposing.RECEIVED, proposing.ANSWER)
outbox.MAKERS |= dict.fromkeys(KINDS, _letter)
