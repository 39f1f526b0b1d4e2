"""Whatever is written by whichever action: no personal value and nothing unseen comes out of it.

Each action of the running site that changes something is called with a made-up NIK, and with the
name and the id of a dataset that its caller may not know of, in a text that it takes: another one
for each action here, and in `bin/test long` each of them, as each person.
"""

from __future__ import annotations

import itertools
import json
import logging
import os
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from ckan import model

from . import writing
from .hidden.test_same_answer import EACH_TIME, as_on_a_server, first_difference
from .matrix import Log
from .reading.kept import documents, queued
from .test_strings import DECLARED
from .writing import Site, Write, columns_holding, declared, writes

__all__ = ["as_on_a_server"]

NIK = r"617101410190\d{4}"
# What an answer makes anew each time: ids, the ends of names, digests and numbers of entries.
MADE = (
    re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"),
    re.compile(r'(?<="name": ")[^"]*'),
    re.compile(r"[0-9a-f]{64}"),
    re.compile(r'(?<="code": ")[0-9A-Z]{4}(-[0-9A-Z]{4,5})+'),
    re.compile(r'(?<="receipt": )\d+|(?<="entry": )\d+|(?<="position": )\d+'),
    re.compile(r'(?<="receipts": \[)[\d, ]*'),
    re.compile(r'(?<="number": )\d+'),
    re.compile(r'(?<="token": ")\.?e[\w.-]+|(?<="id": ")[\w-]{43}(?=")'),
)
# What is taken once is refused when it is asked again, whatever is said beside it.
ONCE = frozenset({"satudata_access_request_create"})
# A link that is given once is packed where that makes it shorter, so its length is not always one.
LINK = re.compile(r'(?<="token": ")\.?e[\w.-]+')
LENGTH = re.compile(r"(?<=Content-Length: )\d+")
WHOLE = "SATUDATA_LONG" in os.environ
PART = 4
# The chain is written for good; what may be erased of it stands in a table of its own.
LEDGER = "SELECT string_agg(text, chr(10)) FROM satudata_ledger.entry WHERE id > :since"


@pytest.fixture
def log() -> Iterator[Log]:
    """Return what is written to the log meanwhile."""
    handler = Log()
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def site(city, as_on_a_server, monkeypatch) -> Iterator[Site]:
    """A site with what the calls name."""
    made = Site(city, as_on_a_server, monkeypatch)
    yield made
    model.Session.rollback()
    model.Session.execute(sa.text("DELETE FROM system_info WHERE key LIKE 'ckan.site_%'"))
    model.Session.commit()


def entries() -> int:
    model.Session.rollback()
    return model.Session.scalar(sa.text("SELECT max(id) FROM satudata_ledger.entry")) or 0


def shown_to_readers(column: str) -> bool:
    """Tell whether a column may be read by others than who is declared for it."""
    table, _, name = column.partition(".")
    if table in DECLARED["unread"]:
        return False
    ways = DECLARED["columns"].get(table, {})
    return name not in ways.get("unread", ()) and name not in ways.get("excepted", ())


class Canaries:
    """Calls with a personal value, another one each time, and what was wrong with an answer."""

    def __init__(self, site: Site) -> None:
        self.site, self.serial = site, itertools.count(1)
        self.wrong: list[str] = []
        self.counts = {"calls": 0, "refused": 0}

    def sent(self, who: str, write: Write, places: list[writing.Spot]) -> bool:
        """Call an action with it in these places; tell whether it was taken."""
        body, nik = self.site.filled(write.given, who), f"617101410190{next(self.serial):04d}"
        for place in places:
            body = writing.with_at(body, place, f"NIK {nik}")
        answer = self.site.call(who, write.action, body)
        self.counts["calls"] += 1
        if answer.status_code == 200:
            return True
        self.counts["refused"] += 1
        if answer.status_code >= 500:
            self.wrong.append(f"{write.action} {places} broke: {answer.body[:200]}")
        if nik in answer.body:
            self.wrong.append(f"{write.action} {places} is repeated by its refusal")
        return False

    def plain(self, write: Write) -> None:
        """Call an action as it is declared, so that a canary is the one thing that is wrong."""
        who = write.works or "editor"
        self.site.rejoin()
        answer = self.site.call(who, write.action, self.site.filled(write.given, who))
        self.counts["calls"] += 1
        if answer.status_code != 200 and (write.works or answer.status_code >= 500):
            self.wrong.append(f"{write.action}: {answer.status_code} {answer.body[:400]}")

    def everywhere(self, write: Write, turn: int) -> None:
        """Call an action with it in each text, as whoever gets through and as others."""
        mine, spots = write.works or "editor", write.spots()
        if not WHOLE:
            # What is refused to everybody here is refused with a canary as well.
            spots = [spots[turn % len(spots)]] if spots and write.works else []
        taken: list[Any] = [place for place in spots if self.sent(mine, write, [place])]
        # Others meet it in all at once; the first says mostly what is meant.
        given = [*writing.spots(write.given)] if WHOLE else []
        others = sorted({"editor", "citizen"} - {mine}) if given else []
        taken += [who for who in others if self.sent(who, write, given[1:] or given)]
        passes = declared()["passes"].get(write.action, {})
        for column in columns_holding(NIK) - set(passes) if taken else ():
            if shown_to_readers(column):
                self.wrong.append(f"{write.action} {taken} wrote it into {column}")

    def read(self) -> None:
        """Look for it in whatever anybody may ask for."""
        client = self.site.app.test_client(use_cookies=False)
        for one in writing.readings(self.site):
            sends: dict[str, Any] = {"json": json.loads(one.body)} if one.body else {}
            answer = client.open(one.path, method=one.method, **sends)
            self.counts["calls"] += 1
            if re.search(NIK, answer.get_data().decode("utf-8", "replace")):
                self.wrong.append(f"{one.method} {one.path} {one.body or ''} gives it to anybody")


def test_no_personal_value_that_was_written_comes_out(site, log, record_property) -> None:
    said, known = declared(), set(writing.actions())
    assert set(said["calls"]) <= known, "these are gone: take them out of writes.yaml"
    since, canaries = entries(), Canaries(site)
    for turn, write in enumerate(writes()):
        canaries.plain(write)
        canaries.everywhere(write, turn)
    canaries.read()
    missed = known - site.reached - set(said["unreached"])
    assert not missed, "declare in writes.yaml how they are called"
    beside = {
        "the index": " ".join(documents().values()),
        "a queue": b" ".join(queued()).decode("latin-1"),
        "the log": log.take(),
        "the ledger": model.Session.scalar(sa.text(LEDGER), {"since": since}) or "",
    }
    for where, text in beside.items():
        if found := re.search(f".{{0,60}}{NIK}.{{0,60}}", text):
            canaries.wrong.append(f"{where} holds it: {found[0]}")
    assert not canaries.wrong, "\n".join(canaries.wrong)
    record_property("counts", canaries.counts)


def test_no_text_of_a_write_tells_unseen_from_unknown(site, city, record_property) -> None:
    hidden = city.dataset(title="Kenari biru", name="dinkes-" + writing.word())
    there = (hidden["id"], hidden["name"])
    # A name of the same agency, and of the same length.
    nowhere = (str(uuid.uuid4()), "dinkes-" + writing.word())
    differ, calls = [], 0

    def said(who: str, write: Write, body: Any, place: writing.Spot, text: str) -> str:
        answer = site.call(who, write.action, writing.with_at(body, place, text))
        head = "\n".join(f"{k}: {v}" for k, v in answer.headers)
        told = f"{answer.status}\n{head}\n\n{answer.get_data().decode('utf-8', 'replace')}"
        told = told.replace(text, "=" * len(text))
        if LINK.search(told):
            told = LENGTH.sub("", told)  # of the rest each sign is compared
        for pattern in (*EACH_TIME, *MADE):
            told = pattern.sub("", told)
        return told

    for number, write in enumerate(writes()):
        if not WHOLE and number % PART:
            continue
        for turn, place in enumerate(writing.spots(write.given)):
            who = ("editor", "citizen")[(number + turn) % 2]
            kind, same = (number // 2 + turn) % 2, writing.word()
            one, other = (
                said(who, write, site.filled(write.given, who, same), place, names[kind])
                for names in (there, nowhere)
            )
            calls += 2
            if one != other and not (write.action in ONCE and one.startswith("200")):
                differ.append(f"{write.action} {place}, {who}: {first_difference(one, other)}")
            if "Kenari biru" in one:
                differ.append(f"{write.action} {place} told {who} the title")
    assert not differ, "\n".join(differ)
    record_property("counts", {"calls": calls})
