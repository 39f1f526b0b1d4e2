"""Names, addresses and free text are digests in an entry; codes, ids and days stay readable."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.ledger.canonical import canonical
from ckanext.satudata_pontianak.ledger.salted import digest, restored, split

USER = "0b8cf0a4-9f5d-4a53-8a4e-6f2f0f4c7c11"
BODY = {
    "at": "2026-11-24T08:00:00+07:00",
    "event": "case.return",
    "actor": USER,
    "actor_name": "budi-santoso",
    "duty": "walidata",
    "channel": "page",
    "address": "203.0.113.9",
    "dataset": "d1",
    "case": None,
    "before": {"state": "verification", "proposal": {"tingkat_keamanan": "biasa"}},
    "after": {"state": "draft", "due": "2026-12-01"},
    "outcome": "ok",
    "detail": {
        "fields": {"catatan": "Tolong Ibu Sari perbaiki", "nomor": "SK-7/2026"},
        "user": "1b8cf0a4-9f5d-4a53-8a4e-6f2f0f4c7c12",
        "user_name": "siti",
        "unheard_of": "siapa tahu",
        "versions": [["a" * 64]],
        "count": 3,
    },
}


def test_what_names_somebody_is_a_digest_and_stands_beside() -> None:
    entry, beside = split(BODY)
    text = canonical(entry)
    for secret in ("budi", "203.0", "Sari", "siti", "siapa"):
        assert secret not in text
    for code in ("verification", "biasa", "SK-7/2026", "2026-12-01", "walidata", USER):
        assert code in text
    assert {p.path for p in beside} == {
        "/actor_name",
        "/address",
        "/detail/fields/catatan",
        "/detail/user_name",
        "/detail/unheard_of",
    }
    persons = {p.path: p.person for p in beside}
    assert persons["/actor_name"] == USER
    assert persons["/detail/user_name"] == BODY["detail"]["user"]
    for plain in beside:
        assert digest(plain.salt, plain.value) in text


def test_the_reader_gets_back_what_was_not_erased() -> None:
    entry, beside = split(BODY)
    values = {p.path: p.value for p in beside}
    assert restored(entry, values) == BODY
    del values["/actor_name"]
    assert set(restored(entry, values)["actor_name"]) == {"salted"}


def test_the_same_name_never_gives_the_same_digest() -> None:
    assert split(BODY)[0]["actor_name"] != split(BODY)[0]["actor_name"]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)


@given(st.dictionaries(st.text(min_size=1), json_values, max_size=4))
def test_whatever_is_recorded_comes_back(detail) -> None:
    body = {**BODY, "detail": detail}
    entry, beside = split(body)
    values = {p.path: p.value for p in beside}
    assert restored(json.loads(canonical(entry)), values) == json.loads(canonical(body))
