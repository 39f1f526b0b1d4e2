"""The contract, read from ``contract.yaml``: every door, and how it is tried."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import ckan.plugins as p

CONTRACT = Path(__file__).with_name("contract.yaml")
OF_A_STATE = (
    "{id}",
    "{name}",
    "{resource}",
    "{version}",
    "{waiting}",
    "{view}",
    "{activity}",
    "{decision}",
    "{removal}",
    "{sha256}",
    "{receipt}",
)


@dataclass(frozen=True)
class Try:
    """One way through a door: a request with placeholders."""

    method: str
    path: str
    body: str | None = None  # JSON
    form: tuple[tuple[str, str], ...] = ()

    @property
    def per_state(self) -> bool:
        """Tell whether the request names a dataset, so that each state is tried."""
        return bool(self.places_of_a_state)

    @property
    def places_of_a_state(self) -> list[str]:
        """Return the placeholders for what belongs to a dataset."""
        return [place.strip("{}") for place in OF_A_STATE if place in self.template]

    def arguments(self) -> dict[str, Any]:
        """Return what Flask's own client takes, but for the path."""
        sent: dict[str, Any] = {"method": self.method}
        if self.body is not None:
            sent["json"] = json.loads(self.body)
        elif self.form:
            sent["data"] = dict(self.form)
        return sent

    @property
    def template(self) -> str:
        """Return everything that is sent, as text."""
        return f"{self.path} {self.body or ''} {self.form}"

    def filled(self, places: Mapping[str, str]) -> Try:
        """Return the request with its placeholders filled in."""

        def fill(text: str) -> str:
            for name, value in places.items():
                text = text.replace("{" + name + "}", value)
            return text

        form = tuple((k, fill(v)) for k, v in self.form)
        return Try(self.method, fill(self.path), fill(self.body) if self.body else None, form)


@dataclass(frozen=True)
class Door:
    """An action or a route."""

    name: str
    channel: str
    tries: tuple[Try, ...]
    shows: tuple[str, ...] = ()
    only: str | None = None
    signed_in: bool = False
    same_as: str | None = None
    """The endpoint of another type of dataset whose view this is: there each person tries it."""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def read() -> dict[str, Any]:
    """Return the contract as it is written."""
    return yaml.safe_load(CONTRACT.read_text("utf-8"))


def _present(entry: Mapping[str, Any]) -> bool:
    return "plugin" not in entry or p.plugin_loaded(entry["plugin"])


def listed_actions(contract: Mapping[str, Any]) -> list[str]:
    """Return the names of the actions that must be there now."""
    tried = [name for name, entry in contract["actions"].items() if _present(entry)]
    return tried + [
        name for group in contract["empty"] if _present(group) for name in group.get("actions", ())
    ]


def sometimes(contract: Mapping[str, Any]) -> set[str]:
    """Return the names of actions that are there only now and then."""
    tried = {name for name, entry in contract["actions"].items() if entry.get("sometimes")}
    groups = [group for group in contract["empty"] if group.get("sometimes")]
    return tried | {name for group in groups for name in group.get("actions", ())}


def listed_routes(contract: Mapping[str, Any]) -> list[str]:
    """Return the routes, as "endpoint rule", that must be there now."""
    tried = [
        f"{endpoint} {entry['rule']}"
        for entry in contract["routes"]
        if _present(entry)
        for endpoint in entry["endpoints"]
    ]
    return tried + [
        name for group in contract["empty"] if _present(group) for name in group.get("routes", ())
    ]


@cache
def _read_once() -> dict[str, Any]:
    return read()


def doors() -> Iterator[Door]:
    """Return the doors that are tried."""
    contract = _read_once()
    for name, entry in contract["actions"].items():
        if _present(entry):
            tries = tuple(
                Try("POST", f"/api/3/action/{name}", json.dumps(params))
                for params in _list(entry["with"])
            )
            yield Door(
                name,
                entry["channel"],
                tries,
                tuple(entry.get("shows", ())),
                entry.get("only"),
                bool(entry.get("signed_in")),
            )
    for entry in contract["routes"]:
        if _present(entry):
            form = tuple((entry.get("form") or {}).items())
            method = "GET" if "get" in entry else "POST"
            tries = tuple(
                Try(method, path, form=form) for path in _list(entry.get("get") or entry["post"])
            )
            yield Door(
                entry["rule"],
                entry["channel"],
                tries,
                tuple(entry.get("shows", ())),
                entry.get("only"),
                bool(entry.get("signed_in")),
                entry.get("same_as"),
            )
