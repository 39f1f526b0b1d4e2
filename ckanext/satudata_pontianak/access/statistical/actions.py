"""Actions on statistical activities: list and show them, describe one, name its datasets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry
from ...agencies.rules.duties import Actor
from ...classification.cases.actions import find_dataset
from ...classification.records import parameters
from ...classification.requests import auth
from ...classification.requests.actions import tried
from ...classification.rules.policy import may_publish
from . import answers, kept, rules
from .model import Activity

MOST = 500


@tk.side_effect_free
def satudata_statistical_activity_list(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.ActivityList:
    """Return the statistical activities that the caller may know of, by title.

    :param agency: id or name of their agency (default: of all)
    :param mine: only those of agencies for which the caller publishes, true or false
    :param limit: at most so many, 0–500 (default: 50)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_statistical_activity_list", context, data_dict)
    actor = registry.actor_from_context(context)
    limit = parameters.number(data_dict, "limit", 50, 0, MOST)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    found = kept.listed(actor, _agencies(data_dict, actor))
    page = found[offset : offset + limit]
    seen = kept.datasets(actor, page)
    return {
        "count": len(found),
        "writes_for": _writes_for(actor),
        "results": [_row(each, actor, len(seen.get(each.id, ()))) for each in page],
    }


def _agencies(data_dict: dict[str, Any], actor: Actor) -> list[str] | None:
    mine = [*actor.publishes_for] if parameters.flag(data_dict, "mine", default=False) else None
    name = parameters.line(data_dict, "agency")
    if not name:
        return mine
    agency = registry.agency(name)
    if agency is None:
        raise tk.ObjectNotFound(tk._("Agency not found"))
    return [agency.id] if mine is None or agency.id in mine else []


def _writes_for(actor: Actor) -> list[answers.ActivityAgency]:
    known = registry.load_agencies()
    mine = [known[id] for id in actor.publishes_for if id in known and may_publish(actor, id)]
    mine.sort(key=lambda each: each.title.casefold())
    return [{"id": each.id, "name": each.name, "title": each.title} for each in mine]


@tk.side_effect_free
def satudata_statistical_activity_show(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.ActivityShown:
    """Return a statistical activity that the caller may know of, or that of a dataset.

    :param ms_keg: id of the activity
    :param id: id or name of a dataset, where no activity is named
    """
    tk.check_access("satudata_statistical_activity_show", context, data_dict)
    actor = registry.actor_from_context(context)
    if parameters.line(data_dict, "ms_keg") or "id" not in data_dict:
        return _shown(_found(data_dict, actor), actor)
    row = kept.of_dataset(find_dataset(context, data_dict))
    if row is None:
        raise tk.ObjectNotFound(tk._("Not found"))
    return _shown(row, actor)


def _found(data_dict: dict[str, Any], actor: Actor) -> Activity:
    row = kept.known(actor, parameters.text(data_dict, "ms_keg"))
    if row is None:
        raise tk.ObjectNotFound(tk._("Not found"))
    return row


def satudata_statistical_activity_save(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.ActivitySaved:
    """Say something of a statistical activity, or begin one. For who publishes for its agency.

    :param ms_keg: id of the activity; without it a new one is begun
    :param agency: id or name of the agency of a new one
    :param values: field of ``schemas/statistical_activities.yaml`` → what it says; empty takes it
        out, and what is not named stays
    """
    tk.check_access("satudata_statistical_activity_save", context, data_dict)
    actor = registry.actor_from_context(context)
    values = data_dict.get("values")
    if not isinstance(values, Mapping):
        raise tk.ValidationError({"values": [tk._("Fill in this field.")]})
    row = _found(data_dict, actor) if parameters.line(data_dict, "ms_keg") else None
    agency_id = row.agency_id if row is not None else _agency(data_dict, actor)

    def act() -> Any:
        done = kept.save(actor, values, row, agency_id)
        model.Session.commit()
        return done

    saved, receipt = tried(act)
    return {
        "activity": _shown(saved, actor),
        "receipt": receipt.as_dict() if receipt else None,
    }


def _agency(data_dict: dict[str, Any], actor: Actor) -> str:
    name = parameters.line(data_dict, "agency")
    agency = registry.agency(name) if name else None
    if agency is None or not may_publish(actor, agency.id):
        raise tk.ValidationError({"agency": [tk._(kept.NO_AGENCY)]})
    return agency.id


def satudata_statistical_activity_attach(
    context: types.Context, data_dict: dict[str, Any]
) -> answers.ActivityAttached:
    """Say which statistical activity of its agency a dataset comes from. For who writes it.

    :param id: id or name of the dataset
    :param ms_keg: id of the activity; empty: the dataset comes from none
    """
    tk.check_access("satudata_statistical_activity_attach", context, data_dict)
    package = find_dataset(context, data_dict)
    tk.check_access("package_update", tk.fresh_context(context), {"id": package.id})
    actor = registry.actor_from_context(context).on(package.id, package.owner_org)
    wanted = parameters.line(data_dict, "ms_keg")

    def act() -> Any:
        done = kept.attach(package, actor, wanted)
        model.Session.commit()
        return done

    receipt = tried(act)
    row = kept.of_dataset(package)
    return {
        "ms_keg": row.id if row is not None else None,
        "receipt": receipt.as_dict() if receipt else None,
    }


def _agency_of(row: Activity) -> answers.ActivityAgency | None:
    agency = registry.load_agencies().get(row.agency_id)
    return {"id": agency.id, "name": agency.name, "title": agency.title} if agency else None


def _row(row: Activity, actor: Actor, count: int) -> answers.ActivityRow:
    may_change = may_publish(actor, row.agency_id)
    return {
        "id": row.id,
        "title": row.title,
        "agency": _agency_of(row),
        "datasets": count,
        "missing": len(rules.missing(row.told)) if may_change else 0,
        "may_change": may_change,
    }


def _shown(row: Activity, actor: Actor) -> answers.ActivityShown:
    fields, may_change = rules.fields(), may_publish(actor, row.agency_id)
    blocks: list[answers.ActivityBlock] = [
        {
            "name": key,
            "label": tk._(block.label),
            "fields": [
                _field(each, row)
                for each in fields.values()
                if each.block == key and row.told.get(each.name)
            ],
        }
        for key, block in rules.activities().blocks.items()
    ]
    seen = kept.datasets(actor, [row]).get(row.id, ())
    return {
        "id": row.id,
        "title": row.title,
        "agency": _agency_of(row),
        "blocks": [block for block in blocks if block["fields"]],
        "datasets": [{"id": p.id, "name": p.name, "title": p.title or p.name} for p in seen],
        "missing": [label(fields[n]) for n in rules.missing(row.told)] if may_change else [],
        "may_change": may_change,
        "about": tk._(rules.activities().help),
    }


def _field(asked: rules.Asked, row: Activity) -> answers.ActivityFieldShown:
    said = rules.shown(asked, row.told)
    return {
        "name": asked.name,
        "label": label(asked),
        "kind": asked.spec.kind,
        "value": row.told[asked.name],
        "shown": [tk._(each) for each in said] if asked.spec.choices else said,
    }


def label(asked: rules.Asked) -> str:
    """Return what a field is called, in the reader's language."""
    own = tk._(asked.spec.label)
    return f"{tk._(asked.heading)}: {own}" if asked.heading else own


def get_actions() -> dict[str, Any]:
    """Return the actions of this module by name."""
    found = (
        satudata_statistical_activity_list,
        satudata_statistical_activity_show,
        satudata_statistical_activity_save,
        satudata_statistical_activity_attach,
    )
    return {f.__name__: f for f in found}


def get_auth_functions() -> dict[str, Any]:
    """Return who may call them; what they get, the actions say."""
    return {
        "satudata_statistical_activity_list": auth.everyone(),
        "satudata_statistical_activity_show": auth.everyone(),
        "satudata_statistical_activity_save": auth.logged_in(),
        "satudata_statistical_activity_attach": auth.logged_in(),
    }
