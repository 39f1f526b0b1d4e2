"""CKAN's actions on organizations and members, kept behind the rules of this room.

Each function stands in front of core's action of the same name: it describes the change, asks
:mod:`.gate`, has it recorded and lets core make it. Calls that change a duty, a parent or the
members of a body that decides take one parameter more:

:param nomor_sk: the number of the decree that orders the change (needed from a system
    administrator; nobody else may make such a change)
:type nomor_sk: string

``sdi_role``, ``parent``, ``name`` and ``title`` that are not given are kept. ``parent`` is the name
or id of an agency, or empty for none; it is stored in CKAN's group hierarchy, from which core's own
permissions come down.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import replace
from typing import Any

import flask
from flask_babel import force_locale

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.types import Context, DataDict

from ..msgids import N_
from . import capacities, gate, helpers, keys, registry, texts, words
from .rules.duties import Agency, duties_of
from .rules.memberships import Change, MemberChange

Next = Callable[[Context, DataDict], Any]

NO_MAIL = N_(
    "No mail leaves this site, so that nobody can be invited. Make the account by hand, or ask the "
    "operator to set a mail server."
)
MOST_OFFERED = 20
"""As core offers without a limit."""
LATEST_DECREE = "nomor_sk_terakhir"
_creator: ContextVar[str | None] = ContextVar("satudata_creator", default=None)


def _organization(reference: Any) -> model.Group | None:
    """The organization with this id or name, open or closed; ``None`` for a group or nothing."""
    group = model.Group.get(reference) if isinstance(reference, str) and reference else None
    return group if group is not None and group.is_organization else None


def _parent(data: DataDict, current: str | None) -> str | None:
    """The id of the parent that a call asks for; what is not given is kept.

    ``parent`` goes before ``groups``, which every round trip carries along.
    """
    if "parent" in data:
        wanted = data["parent"]
    elif data.get("groups") is not None:
        groups = data["groups"]
        if not isinstance(groups, list) or len(groups) > 1:
            raise tk.ValidationError({"parent": [words.second_parent()]})
        first = groups[0] if groups else {}
        wanted = (first.get("id") or first.get("name")) if isinstance(first, dict) else first
    else:
        return current
    if not wanted:
        return None
    found = registry.agency(str(wanted))
    if found is None:
        raise tk.ValidationError({"parent": [words.unknown_parent(str(wanted))]})
    return found.id


def _hang(group_id: str, parent: str | None) -> None:
    """Store the parent in CKAN's group hierarchy, and no other beside it."""
    rows = model.Session.query(model.Member).filter_by(group_id=group_id, table_name="group").all()
    for row in rows:
        row.state = model.State.DELETED if row.table_id != parent else model.State.ACTIVE
    if parent is not None and parent not in {row.table_id for row in rows}:
        # the group itself is given, because Member() without it stores none
        group = model.Group.get(group_id)
        model.Session.add(
            model.Member(group=group, table_name="group", table_id=parent, capacity="parent")
        )
    model.Session.flush()


def _parent_name(group_id: str | None) -> str:
    """The name of an open agency's parent, or nothing."""
    found = registry.agency(group_id)
    above = registry.agency(found.parent_id) if found is not None else None
    return above.name if above else ""


def _page_names_creator(context: Context, users: Any) -> bool:
    """Does core's page of a new agency name its creator, and nobody else, as a member?

    The page asks for no members: core's view adds whoever filled it in as an admin.
    """
    if not flask.has_request_context() or flask.request.endpoint != "organization.new":
        return False
    return users == [{"name": context.get("user"), "capacity": "admin"}]


@tk.chained_action
def organization_create(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Open an agency. A system administrator who opens it does not become a member of it."""
    tk.check_access("organization_create", context, data_dict)
    texts.check_type(data_dict, agency=True)
    data = keys.written(data_dict, agency=True)
    texts.check(data)
    keys.check(data, agency=True)
    gate.check_named(data.get("users"))
    gate.lock()
    number = gate.number_in(data)
    data.pop("nomor_sk", None)
    data.pop(LATEST_DECREE, None)
    values = registry.role_values(data.get("sdi_role"))
    parent = _parent(data, None)
    name = str(data.get("name") or "")
    after = Agency("", name, str(data.get("title") or name), parent, duties_of(values))
    if _page_names_creator(context, data.get("users")):
        data["users"] = []
    members = gate.member_changes({}, gate.named_members(data.get("users")))
    change = Change(None, after, members, standing=gate.standing(None, parent))
    gate.check(context, change, number)
    data["sdi_role"] = values
    if number:
        data[LATEST_DECREE] = number
    data.pop("parent", None)
    data.pop("groups", None)
    actor = registry.actor_from_context(context)
    deferred = context.get("defer_commit", False)
    token = _creator.set(actor.id if actor.sysadmin else None)
    try:
        with gate.together(), gate.decree({"nomor_sk": number}):
            result = original(Context(context, defer_commit=True), data)
            made = result if isinstance(result, str) else result["id"]
            _hang(made, parent)
            gate.record(context, replace(change, after=replace(after, id=made)), number)
            if not deferred:
                model.repo.commit()
    finally:
        _creator.reset(token)
    context["id"] = made
    group = model.Group.get(made)
    if group is not None:
        context["group"] = group
    if not isinstance(result, str):
        result["parent"] = _parent_name(made)
    return result


@tk.chained_action
def organization_update(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Change an agency; duties, parent, state and members of a deciding body need a decree."""
    group = _organization(data_dict.get("id"))
    if group is None:
        return original(context, data_dict)
    tk.check_access("organization_update", context, data_dict)
    data = keys.written(data_dict, agency=True)
    texts.check(data, gate.texts_of(group))
    keys.check(data, agency=True)
    gate.check_named(data.get("users"))
    gate.lock()
    number = gate.number_in(data)
    data.pop("nomor_sk", None)
    before = gate.agency_of(group)
    values = gate.stored_roles(group)
    if "sdi_role" in data:
        values = registry.role_values(data["sdi_role"])
    parent = _parent(data, before.parent_id)
    active = data.get("state", group.state) == model.State.ACTIVE
    after = gate.with_roles(
        before, values, name=str(data.get("name") or before.name), parent_id=parent, active=active
    )
    members: tuple[MemberChange, ...] = ()
    if data.get("users") is not None:
        now = capacities.members_of(group.id)
        members = gate.member_changes(now, gate.named_members(data["users"]))
    children = gate.has_children(group.id, registry.read_agencies())
    above = parent if parent != before.parent_id else None
    change = Change(before, after, members, children, gate.standing(group.id, above))
    gate.check(context, change, number)
    data["sdi_role"] = values
    data["is_organization"] = True
    data.setdefault("name", group.name)
    data.setdefault("title", group.title)
    stored = gate.extras_of(group).get(LATEST_DECREE)
    changed = gate.describe(before) != gate.describe(after) or change.moves
    data[LATEST_DECREE] = number if number and changed else stored or ""
    data.pop("parent", None)
    data.pop("groups", None)
    with gate.together():
        gate.record(context, change, number)
        if parent != before.parent_id:
            _hang(group.id, parent)
        return original(context, data)


def close(
    original: Next, context: Context, data_dict: DataDict, action: str, event: str | None
) -> Any:
    """Close an agency, or remove it for good: recorded, with a decree where that needs one."""
    group = _organization(data_dict.get("id"))
    if group is None:
        return original(context, data_dict)
    tk.check_access(action, context, data_dict)
    gate.lock()
    number = gate.number_in(data_dict)
    before = gate.agency_of(group)
    after = gate.with_roles(before, gate.stored_roles(group), active=False)
    members = gate.member_changes(capacities.members_of(group.id), {})
    children = gate.has_children(group.id, registry.read_agencies())
    change = Change(before, after, members, children)
    gate.check(context, change, number)
    with gate.together():
        gate.record(context, change, number, event=event)
        # core closes the memberships of an agency only when it is named by its id
        return original(context, {"id": group.id})


@tk.chained_action
def organization_delete(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Close an agency; one with a deciding duty or with agencies below it needs a decree."""
    return close(original, context, data_dict, "organization_delete", None)


@tk.side_effect_free
@tk.chained_action
def organization_show(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Return an agency with its parent by name."""
    result = original(context, data_dict)
    result["parent"] = _parent_name(result.get("id"))
    keys.without_undeclared(result)
    return result


@tk.side_effect_free
@tk.chained_action
def group_show(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Return a group without free fields that nobody declared."""
    result = original(context, data_dict)
    keys.without_undeclared(result)
    return result


def _list(original: Next, context: Context, data_dict: DataDict) -> Any:
    found = original(context, data_dict)
    for each in found:
        if isinstance(each, dict):
            keys.without_undeclared(each)
    return found


@tk.side_effect_free
@tk.chained_action
def organization_list(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Return agencies without free fields that nobody declared; ``q`` also means English names."""
    return _list(original, context, _with_english(original, context, data_dict))


def _with_english(original: Next, context: Context, data_dict: DataDict) -> DataDict:
    """Return what is asked, with those named whose English name holds the words of ``q``."""
    found = [agency.name for agency in _called_in_english(data_dict.get("q"))]
    if not found or data_dict.get("organizations"):
        return data_dict
    names = original(context, {"q": data_dict["q"]})
    asked = {key: value for key, value in data_dict.items() if key != "q"}
    return {**asked, "organizations": [*names, *found]}


@tk.side_effect_free
@tk.chained_action
def organization_autocomplete(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Return agencies whose name holds ``q``, in English too, named in the language asked."""
    found = original(context, data_dict)
    names, most = {each["name"] for each in found}, int(data_dict.get("limit") or MOST_OFFERED)
    for agency in _called_in_english(data_dict.get("q")):
        if agency.name not in names and len(found) < most:
            found.append({"id": agency.id, "name": agency.name, "title": agency.title})
    titles = {agency.name: helpers.called(agency) for agency in registry.load_agencies().values()}
    return [{**each, "title": titles.get(each["name"], each["title"])} for each in found]


def _called_in_english(q: Any) -> list[Agency]:
    """Return the agencies whose English name holds these words."""
    words_ = str(q or "").strip().casefold()
    agencies = registry.load_agencies().values() if words_ else ()
    return [agency for agency in agencies if words_ in agency.english.casefold()]


@tk.side_effect_free
@tk.chained_action
def group_list(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Return groups without free fields that nobody declared."""
    return _list(original, context, data_dict)


def group_door(original: Next, context: Context, data_dict: DataDict) -> Any:
    """A door for groups opens for groups only: core would let it change an agency."""
    if _organization(data_dict.get("id")) is not None:
        # Core's page of deletion shows what stands under "message", and nothing else.
        text = words.agency_not_group()
        raise tk.ValidationError({"id": [text], "message": text})
    return original(context, data_dict)


@tk.chained_action
def group_update(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Change a group that is no agency."""
    group = model.Group.get(data_dict.get("id"))
    if group is not None and not group.is_organization:
        tk.check_access("group_update", context, data_dict)
        data_dict = keys.written(data_dict, agency=False)
        texts.check(data_dict, gate.texts_of(group))
        keys.check(data_dict, agency=False)
        gate.check_named(data_dict.get("users"))
    return group_door(original, context, data_dict)


@tk.chained_action
def group_delete(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Delete a group that is no agency."""
    return group_door(original, context, data_dict)


@tk.chained_action
def group_create(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Create a group that does not call itself an organization."""
    if data_dict.get("type") == "organization":
        raise tk.ValidationError({"type": [words.agency_not_group()]})
    tk.check_access("group_create", context, data_dict)
    texts.check_type(data_dict, agency=False)
    data = keys.written(data_dict, agency=False)
    texts.check(data)
    keys.check(data, agency=False)
    gate.check_named(data.get("users"))
    return original(context, data)


def _membership(data_dict: DataDict, *, removed: bool) -> tuple[model.Group, Change] | None:
    """Describe a change of one membership; ``None`` when it is none of ours."""
    group = _organization(data_dict.get("id"))
    kind = str(data_dict.get("object_type") or "").lower()
    if group is None or kind not in ("user", "group", "organization"):
        return None
    before = gate.agency_of(group)
    roles = gate.stored_roles(group)
    if kind == "user":
        user = model.User.get(data_dict.get("object"))
        if user is None:
            return None
        now = capacities.members_of(group.id).get(user.id)
        wanted = None if removed else str(data_dict.get("capacity") or "")
        return group, Change(before, before, (MemberChange(user.id, now, wanted),))
    other = registry.agency(data_dict.get("object"))
    if other is None:
        if removed:
            return None
        message = words.unknown_parent(str(data_dict.get("object")))
        raise tk.ValidationError({"parent": [message]})
    if removed:
        parent = None if before.parent_id == other.id else before.parent_id
    elif before.parent_id not in (None, other.id):
        raise tk.ValidationError({"parent": [words.second_parent()]})
    else:
        parent = other.id
    above = gate.standing(None, parent if parent != before.parent_id else None)
    after = gate.with_roles(before, roles, parent_id=parent)
    return group, Change(before, after, standing=above)


def _member_door(
    original: Next, context: Context, data_dict: DataDict, action: str, *, removed: bool
) -> Any:
    texts.check_member(data_dict)
    if _organization(data_dict.get("id")) is None:
        return original(context, data_dict)
    tk.check_access(action, context, data_dict)
    gate.lock()
    found = _membership(data_dict, removed=removed)
    if found is None:
        return original(context, data_dict)
    _group, change = found
    number = gate.number_in(data_dict)
    gate.check(context, change, number)
    with gate.together():
        gate.record(context, change, number)
        return original(context, data_dict)


@tk.chained_action
def member_create(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Add a member; to a body that decides only with a decree."""
    creator = _creator.get()
    if creator and (data_dict.get("object_type"), data_dict.get("object")) == ("user", creator):
        # core makes the creator an admin; but opening an agency is no duty in it
        tk.check_access("member_create", context, data_dict)
        return {}
    return _member_door(original, context, data_dict, "member_create", removed=False)


@tk.chained_action
def member_delete(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Remove a member; from a body that decides only with a decree."""
    return _member_door(original, context, data_dict, "member_delete", removed=True)


def _carry(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Carry the decree number to the action on members that core calls inside."""
    with gate.decree(data_dict):
        return original(context, {k: v for k, v in data_dict.items() if k != "nomor_sk"})


def _carry_out(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Carry it too where somebody is removed; core takes for granted that there is the group."""
    if model.Group.get(data_dict.get("id")) is None:
        raise tk.ObjectNotFound(tk._("Group was not found."))
    return _carry(original, context, data_dict)


@tk.chained_action
def organization_member_create(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Add a person to an agency."""
    return _carry(original, context, data_dict)


@tk.chained_action
def organization_member_delete(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Remove a person from an agency."""
    return _carry_out(original, context, data_dict)


@tk.chained_action
def group_member_create(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Add a person to a group; the door opens on agencies too."""
    return _carry(original, context, data_dict)


@tk.chained_action
def group_member_delete(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Remove a person from a group; the door opens on agencies too."""
    return _carry_out(original, context, data_dict)


@tk.chained_action
def user_invite(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Invite a person into an agency; refused before the account is made, not after."""
    tk.check_access("user_invite", context, data_dict)
    if not (tk.config.get("smtp.server") or any(p.PluginImplementations(p.INotifier))):
        # Core would make the account and drop the mail in silence.
        raise tk.ValidationError({"email": [tk._(NO_MAIL)]})
    group = _organization(data_dict.get("group_id"))
    if group is not None:
        texts.check_capacities({"capacity": data_dict.get("role")})
        before = gate.agency_of(group)
        invited = MemberChange("", None, str(data_dict.get("role") or ""))
        gate.check(context, Change(before, before, (invited,)), gate.number_in(data_dict))
    # The mail is for somebody else than who looks at the page: it speaks the city's language.
    with force_locale("id"):
        return _carry(original, context, data_dict)


@tk.chained_action
def user_delete(original: Next, context: Context, data_dict: DataDict) -> Any:
    """Close an account; the duties that end with it are recorded."""
    user = model.User.get(data_dict.get("id"))
    if user is None:
        return original(context, data_dict)
    tk.check_access("user_delete", context, data_dict)
    agencies = registry.read_agencies()
    number = gate.number_in(data_dict)
    with gate.together():
        for own in registry.memberships_of(user.id):
            if own.agency_id in agencies:
                body = agencies[own.agency_id]
                move = MemberChange(user.id, own.capacity, None)
                gate.refuse_unknown(number, body.id)
                gate.record(context, Change(body, body, (move,)), number)
        return original(context, data_dict)


def get_actions() -> dict[str, Any]:
    """The actions of this room."""
    return {
        f.__name__: f
        for f in (
            organization_create,
            organization_update,
            organization_delete,
            organization_list,
            organization_autocomplete,
            organization_show,
            group_list,
            group_show,
            group_create,
            group_update,
            group_delete,
            member_create,
            member_delete,
            organization_member_create,
            organization_member_delete,
            group_member_create,
            group_member_delete,
            user_invite,
            user_delete,
        )
    }
