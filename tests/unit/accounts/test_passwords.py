"""New passwords: long enough, nobody's own name, and not what is tried first."""

from __future__ import annotations

import time

import pytest

from ckanext.satudata_pontianak.accounts import passwords
from ckanext.satudata_pontianak.surface.accounts import accounts

RULES = accounts().passwords
OWN = ["budi-santoso", "Budi Santoso", "budi.s@contoh.example"]


def said(password: str) -> list[str]:
    return [said.msgid for said in passwords.objections(password, OWN, RULES)]


@pytest.mark.parametrize("password", ["", "a", "xK9f2mPq7Lw", "é" * 11])
def test_a_short_one_is_refused(password) -> None:
    assert said(password) == [passwords.SHORT]


def test_one_without_end_is_refused() -> None:
    assert said("xK9f2mPq7LwZ" * 100) == [passwords.LONG]


@pytest.mark.parametrize(
    "password", ["Budi-Santoso-77x", "xx-budi.s@contoh.example", "qq7budi.s77zzz", "9budi santoso9"]
)
def test_the_own_name_or_mailbox_is_refused(password) -> None:
    assert said(password) == [passwords.OWN]


@pytest.mark.parametrize(
    "password",
    """
    password1234 Password123! p@ssw0rd1234 passwordpassword qwertyuiop12 aaaaaaaaaaaa 123456789012
    1q2w3e4r5t6y pontianak2026 Satudata2026!! satudatapontianak abcabcabcabc abcdefghijkl
    letmeinletmein indonesia1945 bismillah123 walidata12345 admin-admin-1 6171010101900001
    qazwsxedcrfv satudata--2026 !!!!!!!!!!!! asdfghjkl;'zx
    """.split(),
)
def test_a_common_one_is_refused_also_dressed_up(password) -> None:
    assert said(password) == [passwords.COMMON]


@pytest.mark.parametrize(
    "password",
    [
        "xK9f2mPq7LwZ",
        "rahasia-sekali-1-kali",
        "KataSandi-Panjang-7",
        "kuda baterai jemuran pas",
        "tiga perahu di Kapuas",
        "ΔοκιμήΚωδικού9",
    ],
)
def test_a_good_one_is_taken(password) -> None:
    assert said(password) == []


@pytest.mark.parametrize("length", [64, RULES.longest])
def test_one_as_long_as_allowed_is_taken(length) -> None:
    words = "tiga perahu di atas Kapuas dan sebuah lampu yang tidak pernah padam "
    assert said((words * 3)[:length]) == []
    assert said((words * 3)[: RULES.longest + 1])


@pytest.mark.parametrize("text", ["4@8({[<369!1/|05$7+%2" * 7, "ab" * 64, "password" * 16])
def test_no_text_takes_long(text) -> None:
    passwords.common()
    begun = time.perf_counter()
    said(text[: RULES.longest])
    assert time.perf_counter() - begun < 0.1
