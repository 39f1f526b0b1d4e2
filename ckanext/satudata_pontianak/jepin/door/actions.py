"""The action of the door: the apps behind Jepin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry
from ...classification.records import parameters
from ...classification.records.dataset_types import APP
from ...classification.records.model import now
from ...classification.requests import auth
from ...metadata import codes
from ...metadata.service import dataset_fields
from ...surface import page_names
from ..rules.door import LONGEST_QUESTION, WORDS, door
from . import answers, listing
from .listing import CATEGORY, TOPIC, Listed


@tk.side_effect_free
def satudata_jepin_list(context: types.Context, data_dict: dict[str, Any]) -> answers.AppList:
    """Return the apps behind Jepin of which the caller may know, in Jepin's order.

    :param q: words that stand in title, purpose, agency or description
    :param topic: code of a government affair
    :param category: kind of service, a value of ``kategori_layanan``
    :param word: ``open``, ``disturbed``, ``maintenance`` or ``closed``
    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_jepin_list", context, data_dict)
    most = door().most.answer
    limit = parameters.number(data_dict, "limit", 50, 0, most)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    asked = {key: parameters.line(data_dict, key) for key in ("q", "topic", "category")}
    word = parameters.choice(data_dict, "word", WORDS)
    asked["q"] = asked["q"][:LONGEST_QUESTION]
    found = listing.chosen(listing.listed(registry.actor_from_context(context)), **asked, word=word)
    return answered(found, found[offset : offset + limit])


def answered(found: Sequence[Listed], page: Sequence[Listed]) -> answers.AppList:
    """Return a page of apps as programs get it."""
    return {
        "dated": now().isoformat(timespec="seconds"),
        "count": len(found),
        "results": [told(app) for app in page],
    }


def told(app: Listed) -> answers.AppListed:
    """Return an app as everybody who may know of it reads it."""
    package, topic = app.package, codes.urusan(app.said(TOPIC))
    read, report = page_names.endpoint("app"), page_names.endpoint("jepin_reporting")
    return {
        "id": package.id,
        "name": package.name,
        "title": package.title or package.name,
        "short": app.said("singkatan"),
        "about": app.said("fungsi"),
        "agency": {"name": app.agency.name, "title": app.agency.title} if app.agency else None,
        "topic": app.said(TOPIC),
        "topic_label": topic.label if topic else "",
        "category": app.said(CATEGORY),
        "category_label": categories().get(app.said(CATEGORY), ""),
        "word": app.word,
        "word_label": tk._(door().look(app.word).label),
        "since": app.since.isoformat() if app.since else None,
        "url": app.address("url") or None,
        "play_store": app.address("alamat_play_store") or None,
        "app_store": app.address("alamat_app_store") or None,
        "help": app.said("kanal_bantuan"),
        "hours": app.said("jam_layanan"),
        "reason": app.life.reason if app.life.ended else "",
        "successor": _named(app.successor),
        "page": tk.url_for(read, id=package.name, qualified=True),
        "report": tk.url_for(report, id=package.name, qualified=True),
    }


def categories() -> dict[str, str]:
    """Return the kinds of service, and what people call them."""
    fields = (f for f in dataset_fields(APP) if f["field_name"] == CATEGORY)
    return {c["value"]: tk._(c["label"]) for f in fields for c in f.get("choices", ())}


def _named(package: model.Package | None) -> answers.AppNamed | None:
    if package is None:
        return None
    return {"name": package.name, "title": package.title or package.name}


def get_auth_functions() -> dict[str, Any]:
    """Return who may call the action of the door."""
    return {"satudata_jepin_list": auth.everyone()}


def get_actions() -> dict[str, Any]:
    """Return the action of the door by name."""
    return {"satudata_jepin_list": satudata_jepin_list}
