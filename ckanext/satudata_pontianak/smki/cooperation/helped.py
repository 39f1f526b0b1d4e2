"""Whether the page of a dataset helped: counted by dataset and day, for the agency alone.

Of who answered nothing is kept; how often an address may answer is said in
``surface/rates.yaml``.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

import ckan.plugins.toolkit as tk
from ckan import model, types

from ... import days
from ...agencies import registry
from ...agencies.rules.duties import Actor, Agency, Duty
from ...classification.records import parameters, reads
from ...classification.requests import auth
from ..records.helped_model import Helped
from . import answers, knowing

SPAN = dt.timedelta(days=365)
MOST = 20


def satudata_helped_answer(context: types.Context, data_dict: dict[str, Any]) -> answers.Counted:
    """Answer whether the page of a dataset helped; nothing is kept of who answers.

    :param id: id or name of the dataset
    :param helped: ``true`` or ``false``
    """
    tk.check_access("satudata_helped_answer", context, data_dict)
    actor = registry.actor_from_context(context)
    package = model.Package.get(parameters.text(data_dict, "id"))
    if data_dict.get("helped") in (None, ""):
        raise tk.ValidationError({"helped": [tk._("Fill in this field.")]})
    helped = parameters.flag(data_dict, "helped", default=False)
    known = package is not None and package.state == "active" and package.type == "dataset"
    if package is None or not known or not knowing.may_know(actor, reads.facts_of(package.id)):
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    _count(package.id, helped=helped)
    model.Session.commit()
    return {"counted": True}


def _count(package_id: str, *, helped: bool) -> None:
    row = {"package_id": package_id, "day": days.today(), "yes": int(helped), "no": int(not helped)}
    query = insert(Helped).values(row)
    more = {"yes": Helped.yes + query.excluded.yes, "no": Helped.no + query.excluded.no}
    model.Session.execute(
        query.on_conflict_do_update(index_elements=["package_id", "day"], set_=more)
    )


def of(agency: Agency, actor: Actor) -> list[answers.HelpedRow]:
    """Return what was answered in a year of the datasets of an agency; least helpful first.

    To its own members and the Walidata, of datasets that they may know of.
    """
    if agency.id not in actor.member_of and Duty.WALIDATA not in actor.duties:
        return []
    yes, no = sa.func.sum(Helped.yes), sa.func.sum(Helped.no)
    query = (
        sa.select(model.Package, yes, no)
        .join(Helped, Helped.package_id == model.Package.id)
        .where(model.Package.owner_org == agency.id, Helped.day > days.today() - SPAN)
        .group_by(model.Package.id)
        .order_by(no.desc(), yes, model.Package.name)
    )
    rows = model.Session.execute(query).tuples().all()
    known = knowing.known(actor, [package.id for package, _, _ in rows])
    found: list[answers.HelpedRow] = [
        {
            "name": package.name,
            "title": package.title or package.name,
            "yes": int(good),
            "no": int(bad),
        }
        for package, good, bad in rows
        if package.id in known
    ]
    return found[:MOST]


def get_actions() -> dict[str, Any]:
    """Return the action of this module by name."""
    return {"satudata_helped_answer": satudata_helped_answer}


def get_auth_functions() -> dict[str, Any]:
    """Return who may call it: everybody."""
    return {"satudata_helped_answer": auth.everyone()}
