"""Actions on the apps of the register: thin, each one call into the room."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ... import days
from ...agencies import registry, words
from ...classification.incidents.steps import kinds_in
from ...classification.records import parameters
from ...ledger.service import Receipt
from ...smki.records.committing import committed
from ..pulse import following
from ..records import apps
from ..records.apps import App
from ..records.lifecycle import lives, row_of
from ..records.register_model import DATA_IN, DATA_OUT, PARENT, AppStep
from ..records.standing import standing
from ..rules.door import door
from ..rules.lifecycle import lifecycle
from ..rules.security import security
from . import answers, facts, life, links, overdue

IN_USE = "active"


@tk.side_effect_free
def satudata_jepin_app_show(context: types.Context, data_dict: dict[str, Any]) -> answers.AppShown:
    """Return where an app stands in its life, and what it has to do with others.

    For whoever may know of the app. Other entries stand in it where the caller may know of them.

    :param id: id or name of the app
    """
    tk.check_access("satudata_jepin_app_show", context, data_dict)
    return _shown(apps.named(context, data_dict))


@tk.side_effect_free
def satudata_jepin_late_list(context: types.Context, data_dict: dict[str, Any]) -> answers.LateApps:
    """List the apps that are past the day by which they leave their state.

    Of those on which the caller works: for the agency that owns them, or as Walidata.
    """
    tk.check_access("satudata_jepin_late_list", context, data_dict)
    actor = registry.actor_from_context(context)
    found = [_late(one) for one in overdue.seen(actor, days.today())]
    return {"count": len(found), "results": found}


def _late(one: overdue.Overdue) -> answers.LateApp:
    agency = registry.agency(one.package.owner_org) if one.package.owner_org else None
    return {
        "id": one.package.id,
        "name": one.package.name,
        "title": one.package.title or one.package.name,
        "agency": agency.title if agency is not None else None,
        "state": one.state,
        "state_label": tk._(lifecycle().states[one.state].label),
        "since": one.since.isoformat(),
        "due": one.due.isoformat(),
    }


def satudata_jepin_step(context: types.Context, data_dict: dict[str, Any]) -> answers.AppRecorded:
    """Take a step in the life of an app, as ``schemas/jepin/lifecycle.yaml`` has it.

    :param id: id or name of the app
    :param step: name of the step
    :param reason: why, at least 10 characters; names no person
    :param day: where the step asks for it, the day on which it came so (YYYY-MM-DD)
    :param successor: where the step asks for it, id or name of the app that replaces this one
    :param none: that nothing replaces it, true or false
    """
    tk.check_access("satudata_jepin_step", context, data_dict)
    app, name = apps.named(context, data_dict), parameters.line(data_dict, "step")
    given = {**data_dict, "none": parameters.flag(data_dict, "none", default=False)}

    def taken() -> Receipt:
        receipt = life.take(app, name, given, kinds_in)
        if lives([app.package.id])[app.package.id].state == IN_USE:
            following.taken_into_use(app.package, app.actor)
        return receipt

    receipt = committed(taken)
    return {**_shown(app), "receipt": receipt.as_dict()}


def satudata_jepin_links_set(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.AppRecorded:
    """Set what an app has to do with other entries; what is left out stays as it is.

    For whoever brings data for the agency that owns the app, and for Walidata. Entries of which the
    caller may not know stay linked.

    :param id: id or name of the app
    :param parent: the app that it belongs to: a name, or empty for none
    :param data_in: names of the datasets that it takes
    :param data_out: names of the datasets that it gives
    """
    tk.check_access("satudata_jepin_links_set", context, data_dict)
    app, given = apps.named(context, data_dict), {}
    for kind in (DATA_IN, DATA_OUT):
        if kind in data_dict:
            given[kind] = parameters.names(data_dict, kind, links.MOST) or []
    if PARENT in data_dict:
        named = data_dict[PARENT]
        given[PARENT] = [] if named in (None, "") else [parameters.line(data_dict, PARENT)]
    receipt = committed(lambda: links.write(app, given))
    return {**_shown(app), "receipt": receipt.as_dict() if receipt else None}


@tk.side_effect_free
def satudata_jepin_security_show(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.SecurityFacts:
    """Return the security facts of an app.

    For whoever brings data for the agency that owns it, and the roles of
    ``schemas/jepin/security.yaml``; the policy is asked for the app first.

    :param id: id or name of the app
    """
    tk.check_access("satudata_jepin_security_show", context, data_dict)
    return _facts(_secured(context, data_dict))


def satudata_jepin_security_set(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.SecurityFacts:
    """Write security facts of an app; those that are left out stay, an empty one goes.

    For those who read them.

    :param id: id or name of the app
    :param electronic_system: ``low``, ``high`` or ``strategic``
    :param confidentiality: ``1`` to ``3``; so are integrity, availability, authenticity and
        accountability
    :param vapt_status: ``none``, ``planned``, ``open`` or ``closed``
    :param vapt_day: day of the last test (YYYY-MM-DD)
    :param waf: ``true`` or ``false``
    :param hosting: name of the data centre or cloud
    :param supplier: name of the company
    :param addresses: addresses of the servers
    :param backup_test_day: day of the last test of restoring
    :param secret_scan: ``none``, ``clean`` or ``found``
    :param secret_scan_day: day of that search
    """
    tk.check_access("satudata_jepin_security_set", context, data_dict)
    app = _secured(context, data_dict)
    given = {name: data_dict[name] for name in security().fields if name in data_dict}
    receipt = committed(lambda: facts.write(app, given, kinds_in))
    return {**_facts(app), "receipt": receipt.as_dict() if receipt else None}


def _secured(context: types.Context, data_dict: dict[str, Any]) -> App:
    """Return the app that a call names, for who may have its security facts.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none, or they may not know of it.
    :raises ckan.plugins.toolkit.NotAuthorized: they know of it, and its facts are not for them.
    """
    app = apps.named(context, data_dict)
    if not facts.may(app):
        raise tk.NotAuthorized(
            tk._(
                "Security facts of an app are for whoever brings data for its agency, and for "
                "those who keep it safe."
            )
        )
    return app


def _facts(app: App) -> answers.SecurityFacts:
    row = facts.of(app)
    written = row.facts if row else {}
    shown: list[answers.SecurityFact] = []
    for name, spec in security().fields.items():
        value = written.get(name)
        named = spec.choices.get(value or "")
        shown.append(
            {
                "name": name,
                "label": tk._(spec.label),
                "value": value,
                "value_label": tk._(named) if named else None,
            }
        )
    names = words.names_of([row.changed_by] if row else [])
    return {
        "name": app.package.name,
        "title": app.package.title or app.package.name,
        "facts": shown,
        "changed": row.changed_at.isoformat() if row else None,
        "changed_by": names.get(row.changed_by or "") if row else None,
    }


def _linked(package: model.Package) -> answers.Linked:
    return {"name": package.name, "title": package.title or package.name}


def _one(package_id: str | None, app: App) -> answers.Linked | None:
    found = apps.seen([package_id], app.actor) if package_id else {}
    return next((_linked(package) for package in found.values()), None)


def _shown(app: App) -> answers.AppShown:
    rules, id_ = lifecycle(), app.package.id
    stands, linked = lives([id_])[id_], links.of([id_], app.actor)[id_]
    state, works = rules.states[stands.state], bool(app.parts)
    pulse = standing([id_])[id_]
    word = door().word(stands.state, pulse.word, ended=state.ended)
    seen = pulse.since.astimezone(days.CITY).date() if pulse.since and word else None
    began = stands.since if works or state.ended else seen
    row = row_of(id_) if works else None
    due = rules.due(stands.state, overdue.began(app.package, row)) if works else None
    unasked = following.unasked(app.package) if works else None
    return {
        "id": id_,
        "name": app.package.name,
        "title": app.package.title or app.package.name,
        "word": word,
        "state": stands.state if works else None,
        "state_label": tk._(state.label if works else door().look(word).label),
        "help": tk._(state.help) if works else "",
        "ended": state.ended,
        "since": began.isoformat() if began else None,
        "reason": stands.reason,
        "successor": _one(stands.successor, app),
        "parent": next((_linked(each) for each in linked[PARENT]), None),
        "children": [_linked(each) for each in links.children(id_, app.actor)],
        "data_in": [_linked(each) for each in linked[DATA_IN]],
        "data_out": [_linked(each) for each in linked[DATA_OUT]],
        "works_on": works,
        "unasked": unasked.text(tk._) if unasked else None,
        "secures": facts.may(app),
        "due": due.isoformat() if due else None,
        "late": due is not None and due < days.today(),
        "steps": [
            {
                "name": step.name,
                "label": tk._(step.label),
                "step": tk._(step.step),
                "day": step.day,
                "successor": step.successor,
            }
            for step in rules.offered(stands.state, app.parts)
        ],
        "history": _history(app) if works else [],
    }


def _history(app: App) -> list[answers.TakenStep]:
    rows = life.steps(app.package.id)
    names = words.names_of(row.actor_id for row in rows)
    seen = apps.seen((row.successor_id for row in rows if row.successor_id), app.actor)

    def successor(row: AppStep) -> answers.Linked | None:
        package = seen.get(row.successor_id or "")
        return _linked(package) if package else None

    return [
        {
            "at": row.at.isoformat(),
            "step": row.step,
            "label": tk._(lifecycle().steps[row.step].label),
            "state": row.state,
            "day": row.day.isoformat(),
            "reason": row.reason,
            "successor": successor(row),
            "actor": names.get(row.actor_id or ""),
            "receipt": row.ledger_entry,
        }
        for row in rows
    ]


@tk.auth_allow_anonymous_access
@tk.auth_sysadmins_check
def _everybody(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Let everybody ask: the policy says of each app whether they may know of it."""
    return {"success": True}


@tk.auth_sysadmins_check
def _somebody(context: types.Context, data_dict: Any) -> types.AuthResult:
    """Let everybody with a name ask; what they may do of an app is asked of the app."""
    if registry.actor_from_context(context).id is not None:
        return {"success": True}
    return {"success": False, "msg": tk._("This is for whoever has an account here.")}


def get_actions() -> dict[str, Any]:
    """Return the actions of the register by name."""
    return {
        f.__name__: f
        for f in (
            satudata_jepin_app_show,
            satudata_jepin_late_list,
            satudata_jepin_step,
            satudata_jepin_links_set,
            satudata_jepin_security_show,
            satudata_jepin_security_set,
        )
    }


def get_auth_functions() -> dict[str, Any]:
    """Return the auth functions of the register by name."""
    return {
        "satudata_jepin_app_show": _everybody,
        "satudata_jepin_late_list": _somebody,
        "satudata_jepin_step": _somebody,
        "satudata_jepin_links_set": _somebody,
        "satudata_jepin_security_show": _somebody,
        "satudata_jepin_security_set": _somebody,
    }
