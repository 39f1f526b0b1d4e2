"""Requests drawn at random: half as the surface declares them, half beyond it.

The first half goes through the doors of ``contract.yaml`` with the parameters that stand there, or
with others of the same kind. The other half breaks something: a key, a type, a length, a
parameter of the index, an address.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st

from .doors import Door, Try, doors, read

PLACES = (
    "id name resource version waiting view activity decision removal org group user me tag storage "
    "place"
).split()
WORDS = st.sampled_from(
    [
        "kenari",
        "kenari*",
        "penduduk",
        '"air bersih"',
        "air (bersih",
        "-",
        "tahun:2025",
        "a OR b",
        "",
    ]
)
NUMBERS = st.sampled_from([0, 1, 2, 20, 100])
# What once broke something, here or in other portals.
HOSTILE: list[Any] = [
    "{!join from=id to=id}*:*", '_query_:"{!func}sleep(10,1)"', "_q\\u0075ery_:x", "*:*",
    "[* TO *]", "title:kenari*", "../../etc/passwd", "%00", "\x00", "\ud83d\ude00", "a" * 5000,
    "`" * 900, "<script>x</script>", "{{7*7}}", "' OR 1=1 --", "=cmd|' /C calc'!A0",
    "javascript:alert(1)",
    "file:///etc/passwd", "0", -1, 2**63, 1e308, True, False, None, [], {}, ["a"] * 300,
    [[[[[[]]]]]], {"a": {"b": {"c": {}}}}, "١٢٣", "sleep(4000,1) asc", "score desc", "9" * 400,
    "True", "id,score",
]  # fmt: skip
STRANGE_KEYS = (
    "lampiran", "bf", "boost", "defType", "qf", "facet.mincount", "facet.limit", "fl", "sort",
    "q.op", "df", "mm", "tie", "wt", "extras", "fq_list", "use_default_schema", "include_private",
    "type", "__proto__", "ignore_auth", "schema", "for_view", "id", "user", "state", "private",
    "upload", "name_translated", "hash", "url_type", "position", "_limit", "offset",
    "Dataset", "q", "fq",
)  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """A request that is not filled in yet, whether it is as declared, and its door."""

    door: Door
    request: Try
    declared: bool


def _others() -> list[Door]:
    """Return doors through which nothing of a dataset comes: they must not break either."""
    found: list[Door] = []
    for group in read()["empty"]:
        if "plugin" in group or group.get("sometimes"):
            continue
        found += [
            Door(name, "exists", (Try("POST", f"/api/3/action/{name}", '{"id": "{id}"}'),))
            for name in group.get("actions", ())
        ]
        for route in group.get("routes", ()):
            rule = route.split(" ", 1)[1]
            if "<" not in rule:
                found.append(Door(rule, "exists", (Try("GET", rule),)))
    return found


def _values(value: Any) -> st.SearchStrategy[Any]:
    """Return what may stand where the contract has this value."""
    if isinstance(value, bool):
        return st.booleans()
    if isinstance(value, int):
        return NUMBERS
    if isinstance(value, str) and value.startswith("{"):
        return st.one_of(st.just(value), st.sampled_from([f"{{{place}}}" for place in PLACES]))
    if isinstance(value, str):
        return st.one_of(st.just(value), WORDS)
    return st.just(value)


@st.composite
def declared(draw: st.DrawFn) -> Drawn:
    """Draw a request as the contract declares it, with values of the same kind."""
    door = draw(st.sampled_from(list(doors())))
    request = draw(st.sampled_from(door.tries))
    if request.body is None:
        return Drawn(door, request, declared=True)
    body = json.loads(request.body)
    # One value at most is another: a request stays what it is meant to be.
    if body and draw(st.booleans()):
        key = draw(st.sampled_from(sorted(body)))
        body[key] = draw(_values(body[key]))
    return Drawn(door, Try(request.method, request.path, json.dumps(body)), declared=True)


@st.composite
def beyond(draw: st.DrawFn) -> Drawn:
    """Draw a request with something that nobody declared."""
    door = draw(st.sampled_from([*doors(), *_others()]))
    request = draw(st.sampled_from(door.tries))
    value = draw(st.sampled_from(HOSTILE))
    key = draw(st.sampled_from(STRANGE_KEYS))
    if request.body is None:
        text = value if isinstance(value, str) else json.dumps(value)
        text = text.encode("utf-8", "replace").decode()  # half a character is sent as JSON alone
        mark = "&" if "?" in request.path else "?"
        path = draw(
            st.sampled_from(
                [
                    f"{request.path}{mark}{quote(key)}={quote(text[:3000])}",
                    f"{request.path}{mark}q={quote(text[:3000])}&{key}=1&{key}=2",
                    request.path.replace("{name}", quote(text[:200], safe="")),
                    f"{request.path}/{quote(text[:200], safe='')}",
                ]
            )
        )
        method = draw(st.sampled_from(["GET", "GET", "GET", "HEAD", "POST", "PUT", "OPTIONS"]))
        return Drawn(door, Try(method, path, form=request.form), declared=False)
    body = json.loads(request.body)
    if body and draw(st.booleans()):
        body[draw(st.sampled_from(sorted(body)))] = value
    else:
        body[key] = value
    sent = draw(st.sampled_from([body, body, body, [body], value]))
    return Drawn(door, Try("POST", request.path, json.dumps(sent)), declared=False)


def drawn() -> st.SearchStrategy[Drawn]:
    """Draw a request, one in two as declared."""
    return st.one_of(declared(), beyond())
