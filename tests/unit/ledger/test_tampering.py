"""Whoever changes one entry is found, also with the power over the whole database."""

from __future__ import annotations

import dataclasses
import random

import pytest

from ckanext.satudata_pontianak.ledger.canonical import digest
from ckanext.satudata_pontianak.ledger.verify import Kind, Result, verify

from .made import again, head, lines, rows

COUNT = 300


@pytest.fixture(scope="module")
def known():
    return rows(COUNT)


def kinds(result: Result) -> dict[Kind, int]:
    return {problem.kind: problem.entry for problem in reversed(result.problems)}


def test_an_untouched_ledger_is_intact_and_covered(known, signer) -> None:
    result = verify(lines(known), [head(known[:120], signer), head(known, signer)])
    assert result.ok
    assert (result.size, result.covered, result.last) == (COUNT, COUNT, COUNT)
    assert (result.root, result.last_hash) == (head(known, signer).head.root, known[-1].hash)


def test_what_comes_after_the_head_is_not_yet_covered(known, signer) -> None:
    result = verify(lines(known), [head(known[:120], signer)])
    assert result.ok
    assert result.size - result.covered == COUNT - 120


def test_a_changed_text_is_named(known, signer) -> None:
    text = known[41].text.replace("case.submit", "case.approve")
    forged = [*known[:41], dataclasses.replace(known[41], text=text), *known[42:]]
    result = verify(lines(forged), [head(known, signer)])
    assert kinds(result) == {Kind.CHANGED: 42}


def test_a_changed_text_with_its_hash_breaks_the_link_behind_it(known, signer) -> None:
    text = known[41].text.replace("case.submit", "case.approve")
    forged = [*known]
    forged[41] = dataclasses.replace(known[41], text=text, hash=digest(text))
    assert kinds(verify(lines(forged), [head(known, signer)]))[Kind.UNLINKED] == 43


def test_a_deleted_entry_is_named(known, signer) -> None:
    result = verify(lines(known[:41] + known[42:]), [head(known, signer)])
    first = result.problems[0]
    assert (first.kind, first.entry, first.after) == (Kind.MISSING, 43, 41)
    assert Kind.SHORT in kinds(result)


def test_entries_in_another_order_are_named(known, signer) -> None:
    forged = [*known]
    forged[41], forged[42] = known[42], known[41]
    assert kinds(verify(lines(forged), [head(known, signer)]))[Kind.MISSING] == 43


def test_an_inserted_entry_is_named(known, signer) -> None:
    forged = [*known[:41], rows(1, 42, known[40].hash)[0], *known[41:]]
    assert kinds(verify(lines(forged), [head(known, signer)]))[Kind.MISSING] == 42


def test_only_the_head_catches_a_chain_that_was_forged_to_its_end(known, signer) -> None:
    changed = dataclasses.replace(known[41], text=known[41].text.replace("submit", "approve"))
    forged = again([*known[:41], changed, *known[42:]], 41)
    assert verify(lines(forged), []).ok
    assert kinds(verify(lines(forged), [head(known, signer)])) == {Kind.HEAD: COUNT}
    assert kinds(verify(lines(forged), [head(known, signer)], tree=False)) == {Kind.HEAD: COUNT}


def test_only_the_head_catches_an_end_that_was_cut_off(known, signer) -> None:
    assert verify(lines(known[:-10]), []).ok
    assert kinds(verify(lines(known[:-10]), [head(known, signer)])) == {Kind.SHORT: COUNT}


def change(known, at, luck):
    letter = luck.randrange(len(known[at].text))
    text = known[at].text[:letter] + "~" + known[at].text[letter + 1 :]
    return [*known[:at], dataclasses.replace(known[at], text=text), *known[at + 1 :]]


def rehash(known, at, luck):
    changed = change(known, at, luck)
    changed[at] = dataclasses.replace(changed[at], hash=digest(changed[at].text))
    return changed


def forge(known, at, luck):
    text = known[at].text.replace("orang", luck.choice(["siapa", "entah"]))
    return again([*known[:at], dataclasses.replace(known[at], text=text), *known[at + 1 :]], at)


def delete(known, at, luck):
    return known[:at] + known[at + 1 :]


def close_up(known, at, luck):
    return again(known[:at] + known[at + 1 :], at)


def swap(known, at, luck):
    other = (at + 1 + luck.randrange(COUNT - 1)) % COUNT
    forged = [*known]
    forged[at], forged[other] = known[other], known[at]
    return forged


def insert(known, at, luck):
    return [*known[:at], rows(1, at + 1, known[at - 1].hash)[0], *known[at:]]


def double(known, at, luck):
    return [*known[:at], known[at], *known[at:]]


def cut(known, at, luck):
    return known[:at] or known[:1]


def relink(known, at, luck):
    prev = known[luck.randrange(COUNT)].prev[::-1]
    return [*known[:at], dataclasses.replace(known[at], prev=prev), *known[at + 1 :]]


WAYS = (change, rehash, forge, delete, close_up, swap, insert, double, cut, relink)


def test_two_hundred_tamperings_two_hundred_caught(known, signer, record_property) -> None:
    luck = random.Random(20261124)  # noqa: S311 - the same every time
    signed, caught = head(known, signer), 0
    for turn in range(200):
        at = luck.randrange(1, COUNT)
        forged = WAYS[turn % len(WAYS)](known, at, luck)
        assert forged != known
        caught += not verify(lines(forged), [signed]).ok
    assert caught == 200


def test_lines_that_are_none_are_named_and_end_nothing(signer, known) -> None:
    bad = [b"", b"\xff\xfe\t\t\t\n", b"1\t2\n", b"9" * 40 + b"\t\t" + b"a" * 64 + b"\tx\n"]
    result = verify([*lines(known[:3]), *bad], [])
    assert [p.kind for p in result.problems] == [Kind.UNREADABLE] * 4


def test_only_so_many_problems_are_named(known) -> None:
    result = verify([line.replace(b"case", b"kasus") for line in lines(known)], [])
    assert (len(result.problems), result.count) == (100, COUNT)
