"""Actions on what apps lack, and what goes before the Forum Satu Data."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.incidents.steps import kinds_in
from ...classification.records import parameters
from ...smki.records.committing import committed
from ..records import apps
from ..records.lack_model import AppLack
from ..records.register_model import DATA_IN, DATA_OUT
from ..register import links
from ..reports import reporting
from ..rules.door import door
from . import answers, lacks, listing
from .listing import Listed

MAX_ROWS = 500


@tk.side_effect_free
def satudata_jepin_forum_list(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.AppsBeforeForum:
    """Return the apps that lack owner, pulse or SOP for long, and what switching them off touches.

    Walidata, the coordinator and the leader read what stands before the Forum; who publishes for
    the owner reads as well what will, and answers it.

    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_jepin_forum_list", context, data_dict)
    limit = parameters.number(data_dict, "limit", 50, 0, MAX_ROWS)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    actor = registry.actor_from_context(context)
    found, whole = lacks.rows(), lacks.reads_forum(actor)
    known = {app.package.id: app for app in listing.known(found, actor)}
    shown: dict[str, list[AppLack]] = {}
    for id_, app in known.items():
        mine = lacks.owns(actor, app.package)
        if rows := [r for r in found[id_] if mine or (whole and lacks.is_before_it(r))]:
            shown[id_] = rows
    page = lacks.ordered(shown)[offset : offset + limit]
    linked, open_reports = links.of(page, actor), reporting.open_of(page)
    results = [
        _told(known[id_], shown[id_], linked[id_], open_reports.get(id_, 0), actor) for id_ in page
    ]
    return {"count": len(shown), "results": results}


def satudata_jepin_lack_answer(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.AppLackAnswered:
    """Say to the Forum why an app lacks something and what is done; who publishes for its owner.

    :param id: id or name of the app
    :param lack: ``owner``, ``pulse`` or ``sop``
    :param answer: 10–1,000 characters; names no person
    """
    tk.check_access("satudata_jepin_lack_answer", context, data_dict)
    app = apps.named(context, data_dict)
    if not lacks.owns(app.actor, app.package):
        raise tk.NotAuthorized(tk._("This is for who publishes for the agency of the app."))
    receipt = committed(lambda: lacks.answer(app.package, app.actor, data_dict, kinds_in))
    return {
        "name": app.package.name,
        "lack": str(data_dict["lack"]),
        "answer": str(data_dict["answer"]).strip(),
        "receipt": receipt.as_dict(),
    }


def _told(
    app: Listed,
    rows: list[AppLack],
    linked: dict[str, list[model.Package]],
    open_reports: int,
    actor: Actor,
) -> answers.AppBeforeForum:
    forum, agency = door().forum, app.agency
    return {
        **_named(app.package),
        "agency": {"name": agency.name, "title": agency.title} if agency else None,
        "word": app.word,
        "word_label": tk._(door().look(app.word).label),
        "lacks": [
            {
                "lack": row.lack,
                "label": tk._(forum.lacks[row.lack].label),
                "since": row.since.isoformat(),
                "before_forum": forum.before_it(row.since, row.told).isoformat(),
                "listed": lacks.is_before_it(row),
                "answer": row.answer,
            }
            for row in rows
        ],
        "answers": lacks.owns(actor, app.package),
        "takes": [_named(package) for package in linked[DATA_IN]],
        "gives": [_named(package) for package in linked[DATA_OUT]],
        "parts": [_named(package) for package in links.children(app.package.id, actor)],
        "reports": open_reports,
        "successor": _named(app.successor) if app.successor else None,
    }


def _named(package: model.Package) -> answers.AppNamed:
    return {"name": package.name, "title": package.title or package.name}


@tk.auth_sysadmins_check
def _inside(context: types.Context, data_dict: Any) -> types.AuthResult:
    actor = registry.actor_from_context(context)
    if actor.active and (actor.publishes_for or lacks.reads_forum(actor)):
        return {"success": True}
    return {
        "success": False,
        "msg": tk._("This is for who publishes for an agency, for Walidata and the coordinator."),
    }


def get_auth_functions() -> dict[str, Any]:
    """Return who may call these actions."""
    return {"satudata_jepin_forum_list": _inside, "satudata_jepin_lack_answer": _inside}


def get_actions() -> dict[str, Any]:
    """Return these actions by name."""
    return {f.__name__: f for f in (satudata_jepin_forum_list, satudata_jepin_lack_answer)}
