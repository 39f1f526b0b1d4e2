"""The names that writers give to datasets: made, taken or refused by :mod:`.naming`.

All of it is settled before anything is looked up under the name, so that the answer does not
depend on whether somebody else's dataset has it.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types
from ckan.lib.munge import munge_title_to_name

from ...agencies import registry
from ...agencies.rules.duties import Actor, Agency
from ..rules.axes import classification
from . import harvested, naming
from .model import Decision

STANDS = "satudata_name_stands"
"""In the context of a call: the name was given elsewhere, as when an old portal is taken over."""


def trusted(context: types.Context, actor: Actor) -> bool:
    """Tell whether a name or an id may be chosen: by whom nothing is hidden from."""
    return bool(context.get("ignore_auth") or actor.sysadmin)


def for_new(context: types.Context, data: dict[str, Any], actor: Actor) -> None:
    """Give a new dataset its name, or check the one that it came with.

    :raises ckan.plugins.toolkit.ValidationError: it is not one of the agency's; says a right one.
    """
    agency = registry.agency(data.get("owner_org"))
    if agency is None:  # whoever has no such agency is refused for that
        return
    name = data.get("name")
    if not name or not isinstance(name, str) or harvested.brings(context, data.get("id")):
        title = data.get("title")
        words = munge_title_to_name(title) if isinstance(title, str) and title.strip() else ""
        data["name"] = naming.made(agency.name, words or str(name or ""))
    elif not (context.get(STANDS) or trusted(context, actor)):
        check(name, agency)


def for_changed(
    context: types.Context,
    wanted: Any,
    owner: str | None,
    decision: Decision | None,
    actor: Actor,
) -> None:
    """Check a name that a dataset is to have from now on.

    :param owner: the agency that has the dataset, or is to have it.
    :raises ckan.plugins.toolkit.ValidationError: it may not be called so.
    """
    if trusted(context, actor) or not isinstance(wanted, str) or not wanted:
        return
    if decision is not None and naming.unseen_by_editors(
        decision.tingkat_keamanan, classification()
    ):
        text = tk._("The address of what is classified at this level is random and stays so.")
        raise tk.ValidationError({"name": [text]})
    agency = registry.agency(owner)
    if agency is not None:
        check(wanted, agency)


def check(name: str, agency: Agency) -> None:
    """Look whether a name begins with the code of an agency, whatever is there under it.

    :raises ckan.plugins.toolkit.ValidationError: it does not; says a right one.
    """
    others = [a.name for a in registry.load_agencies().values() if a.id != agency.id]
    if naming.belongs(name, agency.name, others):
        return
    code = naming.code_of(agency.name)
    text = tk._(
        "The address of a new dataset begins with the code of its agency. Write '%(right)s', or "
        "leave it out: the portal makes one from the title."
    )
    right = f"{code}-{name}"[: naming.LONGEST]
    raise tk.ValidationError({"name": [text % {"right": right}]})


def hide(package: model.Package, decision: Decision) -> None:
    """Give what not even the agency's editors may know of a name that nobody can try."""
    agency = registry.agency(package.owner_org)
    if agency is None or naming.is_at_random(package.name, agency.name):
        return
    if naming.unseen_by_editors(decision.tingkat_keamanan, classification()):
        package.name = naming.at_random(agency.name)
