"""Mails to those who ask for data: a mail says that there is something to see, and where."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan import model

from ...classification.notices import outbox, tongues
from ...classification.notices.definition import notice_rules
from ...classification.notices.outbox import Letter
from ...classification.records.mail_model import Mail
from ...classification.requests import links
from ..records.wish_model import Wish, WishVoice
from . import wishing


def _letter(mail: Mail) -> Letter | None:
    """Return a mail as it is to be sent now; ``None`` where nobody needs or can get it."""
    voice = model.Session.get(WishVoice, mail.request_id or "")
    row = model.Session.get(Wish, voice.wish_id) if voice else None
    if voice is None or row is None:
        return None
    if mail.kind == wishing.CONFIRM:
        if voice.confirmed_at is not None:
            return None
        page, token = "wish_confirm", links.make(wishing.CONFIRM, voice.id, voice.nonce)
    else:
        page, token = "wish_mine", wishing.token_of(voice)
    email = voice.email
    tongue, spec = tongues.of(voice.language), notice_rules().mails[mail.kind]
    say = tongue.say
    known = {"number": row.number}
    said = {name: known[name] for name in spec.facts if name in known}
    link = tongue.url(page, token=token)
    site = str(tk.config.get("ckan.site_title") or "")
    body = "\n\n".join((say(spec.text) % said, link, site)) + "\n"
    return Letter("", email, f"[{site}] {say(spec.subject)}", body)


KINDS = (wishing.CONFIRM, wishing.ANSWER)
outbox.MAKERS |= dict.fromkeys(KINDS, _letter)
