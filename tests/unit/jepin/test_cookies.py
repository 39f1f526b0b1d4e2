"""Cookies of one look: few, short, each for its own host."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.jepin.rules.cookies import MOST, WHOLE, Jar


def jar(*lines: str) -> Jar:
    made = Jar()
    made.take("a.id", lines)
    return made


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((), ""),
        (("a=1; Path=/; HttpOnly",), "a=1"),
        (("a=1", "b=2"), "a=1; b=2"),
        (("a=1", "a=2"), "a=2"),
        (('a="x"',), 'a="x"'),
        (("a=",), "a="),
        (("a=1", "a=2; Max-Age=0"), ""),
        (("a=1", "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT"), ""),
        (("a=1; Max-Age=60",), "a=1"),
        (("a=1\r\nHost: b.id",), ""),
        (("a b=1", "=1", "a", "a=1 2", "a=\u20ac", "a=1,2"), ""),
        (("a=" + "x" * 2000,), ""),
    ],
)
def test_what_is_told_again_is_what_was_said_and_well_formed(lines, said) -> None:
    assert jar(*lines).header("a.id", "http") == said


def test_another_host_is_told_nothing_and_a_secure_one_goes_over_tls_alone() -> None:
    made = jar("a=1; Secure", "b=2")
    assert made.header("b.id", "https") == ""
    assert made.header("a.id", "https") == "a=1; b=2"
    assert made.header("a.id", "http") == "b=2"


def test_no_more_than_some_are_kept() -> None:
    made = jar(*(f"c{number}=x" for number in range(100)))
    assert len(made.header("a.id", "http").split("; ")) == MOST
    assert len(jar(*(f"c{n}=" + "x" * 900 for n in range(9))).header("a.id", "http")) <= WHOLE


@given(st.lists(st.text(max_size=60), max_size=5))
def test_whatever_a_host_says_a_header_can_be_written(lines) -> None:
    said = jar(*lines).header("a.id", "https")
    assert said.isascii()
    assert said.isprintable()
