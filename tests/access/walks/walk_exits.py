"""The exits of a random walk, and what each may and must show to somebody.

What an exit shows is told by words that stand nowhere else, never by its status. ``must`` names
what has to be there for whoever the policy admits: an exit that hides too much disagrees too.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.satudata_pontianak.agencies import registry
from ckanext.satudata_pontianak.agencies.rules.duties import ANONYMOUS, Actor
from ckanext.satudata_pontianak.classification.rules.policy import Channel, decide

from .walk_site import Site
from .walk_truth import Bytes, Stored, Truth

SERVER_ERROR = 500


@dataclass
class Ask:
    """One look through an exit: who looks at which site, with a number to choose by."""

    site: Site
    app: Any
    who: str | None
    number: int
    truth: Truth
    actor: Actor  # what the policy knows about who looks

    def call(self, action: str, **params: Any) -> str:
        """Return an action's answer, or its refusal, as text."""
        try:
            return json.dumps(self.site.city.act(self.who, action, **params), default=str)
        except (tk.NotAuthorized, tk.ObjectNotFound, tk.ValidationError) as refusal:
            return f"refused: {refusal!r}"

    def get(self, path: str) -> str:
        """Return everything that a page answers: where it leads, headers and body."""
        headers = self.site.city.token(self.who)
        answer = self.app.get(path, headers=headers, follow_redirects=False)
        assert answer.status_code < SERVER_ERROR, (path, answer.status_code)
        said = f"{answer.headers}\n{answer.get_data(as_text=True)}"
        onward = answer.headers.get("Location", "").partition("://")[2].partition("/")[2]
        # Core leads from an id to the name: that answer may already tell too much.
        return said + self.get(f"/{onward}") if onward.startswith("dataset/") else said

    def resource(self) -> str:
        """Return the id of some resource."""
        known = self.site.resources()
        return known[self.number % len(known)] if known else "0" * 32

    def owner(self) -> str:
        """Return the name of the owner agency."""
        agency = registry.agency(self.truth.facts.owner_org)
        return agency.name if agency else "dinkes"

    # ----------------------------------------------------------------- what has to be there

    def lives(self) -> bool:
        """Tell whether the dataset was not removed."""
        return not self.truth.facts.deleted

    def public(self, channel: Channel = Channel.METADATA) -> bool:
        """Tell whether everybody has a channel."""
        return self.lives() and bool(decide(ANONYMOUS, self.truth.facts, channel))

    def has(self, channel: Channel) -> bool:
        """Tell whether who looks has a channel of a dataset that was not removed."""
        return self.lives() and self.truth.may(self.actor, channel)

    def served(self) -> dict[str, Bytes]:
        """Return resource id → the bytes that are approved, of resources that are there."""
        return {v.resource_id: b for b, v in self._stored() if v.asked.approved}

    def _stored(self) -> list[tuple[Bytes, Stored]]:
        """Return each version of a resource that is there, with what was uploaded."""
        known = {b.traces["hash"]: b for b in self.site.bytes}
        return [
            (known[sha256], version)
            for sha256, found in self.truth.versions.items()
            for version in found
            if version.active
        ]

    def _may(self, version: Stored) -> bool:
        return self.lives() and bool(
            decide(self.actor, self.truth.facts, Channel.DATA, version.asked)
        )

    def when_public(self) -> list[str]:
        """The title, where everybody may read it: lists of core leave out what is private."""
        return [self.site.title] if self.public() else []

    def when_readable(self) -> list[str]:
        """The title, for whoever may read it."""
        return [self.site.title] if self.has(Channel.METADATA) else []

    def whole(self) -> list[str]:
        """Title, notes and the names of what is served; for who has the data, its hashes."""
        if not self.has(Channel.METADATA):
            return []
        served = self.served().values()
        words = [self.site.title, self.site.note, *(b.name for b in served)]
        hashes = [b.traces["hash"] for b, v in self._stored() if v.asked.approved and self._may(v)]
        return words + hashes

    def resource_name(self) -> list[str]:
        """The name of a served resource, for whoever may read metadata."""
        served = self.served().get(self.resource())
        return [served.name] if served and self.has(Channel.METADATA) else []

    def cells(self) -> list[str]:
        """A cell of what is served, or of the newest that waits, for whoever may have it."""
        chosen = self.resource()
        found = [
            (version.asked.approved, version.created, bytes_.cell, version)
            for bytes_, version in self._stored()
            if version.resource_id == chosen
            and (version.asked.approved or version.state == "waiting")
        ]
        if not found:
            return []
        _, _, cell, version = max(found, key=lambda each: each[:2])
        return [cell] if self._may(version) else []

    def version(self) -> str:
        """Return the id of some version."""
        known = self.site.versions()
        return known[self.number % len(known)].id if known else "0" * 32

    def version_cell(self) -> list[str]:
        """A cell of a version that waits or is served, for whoever may have it."""
        chosen = self.version()
        return [
            bytes_.cell
            for bytes_, version in self._stored()
            if version.id == chosen
            and (version.asked.approved or version.state == "waiting")
            and self._may(version)
        ]


@dataclass(frozen=True)
class Exit:
    """An exit: how it is asked, what it must show, and whether it shows evidence of a case."""

    ask: Callable[[Ask], str]
    must: Callable[[Ask], list[str]] = lambda _ask: []
    evidence: bool = False


def _counted(ask: Ask) -> str:
    """Search for the dataset: a hit, a count and a facet, or none of them."""
    said = ask.call(
        "package_search",
        q=f"name:{ask.site.name}",
        include_private=True,
        include_drafts=True,
        **{"facet.field": ["organization"]},
    )
    answer = json.loads(said)
    hits, facets = len(answer["results"]), answer["facets"].get("organization") or {}
    # Said with a word of the dataset, a wrong count is a leak like any other.
    if answer["count"] != hits or sum(facets.values()) != hits:
        return f"{said} counts {ask.site.name}"
    return said


def _explained(ask: Ask) -> str:
    """Ask for the reason of each channel; a wrong answer is said with the dataset's name."""
    for channel in Channel:
        said = ask.call("satudata_access_explain", id=ask.site.id, channel=channel.value)
        wanted = ask.truth.may(ask.actor, channel)
        knows = ask.truth.may(ask.actor, Channel.EXISTS)
        if knows and json.loads(said)["allowed"] != wanted:
            return f"explains {channel} wrongly: {said}"
        if not knows and not said.startswith("refused"):
            return f"explains {ask.site.name}"
    return "explained rightly"


EXITS: dict[str, Exit] = {
    "package_show": Exit(lambda a: a.call("package_show", id=a.site.id), Ask.whole),
    "package_search": Exit(_counted, Ask.when_readable),
    "package_search of what is public": Exit(
        lambda a: a.call("package_search", fq=f"name:{a.site.name}"), Ask.when_public
    ),
    "resource_show": Exit(lambda a: a.call("resource_show", id=a.resource()), Ask.resource_name),
    "resource_search": Exit(
        lambda a: a.call("resource_search", query="name:berkasq"),
        lambda a: [b.name for b in a.served().values()] if a.public(Channel.DATA) else [],
    ),
    "resource_view_list": Exit(lambda a: a.call("resource_view_list", id=a.resource())),
    "download": Exit(
        lambda a: a.get(f"/dataset/{a.site.id}/resource/{a.resource()}/download"), Ask.cells
    ),
    "download of a version": Exit(
        lambda a: a.get(f"/satudata/versi/{a.version()}/unduh"), Ask.version_cell
    ),
    "dataset page": Exit(
        lambda a: a.get(f"/dataset/{a.site.id}"),
        lambda a: a.whole()[:1] + [b.name for b in a.served().values() if a.has(Channel.METADATA)],
    ),
    "resource page": Exit(
        lambda a: a.get(f"/dataset/{a.site.id}/resource/{a.resource()}"), Ask.resource_name
    ),
    "page of datasets": Exit(lambda a: a.get("/dataset/"), Ask.when_public),
    "home page": Exit(lambda a: a.get("/")),
    "organization page": Exit(lambda a: a.get(f"/organization/{a.owner()}"), Ask.when_public),
    "organization_show": Exit(
        lambda a: a.call("organization_show", id=a.owner(), include_datasets=True),
        Ask.when_public,
    ),
    "package_list": Exit(
        lambda a: a.call("package_list"), lambda a: [a.site.name] if a.public() else []
    ),
    "package_autocomplete": Exit(
        lambda a: a.call("package_autocomplete", q=a.site.name),
        lambda a: [a.site.name] if a.public() else [],
    ),
    "current_package_list_with_resources": Exit(
        lambda a: a.call("current_package_list_with_resources", limit=50), Ask.when_public
    ),
    "satudata_classification_show": Exit(
        lambda a: a.call("satudata_classification_show", id=a.site.id),
        lambda a: [a.site.id] if a.has(Channel.METADATA) else [],
        evidence=True,
    ),
    "satudata_classification_list": Exit(
        lambda a: a.call("satudata_classification_list"), evidence=True
    ),
    "satudata_access_explain": Exit(
        _explained, lambda _ask: ["explained rightly"]
    ),
    "page of the case": Exit(lambda a: a.get(f"/satudata/berkas/{a.site.id}"), evidence=True),
    "package_activity_list": Exit(lambda a: a.call("package_activity_list", id=a.site.id)),
}  # fmt: skip


def disagreements(ask: Ask, name: str) -> list[str]:
    """Look through an exit and compare with the policy; return where the two differ."""
    exit_ = EXITS[name]
    must = exit_.must(ask)
    shown = exit_.ask(ask)
    model.Session.rollback()
    wrong = [
        f"{name} shows {ask.who} {kind} '{word}'"
        for word, kind in forbidden(ask, evidence=exit_.evidence)
        if word in shown
    ]
    wrong += [f"{name} hides '{word}' from {ask.who}" for word in must if word not in shown]
    return [f"{each}; the policy says {rules(ask)}\n{_excerpt(shown)}" for each in wrong]


def _excerpt(text: str) -> str:
    return " ".join(text.split())[:400]


def rules(ask: Ask) -> str:
    """Return what the policy answers, to read in a failure."""
    answers = {c.value: decide(ask.actor, ask.truth.facts, c) for c in Channel}
    return ", ".join(f"{c}: {a.allowed} ({a.rule})" for c, a in answers.items())


def forbidden(ask: Ask, *, evidence: bool) -> list[tuple[str, str]]:
    """Return the words that this person may not see, each with what it is."""
    site, truth, actor = ask.site, ask.truth, ask.actor
    words: list[tuple[str, str]] = []
    if not truth.may(actor, Channel.EXISTS):
        words.append((site.name, "the name"))
    if not truth.may(actor, Channel.METADATA):
        words += [(w, "a title") for w in site.titles] + [(w, "notes") for w in site.notes]
    of_case = evidence and truth.sees_case(actor)
    for each in site.bytes:
        sha256 = each.traces["hash"]
        if not truth.may_bytes(actor, sha256):
            words.append((each.cell, "a cell"))
        if not of_case and not truth.may_know_bytes(actor, sha256):
            words += [(word, f"the {kind} of a file") for kind, word in each.traces.items()]
        if not of_case and not truth.may_name(actor, sha256):
            words.append((each.name, "the name of a file"))
    return words
