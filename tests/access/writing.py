"""Every action that changes something, with the texts that a canary is put into.

How each is called stands in ``writes.yaml``; which there are is asked of the running site.
"""

from __future__ import annotations

import copy
import datetime as dt
import json
import secrets
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa
import yaml

from ckan import model
from ckan.logic import _actions, get_action

from ckanext.satudata_pontianak.agencies import capacities
from ckanext.satudata_pontianak.classification.writes import keys as gate_keys
from ckanext.satudata_pontianak.surface import arguments, keys, methods

from .doors import Try, doors, read

FILE = Path(__file__).with_name("writes.yaml")
WITHOUT = {"id": "{open}"}
Spot = tuple[str | int, ...]


def declared() -> dict[str, Any]:
    """Return how actions are called, as it is written."""
    return yaml.safe_load(FILE.read_text("utf-8"))


def actions() -> list[str]:
    """Return every action of the running site that changes something, and is no closed one."""
    get_action("package_show")
    known = set(_actions) - arguments.declared().closed
    return sorted(
        name
        for name in known
        if name not in methods.declared().actions
        and not (name.startswith("satudata_") and getattr(get_action(name), "side_effect_free", 0))
    )


def word() -> str:
    """Return a word that nothing else has."""
    return "k" + "".join(secrets.choice(string.ascii_lowercase) for _ in range(13))


def spots(value: Any, above: Spot = ()) -> Iterator[Spot]:
    """Return the place of every text in parameters, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from spots(inner, (*above, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from spots(inner, (*above, number))
    elif isinstance(value, str):
        yield above


def with_at(value: Any, spot: Spot, text: str) -> Any:
    """Return parameters with a text at a place."""
    made = copy.deepcopy(value)
    inner = made
    for step in spot[:-1]:
        inner = inner[step]
    inner[spot[-1]] = text
    return made


@dataclass(frozen=True)
class Write:
    """An action, how it is called, and who gets through so."""

    action: str
    given: dict[str, Any]
    works: str | None
    more: tuple[str, ...]

    def spots(self) -> list[Spot]:
        """Return where a text stands or may stand: in what is given, and under other keys."""
        return [*spots(self.given), *((key,) for key in self.more if key not in self.given)]


def _keys_of(kind: str) -> set[str]:
    if kind == "organization":
        return {
            "title",
            "description",
            "image_url",
            "extras",
            "alamat",
            "telepon",
            "email",
            "situs",
        }
    act = keys.load().acts.get(kind)
    if act is not None:
        # A password is kept as a digest, and another mailbox asks for it.
        return set(act.keys or ()) - {"password", "password1", "password2", "old_password"}
    found = set(keys.kind(kind).names())
    return found.union(*gate_keys.schemas("dataset").values()) if kind == "dataset" else found


def writes() -> list[Write]:
    """Return all of them, in the order of the file; those that are not there, last."""
    said = declared()
    names = [*said["calls"], *(n for n in actions() if n not in said["calls"])]
    known = set(actions())
    found = []
    for name in names:
        if name in said["unreached"] or name not in known:
            continue
        entries = said["calls"].get(name, {"with": WITHOUT})
        for entry in entries if isinstance(entries, list) else [entries]:
            more = {key for kind in entry.get("kinds", ()) for key in _keys_of(kind)}
            found.append(Write(name, entry["with"], entry.get("works"), tuple(sorted(more))))
    return found


class Site:
    """A site with what the calls name, and what each call said."""

    EDITOR, CITIZEN = "produsen_lain", "warga"
    PEOPLE: Mapping[str, str] = MappingProxyType(
        {"editor": EDITOR, "citizen": CITIZEN, "walidata": "walidata", "admin": "admin"}
    )

    def __init__(self, city: Any, app: Any, monkeypatch: Any) -> None:
        self.city, self.app = city, app
        self.reached: set[str] = set()
        self.places = self._places()
        for name in actions():
            monkeypatch.setitem(_actions, name, self._watched(name, get_action(name)))

    def _watched(self, name: str, action: Any) -> Any:
        def called(*args: Any, **more: Any) -> Any:
            self.reached.add(name)
            return action(*args, **more)

        called.__dict__.update(action.__dict__)
        return called

    def draft(self) -> dict[str, Any]:
        """Return a new dataset of the editor's."""
        return self.city.dataset(self.EDITOR, owner_org="disdukcapil")

    def _places(self) -> dict[str, str]:
        city = self.city
        draft, opened = self.draft(), self.draft()
        city.step(self.EDITOR, opened, "submit")
        city.step("walidata", opened, "approve")
        file = opened["resources"][0]["id"]
        view = city.act(
            self.EDITOR, "resource_view_create", resource_id=file, view_type="text_view", title="T"
        )
        group = city.act("admin", "group_create", name="topik", title="Topik")
        vocabulary = city.act("admin", "vocabulary_create", name=word(), tags=[{"name": word()}])
        source = city.act(
            "walidata",
            "harvest_source_create",
            name=word(),
            title="Sumber",
            url=f"http://contoh.go.id/{word()}",
            source_type="ckan",
            owner_org="diskominfo",
        )
        activity = sa.text("SELECT id FROM activity WHERE object_id = :id LIMIT 1")
        people = {name: user["id"] for name, user in city.users.items()}
        return {
            "org": "disdukcapil",
            "harvest_org": city.orgs["diskominfo"]["id"],
            "open": opened["id"],
            "open_name": opened["name"],
            "file": file,
            "view": view["id"],
            "draft": draft["id"],
            "draft_file": draft["resources"][0]["id"],
            "version": draft["resources"][0]["satudata_waiting"]["id"],
            "limited": city.limit()["id"],
            "group": group["id"],
            "group_name": group["name"],
            "vocabulary": vocabulary["id"],
            "vocabulary_name": vocabulary["name"],
            "source": source["id"],
            "source_name": source["name"],
            "source_url": source["url"],
            "activity": model.Session.scalar(activity, {"id": opened["id"]}) or word(),
            "admin": city.admin["id"],
            "editor": people[self.EDITOR],
            "editor_name": city.users[self.EDITOR]["name"],
            "citizen": people[self.CITIZEN],
            "citizen_name": city.users[self.CITIZEN]["name"],
            "stranger": people["penetap"],
            "soon": (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=5)).isoformat(),
        }

    def rejoin(self) -> None:
        """Make the editor a member again: whoever is not named in a list of members is none."""
        model.Session.rollback()
        body = model.Group.get("disdukcapil").id
        if capacities.members_of(body).get(self.places["editor"]) != "editor":
            capacities.set_capacity(body, self.places["editor"], "editor")
            model.Session.commit()

    def filled(self, given: Any, who: str, said: str = "") -> Any:
        """Return parameters with their places filled in, for somebody.

        :param said: the word that stands for {word}; another one each time, where it is not given.
        """
        me = self.PEOPLE[who]
        user = self.city.admin if me == "admin" else self.city.users[me]
        text = json.dumps(given)
        if "{fresh}" in text:
            made = self.city.dataset(self.EDITOR, owner_org="disdukcapil", file=False)
            text = text.replace("{fresh}", made["id"])
        if "{ready}" in text:
            text = text.replace("{ready}", self.draft()["id"])
        places = {**self.places, "me": user["id"], "me_name": user["name"], "word": said or word()}
        for name, value in places.items():
            text = text.replace("{" + name + "}", value)
        return json.loads(text)

    def call(self, who: str, action: str, body: Any) -> Any:
        """Call an action over HTTP as a program of somebody does."""
        client = self.app.test_client(use_cookies=False)
        headers = self.city.token(self.PEOPLE[who])
        return client.post(f"/api/3/action/{action}", json=body, headers=headers)


def columns_holding(pattern: str) -> set[str]:
    """Return the columns in which a text stands that fits a pattern: "table.column"."""
    model.Session.rollback()
    connection = model.Session.connection()
    inspector = sa.inspect(connection)
    tables = [t for t in inspector.get_table_names() if not t.endswith("alembic_version")]
    each = [
        f"SELECT '{t}' WHERE EXISTS (SELECT 1 FROM \"{t}\" x WHERE x::text ~ :p)" for t in tables
    ]
    hit = connection.execute(sa.text(" UNION ALL ".join(each)), {"p": pattern}).scalars().all()
    found = set()
    for table in hit:
        for column in inspector.get_columns(table):
            name = column["name"]
            one = f'SELECT EXISTS (SELECT 1 FROM "{table}" WHERE "{name}"::text ~ :p)'
            if connection.execute(sa.text(one), {"p": pattern}).scalar():
                found.add(f"{table}.{name}")
    return found


def readings(site: Site) -> Iterator[Try]:
    """Return what anybody may ask for: every reading action and page of the contract."""
    names = {
        "id": site.places["open"],
        "name": site.places["open_name"],
        "resource": site.places["file"],
        "view": site.places["view"],
        "activity": site.places["activity"],
        **dict.fromkeys(
            ("version", "waiting", "decision", "removal", "place"), site.places["version"]
        ),
        "org": site.places["org"],
        "group": site.places["group_name"],
        "user": site.places["editor_name"],
        "me": site.places["citizen_name"],
        "tag": "air",
        "storage": "satudata_versions",
    }
    reads = methods.declared().actions
    for door in doors():
        if door.name in reads or door.name.startswith("/"):
            yield from (one.filled(names) for one in door.tries if one.method == "GET" or one.body)
    for group in read()["empty"]:
        for route in group.get("routes", ()):
            rule = route.split(" ", 1)[1]
            if "<" not in rule:
                yield Try("GET", rule)
        for name in set(group.get("actions", ())) & reads:
            for key in ("", "org", "group", "editor", "citizen", "vocabulary", "source"):
                sent = {"id": site.places[key], "all_fields": True} if key else {}
                yield Try("POST", f"/api/3/action/{name}", json.dumps(sent))
