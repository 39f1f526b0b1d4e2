"""Entries of the ledger as people read them: sentences, with names that the reader may know."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model

from ...access.reading import guard as exits
from ...agencies import words
from ...classification.rules.deadlines import CITY
from ...classification.rules.policy import Channel
from ...ledger import sentences
from ...ledger.reading import codes_of
from ...messages import Message
from ...msgids import N_
from ...surface import formulas
from ..web import call

DATASET = N_("the dataset “{title}”")
UNNAMED = N_("a dataset that is not named here")
ERASED = N_("Somebody whose name was erased")
HEADS = (
    N_("Entry"),
    N_("When"),
    N_("What happened"),
    N_("Person"),
    N_("Dataset"),
    N_("Outcome"),
    N_("Receipt"),
    N_("Hash"),
)
FOUND = 100
"""Datasets that are looked for by words of their title."""


@dataclass(frozen=True)
class Told:
    """An entry as it is shown."""

    entry: int
    at: str
    sentence: str
    person: str
    dataset: str | None
    dataset_id: str | None
    refused: bool
    code: str | None
    hash: str
    said: Mapping[str, Any]


def told(entries: Sequence[Mapping[str, Any]]) -> list[Told]:
    """Return entries as the reader may read them; three queries for all of them."""
    titles = _titles({e["dataset_id"] for e in entries if e["dataset_id"]})
    people = words.names_of({e["actor_id"] for e in entries if e["actor_id"]})
    given = codes_of(model.Session, [e["entry"] for e in entries])
    return [_told(e, titles, people, given) for e in entries]


def _told(
    entry: Mapping[str, Any],
    titles: Mapping[str, str],
    people: Mapping[str, str],
    given: Mapping[int, str],
) -> Told:
    said = entry["said"]
    name = said.get("actor_name")
    if isinstance(name, str):
        person = people.get(entry["actor_id"]) or words.called(name)
    else:
        person = tk._(ERASED if entry["actor_id"] else words.THE_PORTAL)
    title = titles.get(entry["dataset_id"] or "")
    refused = entry["outcome"] == "refused"
    detail = said.get("detail")
    about = entry["dataset_id"] is not None
    text = sentences.sentence(
        entry["event"], entry["outcome"], detail if isinstance(detail, dict) else {}, about
    )
    named = tk._(DATASET).format(title=title) if title else tk._(UNNAMED)
    values = {**text.params, "person": person, "dataset": named}
    sentence = Message(text.msgid, values).text(tk._)
    return Told(
        entry=entry["entry"],
        at=entry["at"],
        sentence=sentence[:1].upper() + sentence[1:],
        person=person,
        dataset=title,
        dataset_id=entry["dataset_id"],
        refused=refused,
        code=given.get(entry["entry"]),
        hash=entry["hash"],
        said=said,
    )


def _titles(ids: set[str]) -> dict[str, str]:
    """Return id → title of the datasets whose metadata the reader may see."""
    seen = [i for i, may in exits.allowed(call.context(), ids, Channel.METADATA).items() if may]
    if not seen:
        return {}
    query = sa.select(model.Package).where(model.Package.id.in_(seen))
    return {p.id: p.title or p.name for p in model.Session.scalars(query)}


def asked_for(asked: Mapping[str, str]) -> dict[str, Any]:
    """Return the conditions as the action takes them: words of a title become the datasets.

    They are looked for as the reader, so that no title is found that they may not see.
    """
    text = asked.get("id")
    if not text or model.Package.get(text) is not None or _is_recorded(text):
        return dict(asked)
    found = call.call("package_search", q=text, rows=FOUND, include_private=True)
    return {**asked, "id": None, "ids": [d["id"] for d in found["results"]]}


def _is_recorded(text: str) -> bool:
    """Tell whether this is the id of a dataset, which may be gone."""
    return len(text) == len("00000000-0000-0000-0000-000000000000") and text.count("-") == 4


def as_csv(entries: Iterable[Told]) -> bytes:
    """Return entries as a table for spreadsheets, in the dialect of all exports."""
    rows = [
        [
            one.entry,
            dt.datetime.fromisoformat(one.at).astimezone(CITY).strftime("%d/%m/%Y %H.%M.%S"),
            one.sentence,
            one.person,
            one.dataset or "",
            tk._("Refused") if one.refused else tk._("Done"),
            one.code or "",
            one.hash,
        ]
        for one in entries
    ]
    return formulas.sheet([tk._(head) for head in HEADS], rows)
