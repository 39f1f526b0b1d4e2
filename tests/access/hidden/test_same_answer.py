"""What somebody may not know of answers like an unknown name, byte for byte, through every door."""

from __future__ import annotations

import json
import re
import secrets
import string
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from ckan import model
from ckan.tests.helpers import call_action

from ckanext.satudata_pontianak.access.hidden import knowing
from ckanext.satudata_pontianak.agencies import registry
from ckanext.satudata_pontianak.classification.records import reads
from ckanext.satudata_pontianak.classification.records.model import Case, Decision, Version
from ckanext.satudata_pontianak.classification.rules.policy import Channel, decide
from ckanext.satudata_pontianak.ledger import codes
from ckanext.satudata_pontianak.surface import references

from ..doors import OF_A_STATE, Try, doors, read
from ..matrix import tokens

# Who asks, and for what: both are unseen by each of them.
WHO = (None, "warga", "produsen_lain", "ppid")
# What PPID says of an excluded item is for everybody, also where its dataset is hidden.
TOLD = ("/satudata/dik/{decision}",)
# What an answer says differently each time, whoever asks: tokens and the hour.
EACH_TIME = (
    re.compile(r'(?<=name="_csrf_token" content=")[^"]*'),
    re.compile(r'(?<=name="_csrf_token" value=")[^"]*'),
    re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?"),
    re.compile(r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT"),
    re.compile(r"(?<=Set-Cookie: )[^;]*"),
    re.compile(r"\w{3}, \d\d-\w{3}-\d{4} \d\d:\d\d:\d\d GMT"),
)
PLACES = tuple(place.strip("{}") for place in OF_A_STATE)


@dataclass(frozen=True)
class Unseen:
    """A dataset that some may not know of: what its places are called, and what lies around."""

    places: dict[str, str]
    around: dict[str, str]

    def unknown(self) -> dict[str, str]:
        """Return names of the same length that nothing has."""
        made = {
            "name": lambda name: "q" * len(name),
            "sha256": lambda _: secrets.token_hex(32),
            "receipt": lambda _: codes.shown(codes.new()),
        }
        return {
            place: made.get(place, lambda _: str(uuid.uuid4()))(name)
            for place, name in self.places.items()
        }


def places(city: Any, dataset: dict[str, Any]) -> dict[str, str]:
    """Return what belongs to a dataset, by the names of the contract; made up where it has none."""

    def one(query: sa.Select[Any]) -> str:
        return model.Session.scalars(query.limit(1)).first() or str(uuid.uuid4())

    resource = one(sa.select(model.Resource.id).where(model.Resource.package_id == dataset["id"]))
    version = one(sa.select(Version.id).where(Version.package_id == dataset["id"]))
    view = str(uuid.uuid4())
    if dataset.get("resources"):
        made = call_action(
            "resource_view_create",
            {"user": city.admin["name"], "ignore_auth": True},
            resource_id=resource,
            view_type="text_view",
            title="Tampilan",
        )
        view = made["id"]
    activity = sa.text("SELECT id FROM activity WHERE object_id = :id LIMIT 1")
    found = model.Session.scalar(activity, {"id": dataset["id"]})
    return {
        "id": dataset["id"],
        "name": dataset["name"],
        "resource": resource,
        "version": version,
        "waiting": version,
        "view": view,
        "activity": found or str(uuid.uuid4()),
        "decision": one(sa.select(Decision.id).where(Decision.package_id == dataset["id"])),
        "removal": one(sa.select(Case.id).where(Case.package_id == dataset["id"])),
        **tokens(dataset["id"]),
    }


@pytest.fixture
def unseen(city) -> list[Unseen]:
    """A draft with a file and a view, and a top-secret dataset of the same agency."""
    draft, sealed = city.dataset(), city.seal("sangat_rahasia")
    group = city.act("admin", "group_create", name="topik", title="Topik")
    around = {
        "org": "dinkes",
        "group": group["name"],
        "user": city.users["produsen"]["name"],
        "me": city.users["warga"]["name"],
        "tag": "tanda",
        "storage": "satudata_versions",
        "place": "a",
    }
    found = [Unseen(places(city, dataset), around) for dataset in (draft, sealed)]
    model.Session.commit()
    return found


@pytest.fixture
def as_on_a_server(app) -> Iterator[Any]:
    """As on a server: what a page does not catch is an answer, not an exception."""
    config = app.flask_app.config
    config["TESTING"] = config["PROPAGATE_EXCEPTIONS"] = False
    yield app
    config["TESTING"], config["PROPAGATE_EXCEPTIONS"] = True, None


def answer(app: Any, headers: dict[str, str], request: Try, names: dict[str, str]) -> str:
    """Return everything that comes back, with what was named, tokens and hours taken out."""
    sent: dict[str, Any] = {"json": json.loads(request.body)} if request.body else {}
    if request.form:
        sent["data"] = dict(request.form)
    response = app.test_client().open(
        request.path, method=request.method, headers=headers, follow_redirects=False, **sent
    )
    head = "\n".join(f"{name}: {value}" for name, value in response.headers)
    text = f"{response.status}\n{head}\n\n{response.get_data().decode('utf-8', 'replace')}"
    for word in sorted(set(names.values()), key=len, reverse=True):
        text = text.replace(word, "=" * len(word))
    for pattern in EACH_TIME:
        text = pattern.sub("", text)
    return text


def first_difference(one: str, other: str) -> str:
    """Return where two answers part."""
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    at = max(0, at - 60)
    return f"{one[:20]!r} {other[:20]!r} … {one[at : at + 200]!r} … {other[at : at + 200]!r}"


def hidden_from(city: Any, who: str | None, thing: Unseen) -> bool:
    """Tell whether somebody may not know of it."""
    actor = registry.actor_for(city.users[who]["name"] if who else None)
    return not decide(actor, reads.facts_of(thing.places["id"]), Channel.EXISTS)


@pytest.mark.parametrize("who", [*WHO, "produsen"])
def test_unseen_and_unknown_are_one_answer_through_every_door(
    city, unseen, as_on_a_server, who
) -> None:
    headers = city.token(who)
    hidden = [thing for thing in unseen if hidden_from(city, who, thing)]
    assert hidden
    tries = [t for door in doors() for t in door.tries if t.per_state and t.path not in TOLD]
    differ = []
    for attempt in tries:
        for thing in hidden:
            unknown = thing.unknown()
            there = attempt.filled({**thing.around, **thing.places})
            nowhere = attempt.filled({**thing.around, **unknown})
            one = answer(as_on_a_server, headers, there, thing.places)
            other = answer(as_on_a_server, headers, nowhere, unknown)
            if one != other:
                differ.append(f"{attempt.template}: {first_difference(one, other)}")
    assert not differ, "\n".join(differ)


def taken(template: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Return parameter → place of the contract, for each place in what an action is given."""
    if isinstance(template, dict):
        for key, value in template.items():
            yield from taken(value, f"{path}.{key}" if path else key)
    elif isinstance(template, list):
        for value in template:
            yield from taken(value, path)
    elif isinstance(template, str):
        for _, place, _, _ in string.Formatter().parse(template.replace("{}", "")):
            if place in PLACES:
                yield path, place


def test_every_door_that_takes_a_reference_says_so() -> None:
    """The declaration of references is held against the contract."""
    contract = read()
    actions, routes = references.places()
    missing = []
    for name, entry in contract["actions"].items():
        for path, place in taken(entry["with"]):
            if path not in actions.get(name, {}) and name not in SEARCHES:
                missing.append(f"{name}: {path} names {place}")
    for entry in contract["routes"]:
        addresses = str(entry.get("get") or entry.get("post"))
        if not any("{" + place + "}" in addresses for place in PLACES):
            continue
        missing += [f"{entry['rule']}: {e}" for e in entry["endpoints"] if e not in routes]
    assert [m for m in missing if not any(s in m for s in NO_REFERENCE)] == []


def test_every_route_of_ours_that_names_a_dataset_says_so(app) -> None:
    """Also one that the contract tries without a name in its address."""
    _actions, routes = references.places()
    missing = {
        f"{rule.endpoint} {rule.rule}"
        for rule in app.flask_app.url_map.iter_rules()
        if rule.endpoint.startswith("satudata")
        and rule.arguments & {"id", "name", "resource_id"}
        and rule.endpoint not in routes
    }
    undeclared = {entry for entry in missing if entry.partition(" ")[0] not in OF_NO_DATASET}
    assert undeclared == set()
    assert set(OF_NO_DATASET) == {entry.partition(" ")[0] for entry in missing}


OF_NO_DATASET = {
    "satudata_decrees.scan": "a decree",
    "satudata_delegations.end": "an agency",
    "satudata_delegations.show": "an agency",
    "satudata_intake.axes": "a file that its author alone finds",
    "satudata_intake.mend": "a file that its author alone finds",
    "satudata_intake.next_file": "a file that its author alone finds",
    "satudata_intake.remove": "a file that its author alone finds",
    "satudata_intake.table": "a file that its author alone finds",
    "satudata_jepin.photo": "a photo of a report, which is looked up by itself",
    "satudata_office.show": "an agency",
    "satudata_series.data": "a series, known to who sees a member",
    "satudata_series.picture": "a series, known to who sees a member",
    "satudata_series.show": "a series, known to who sees a member",
    "satudata_papers.paper": "a paper that was signed",
    "satudata_portal.emblem": "an agency",
    "satudata_proposals.decide": "a proposal of a membership",
    "satudata_registers.dik": "a register",
    "satudata_registers.dip": "a register",
    "satudata_registers.register_file": "a register",
    "satudata_smki.check": "a check of an audit",
    "satudata_smki.control": "a control",
    "satudata_smki.end_role": "a role",
    "satudata_smki.notice_draft": "a notice of an incident",
    "satudata_smki_destruction.approval": "a proposal, which asks the policy itself",
    "satudata_smki_destruction.record": "a proposal, which asks the policy itself",
    "satudata_smki_destruction.show": "a proposal, which asks the policy itself",
    "satudata_smki_registers.file": "a register",
    "satudata_smki_registers.new": "a register",
    "satudata_smki_registers.show": "a register",
    "satudata_sop.file": "an SOP",
    "satudata_sop.show": "an SOP",
    "satudata_sop_control.paper": "an SOP",
    "satudata_sop_control.show": "an SOP",
    "satudata_sop_control.step": "an SOP",
    "satudata_stories.story": "a story, each picture of which asks the policy itself",
    "satudata_theme.choose": "a theme",
    "satudata_training.card": "a course",
    "satudata_training.course": "a course",
}
# They look for words and take no names; and what says the same of everything to everybody.
# A receipt and a hash are looked up by their own action, in the same way.
SEARCHES = ("satudata_search_suggest", "satudata_receipt_show")
NO_REFERENCE = (
    "satudata_ledger.index",
    "api.action",  # what its action names
    "satudata_search.suggestions",
    "satudata_registers.item",
    "file.public_download",
)


def test_without_the_look_up_the_answers_would_differ(
    city, unseen, as_on_a_server, monkeypatch
) -> None:
    """The comparison can fail: unplugged, core says of what is there that it is not for them."""
    monkeypatch.setattr(knowing, "look_up", lambda *_, **_more: knowing.Answer(set(), {}, {}))
    draft, headers = unseen[0], city.token("warga")
    (attempt,) = next(door for door in doors() if door.name == "package_delete").tries
    unknown = draft.unknown()
    there, nowhere = attempt.filled(draft.places), attempt.filled(unknown)
    one = answer(as_on_a_server, headers, there, draft.places)
    assert one != answer(as_on_a_server, headers, nowhere, unknown)
