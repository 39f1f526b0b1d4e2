"""Actions on the ledger: heads, proofs and verification for everyone, entries for the auditor."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

import ckan.plugins.toolkit as tk
from ckan import model, types

from .. import days
from ..agencies.rules.objection import NO_DATE, read_date
from . import merkle, proving, reading, sentences, words
from .answers import (
    Entries,
    EntryProof,
    GrowthProof,
    Leaf,
    NewestHead,
    NoHead,
    ReceiptVerified,
    Tree,
    Verified,
)

MOST = 1000
"""Entries in one answer."""

RECENT = 5000
"""Entries behind the last head that are verified in one call; a head is made every day."""

MOST_IDS = 100
"""Datasets, or people of one name, that entries are looked for by."""

BIGGEST = 2**62


@tk.side_effect_free
def satudata_ledger_list(context: types.Context, data_dict: dict[str, Any]) -> Entries:
    """Return entries with the values beside them that were not erased. For the auditor only.

    :param id: id or name of a dataset: only its entries (optional)
    :param ids: ids of datasets, at most 100: only their entries (optional)
    :param group: what it is about: one of case, file, hold, read, request, incident, duty, account,
        emergency, refused or rules (optional)
    :param after: number of an entry: those behind it, the oldest first (optional)
    :param before: number of an entry: those ahead of it, the newest first (optional)
    :param limit: how many, at most 1000 (default: 100)
    :param event: what happened, or the beginning of it with a dot, as ``case.`` (optional)
    :param actor: who acted: id, name, or words of the full name (optional)
    :param outcome: ``ok`` or ``refused`` (optional)
    :param since: first day, by the city's clock (optional)
    :param until: last day, by the city's clock (optional)
    """
    tk.check_access("satudata_ledger_list", context, data_dict)
    limit = whole(data_dict, "limit", 1, MOST) or 100
    after, before = whole(data_dict, "after", 0), whole(data_dict, "before", 1)
    if after is not None and before is not None:
        raise _wrong("before", tk._("Give one of them: after or before."))
    found = reading.entries(
        model.Session, wanted(data_dict), after=after, before=before, limit=limit
    )
    more = found[-1]["entry"] if len(found) == limit else None
    return {"entries": found, "next": more}


@tk.side_effect_free
def satudata_ledger_head(context: types.Context, data_dict: dict[str, Any]) -> NewestHead:
    """Return the newest signed head, and how many entries came since.

    :param size: the head over so many entries instead (optional)
    """
    tk.check_access("satudata_ledger_head", context, data_dict)
    asked = whole(data_dict, "size", 1)
    signed = proving.last_head(model.Session)
    if asked is not None:
        signed = proving.head_of(model.Session, asked)
        if signed is None:
            raise tk.ObjectNotFound(tk._("No head was signed over so many entries."))
    count = proving.size(model.Session)
    if signed is None:
        nothing = NoHead(head=None, signature=None, key=None, fingerprint=None)
        return {**nothing, "entries": count, "uncovered": count}
    return {**signed.as_dict(), "entries": count, "uncovered": count - signed.head.size}


@tk.side_effect_free
def satudata_ledger_verify(
    context: types.Context, data_dict: dict[str, Any]
) -> ReceiptVerified | Verified:
    """Verify a receipt, or what came since the last signed head.

    :param hash: hash of an entry, as in a receipt (optional)
    :param entry: its number, as in the receipt (optional)

    The whole ledger is verified from an export, by ``satudata ledger verify FILE``.
    """
    tk.check_access("satudata_ledger_verify", context, data_dict)
    if data_dict.get("hash") not in (None, "") or data_dict.get("entry") not in (None, ""):
        return proof_of(digits(data_dict), whole(data_dict, "entry", 1))
    result, signed = proving.verify_recent(model.Session, RECENT)
    return {
        "ok": result.ok,
        "entries": result.size,
        "covered": result.covered,
        "problem_count": result.count,
        "problems": [
            {"kind": p.kind.value, "entry": p.entry, "after": p.after} for p in result.problems
        ],
        "sentences": [sentence.text(tk._) for sentence in words.sentences(result)],
        "head": signed.as_dict() if signed else None,
    }


@tk.side_effect_free
def satudata_ledger_proof(
    context: types.Context, data_dict: dict[str, Any]
) -> EntryProof | GrowthProof:
    """Return a proof (RFC 9162): an entry is in the tree, or one tree grew out of another.

    :param entry: number of an entry, or
    :param from: size of the smaller tree
    :param size: with ``entry``, size of the tree (default: the last signed head's)
    :param to: with ``from``, size of the larger tree (default: the last signed head's)
    """
    tk.check_access("satudata_ledger_proof", context, data_dict)
    entry, first = whole(data_dict, "entry", 1), whole(data_dict, "from", 1)
    if (entry is None) == (first is None):
        raise _wrong("entry", tk._("Give the number of an entry, or two sizes as from and to."))
    tree = proving.tree(model.Session)
    last = proving.last_head(model.Session)
    asked = whole(data_dict, "size" if entry is not None else "to", 1)
    row = None
    if entry is not None:
        row = reading.numbered(model.Session, entry)
        if row is None:
            raise tk.ObjectNotFound(tk._("There is no such entry."))
    if asked is not None:
        size = asked
    elif last is None or (row is not None and row.leaf >= last.head.size):
        size = tree.count
    else:
        size = last.head.size
    signed = proving.head_of(model.Session, size)
    try:
        told = Tree(
            size=size,
            root=tree.range_root(0, size).hex() if size <= tree.count else "",
            head=signed.as_dict() if signed else None,
        )
        if row is not None:
            leaf, path = merkle.leaf(row.hash).hex(), merkle.inclusion(tree, row.leaf, size)
            said = Leaf(entry=row.id, leaf=row.leaf, hash=row.hash, leaf_hash=leaf)
            return {**said, **told, "path": path}
        path = merkle.consistency(tree, first or 0, size)
        root = tree.range_root(0, first or 0).hex()
    except ValueError:
        # A size that is not there, or entries that somebody took out of the table.
        message = tk._("There is no such proof: the tree has {count} entries.")
        count = words.number(tree.count)
        raise _wrong("size" if row is not None else "to", message.format(count=count)) from None
    return {"from": first or 0, "to": size, "root_from": root, **told, "path": path}


def proof_of(entry_hash: str | None, entry: int | None) -> ReceiptVerified:
    """Return whether an entry is known, and whether the newest signed head proves it.

    :raises ckan.plugins.toolkit.ValidationError: there is a number without a hash.
    """
    row = None
    if entry_hash is not None:
        row = reading.find(model.Session, entry_hash)
        if row is not None and entry is not None and row.id != entry:
            row = None
    elif entry is not None:
        raise _wrong("hash", tk._("Give the hash as well: a number alone proves nothing."))
    told: ReceiptVerified = {
        "known": row is not None,
        "entry": row.id if row is not None else entry,
        "hash": entry_hash,
        "covered": False,
        "proven": False,
        "head": None,
    }
    signed = proving.last_head(model.Session)
    if row is None or signed is None or row.leaf >= signed.head.size:
        return told
    head = signed.head
    try:
        path = merkle.inclusion(proving.tree(model.Session), row.leaf, head.size)
        proven = merkle.included(row.hash, row.leaf, head.size, path, head.root)
    except ValueError:
        proven = False
    return {**told, "covered": True, "proven": proven, "head": signed.as_dict()}


def wanted(data_dict: dict[str, Any]) -> reading.Wanted:
    """Return which entries are asked for.

    :raises ckan.plugins.toolkit.ValidationError: a condition cannot be read.
    """
    dataset, actor = _text(data_dict, "id"), _text(data_dict, "actor")
    package = model.Package.get(dataset) if dataset else None
    user = model.User.get(actor) if actor else None
    group = _text(data_dict, "group")
    if group is not None and group not in sentences.GROUPS:
        known = ", ".join(sentences.GROUPS)
        raise _wrong("group", tk._("Choose one of: {known}.").format(known=known))
    until = _day(data_dict, "until")
    return reading.Wanted(
        # What was purged is asked for by its id.
        dataset=package.id if package else dataset,
        datasets=_ids(data_dict),
        actor=user.id if user else None,
        actors=_called(actor) if actor and not user else (),
        events=sentences.events_of(group) if group else (),
        event=_text(data_dict, "event"),
        outcome=_text(data_dict, "outcome"),
        since=_day(data_dict, "since"),
        until=until + dt.timedelta(days=1) if until else None,
    )


def digits(data_dict: dict[str, Any]) -> str | None:
    """Return the hash that was given, or ``None``.

    :raises ckan.plugins.toolkit.ValidationError: it is not 64 hexadecimal digits.
    """
    value = data_dict.get("hash")
    if value in (None, ""):
        return None
    plain = value.strip().lower() if isinstance(value, str) else ""
    if len(plain) != 64 or set(plain) - set("0123456789abcdef"):
        raise _wrong("hash", tk._("A hash is 64 digits from 0 to 9 and a to f."))
    return plain


def whole(data_dict: dict[str, Any], key: str, low: int, high: int = BIGGEST) -> int | None:
    """Return a whole number that was given, or ``None``.

    :raises ckan.plugins.toolkit.ValidationError: it is none in that range.
    """
    value = data_dict.get(key)
    if value in (None, ""):
        return None
    try:
        number = int(str(value))
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise _wrong(key, tk._("Give a whole number, at least {low}.").format(low=low))
    return number


def _text(data_dict: dict[str, Any], key: str) -> str | None:
    value = data_dict.get(key)
    if value in (None, ""):
        return None
    if not isinstance(value, str) or "\x00" in value or len(value) > 200:
        raise _wrong(key, tk._("This is not a text that can be searched for."))
    return value.strip()


def _ids(data_dict: dict[str, Any]) -> tuple[str, ...] | None:
    found = data_dict.get("ids")
    if found in (None, ""):
        return None
    good = isinstance(found, list) and len(found) <= MOST_IDS
    if not good or not all(isinstance(one, str) and "\x00" not in one for one in found):
        text = tk._("Give a list of at most {count} ids of datasets.")
        raise _wrong("ids", text.format(count=MOST_IDS))
    return tuple(found)


def _called(words: str) -> tuple[str, ...]:
    """Return the ids of people whose full name has these words; one that nobody has, for none.

    Somebody whose account is gone is named by the id.
    """
    user = model.User
    query = sa.select(user.id).where(user.fullname.icontains(words, autoescape=True))
    return (words, *model.Session.scalars(query.order_by(user.id).limit(MOST_IDS)))


def _day(data_dict: dict[str, Any], key: str) -> dt.datetime | None:
    value = _text(data_dict, key)
    if value is None:
        return None
    day = read_date(value)
    if day is None or not 2000 <= day.year <= 9000:
        raise _wrong(key, tk._(NO_DATE))
    return dt.datetime(day.year, day.month, day.day, tzinfo=days.CITY)


def _wrong(key: str, message: str) -> tk.ValidationError:
    return tk.ValidationError({key: [message]})


def get_actions() -> dict[str, Any]:
    """Return the actions of this room."""
    functions = (
        satudata_ledger_list,
        satudata_ledger_head,
        satudata_ledger_verify,
        satudata_ledger_proof,
    )
    return {f.__name__: f for f in functions}
