"""Which of the side roads a person may take on a dataset. The rules say; here they are asked."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ... import days
from ...agencies import registry, words
from ...agencies.rules.duties import Actor
from ...classification.cases import reopening
from ...classification.holds import holds as holding
from ...classification.intake import recipes
from ...classification.records import reads
from ...classification.reopening import older, resolutions
from ...classification.rules.axes import classification
from ...classification.rules.policy import may_publish
from ...classification.rules.refusals import Refused
from ..web import call, wording

KINDS = ("classify", "remove", "move")


def _actor(dataset_id: str, owner_org: str | None) -> Actor:
    return registry.actor_from_context(call.context()).on(dataset_id, owner_org)


def may_resolve(dataset: dict[str, Any], *, without_case: bool = False) -> bool:
    """Tell whether this person may say something of the findings of the open case.

    :param without_case: also where no case is open, of what is served.
    """
    case = reads.open_case(dataset["id"])
    if case is None and not without_case:
        return False
    owner = dataset.get("owner_org")
    try:
        resolutions.check_person(_actor(dataset["id"], owner), owner, case)
    except Refused:
        return False
    return True


def reopening_kinds(dataset_id: str) -> list[str]:
    """Return of which kinds this person may open a case now; none while one is open."""
    package = model.Package.get(dataset_id)
    if package is None or reads.open_case(package.id) is not None:
        return []
    if reads.decision_in_force(package.id) is None:
        return []
    roads = reopening.roads_of(_actor(package.id, package.owner_org), package.owner_org)
    return [kind for kind in KINDS if any(kind in road.kinds for road in roads)]


def decided_files(dataset_id: str) -> set[str]:
    """Return the ids of the files that a decision covers: what a removal may name."""
    return set(reads.pointers_of([dataset_id]))


def may_hold(dataset_id: str) -> bool:
    """Tell whether this person may place a hold on what is decided."""
    facts = reads.facts_of(dataset_id)
    actor = _actor(dataset_id, facts.owner_org)
    return facts.decision is not None and holding.may(
        actor, facts, classification().holds.placed_by
    )


def release_grounds(dataset_id: str) -> dict[str, str]:
    """Return on which grounds this person may lift a hold, with their labels."""
    facts = reads.facts_of(dataset_id)
    grounds = holding.grounds_for(_actor(dataset_id, facts.owner_org), facts)
    return {name: ground.label for name, ground in grounds.items()}


def releasable(dataset_id: str) -> list[str]:
    """Return the ids of the holds that this person may lift: nobody lifts their own."""
    facts = reads.facts_of(dataset_id)
    actor = _actor(dataset_id, facts.owner_org)
    if not facts.holds or not holding.grounds_for(actor, facts):
        return []
    return [h.id for h in reads.active_holds(dataset_id) if h.placed_by != actor.id]


def confirmable(dataset_id: str) -> list[str]:
    """Return the ids of the holds that wait for this person's word: nobody confirms their own."""
    facts = reads.facts_of(dataset_id)
    actor = _actor(dataset_id, facts.owner_org)
    if not facts.holds or not holding.may(actor, facts, classification().holds.confirmed_by):
        return []
    return [
        h.id
        for h in reads.active_holds(dataset_id)
        if h.placed_by not in (None, actor.id) and h.confirmed_at is None
    ]


def told(dataset_id: str, hold_id: str) -> list[tuple[str, str]]:
    """Return what is known of a hold to whoever confirms or lifts it: label and text."""
    hold = next((h for h in reads.active_holds(dataset_id) if h.id == hold_id), None)
    if hold is None:
        return []
    by = (
        words.names_of([hold.placed_by]).get(hold.placed_by)
        if hold.placed_by
        else tk._("The check")
    )
    rows = [
        (tk._("What is held back"), wording.hold_scope(hold.scope)),
        (tk._("Placed by"), by or "–"),
        (tk._("Since"), tk.h.satudata_moment(hold.placed_at.isoformat())),
        (tk._("Reason"), tk._(hold.reason)),
    ]
    if hold.placed_by and hold.confirmed_at is None:
        day = holding.rises_on(hold)
        text = tk.h.satudata_day(day.isoformat())
        late = f"{text} ({tk._('overdue')})" if day <= days.today() else text
        rows.append((tk._("To be confirmed by"), late))
    return rows


def hold_scopes(dataset_id: str) -> list[str]:
    """Return what this person may hold of a dataset."""
    facts = reads.facts_of(dataset_id)
    return holding.scopes_for(_actor(dataset_id, facts.owner_org), facts)


def may_say_older(dataset_id: str) -> bool:
    """Tell whether this person may say that older versions go on being given."""
    package = model.Package.get(dataset_id)
    return package is not None and older.may_say(package, _actor(package.id, package.owner_org))


def may_look(dataset_id: str) -> bool:
    """Tell whether this person sees what was found in the files that are served.

    These are who may hold them back or resolve their findings, where there are any.
    """
    return may_hold(dataset_id) and bool(reads.pointers_of([dataset_id]))


def may_bring(dataset_id: str) -> bool:
    """Tell whether this person brings new data of what is decided: whoever may change it."""
    package = model.Package.get(dataset_id)
    if package is None or reads.decision_in_force(package.id) is None:
        return False
    try:
        tk.check_access("package_update", call.context(), {"id": package.id})
    except tk.NotAuthorized:
        return False
    return may_publish(_actor(package.id, package.owner_org), package.owner_org)


def roads(dataset_id: str) -> dict[str, Any]:
    """Return every side road of a dataset that this person may take, for its page."""
    if not call.logged_in():
        nothing: dict[str, Any] = dict.fromkeys(
            ("bring", "reopen", "remove", "hold", "look", "older"), False
        )
        return {**nothing, "like": False, "original": None, "release": [], "confirm": []}
    kinds = reopening_kinds(dataset_id)
    bring = may_bring(dataset_id)
    return {
        "bring": bring,
        "like": may_publish(_actor(package.id, package.owner_org), package.owner_org)
        if (package := model.Package.get(dataset_id))
        else False,
        "original": recipes.only_original(dataset_id) if bring else None,
        "reopen": bool(set(kinds) - {"remove"}),
        "remove": "remove" in kinds,
        "hold": may_hold(dataset_id),
        "look": may_look(dataset_id),
        "older": may_say_older(dataset_id),
        "release": releasable(dataset_id),
        "confirm": confirmable(dataset_id),
    }
