"""Ledgers for the tests of this room, made without a database."""

from __future__ import annotations

import json

from ckanext.satudata_pontianak.ledger import merkle
from ckanext.satudata_pontianak.ledger.chain import GENESIS, Row, seal
from ckanext.satudata_pontianak.ledger.heads import Head, SignedHead, Signer

AT = "2026-11-24T08:00:00+07:00"


def rows(count: int, first: int = 1, prev: str = GENESIS) -> list[Row]:
    """Return a chain of entries."""
    made = []
    for number in range(first, first + count):
        body = {
            "at": AT,
            "event": "case.submit",
            "actor": f"orang-{number % 7}",
            "detail": {"prev": "x", "number": number},
            "outcome": "ok" if number % 5 else "refused",
        }
        made.append(seal(body, number, prev))
        prev = made[-1].hash
    return made


def again(known: list[Row], start: int) -> list[Row]:
    """Number, link and hash anew from a position on, as somebody would who forges a chain."""
    prev = known[start - 1].hash if start else GENESIS
    made = known[:start]
    for number, row in enumerate(known[start:], start=start + 1):
        body = json.loads(row.text)
        made.append(seal({**body}, number, prev))
        prev = made[-1].hash
    return made


def lines(known: list[Row]) -> list[bytes]:
    """Return the lines of an export, without the head."""
    return [row.line().encode() for row in known]


def root(known: list[Row]) -> str:
    """Return the root over entries."""
    frontier = merkle.Frontier()
    for row in known:
        frontier.add(merkle.leaf(row.hash))
    return frontier.root()


def head(known: list[Row], signer: Signer) -> SignedHead:
    """Return a signed head over entries."""
    last = known[-1]
    return signer.sign(
        Head("data.pontianak.go.id", len(known), last.number, last.hash, root(known), AT)
    )


def tree(known: list[Row]) -> merkle.Tree:
    """Return the tree over entries, without kept subtrees."""
    leaves = [merkle.leaf(row.hash) for row in known]
    return merkle.Tree(len(leaves), lambda start, count: leaves[start : start + count])
