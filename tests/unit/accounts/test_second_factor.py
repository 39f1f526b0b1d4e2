"""The second factor: who needs one, which code is taken, and what is printed."""

from __future__ import annotations

import pytest
from pyotp.totp import TOTP

from ckanext.satudata_pontianak.accounts import second_factor
from ckanext.satudata_pontianak.agencies.rules.duties import Actor, Duty
from ckanext.satudata_pontianak.classification.rules.definition import workflow

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
MOMENT = 1_800_000_015
DUTIES = second_factor.deciding(step.by for step in workflow().transitions.values())


def test_who_takes_a_step_beyond_producing_data_decides() -> None:
    assert {Duty.WALIDATA, Duty.PPID, Duty.ATASAN_PPID} == DUTIES


@pytest.mark.parametrize(
    ("actor", "needed"),
    [
        (Actor(None, None), False),
        (Actor("1", "warga"), False),
        (Actor("1", "produsen", publishes_for=frozenset({"a"})), False),
        (Actor("1", "pengawas", duties=frozenset({Duty.PENGAWAS})), False),
        (Actor("1", "walidata", duties=frozenset({Duty.WALIDATA})), True),
        (Actor("1", "ppid", duties=frozenset({Duty.PPID, Duty.PENGAWAS})), True),
        (Actor("1", "penetap", duties=frozenset({Duty.ATASAN_PPID})), True),
        (Actor("1", "admin", sysadmin=True), True),
        (Actor("1", "gone", sysadmin=True, active=False), False),
    ],
)
def test_who_decides_and_who_runs_the_site_needs_one(actor, needed) -> None:
    assert second_factor.is_needed(actor, DUTIES) is needed


@pytest.mark.parametrize(
    ("seconds", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_clock_may_be_wrong_by_one_step(seconds, taken) -> None:
    code = TOTP(SECRET).at(MOMENT + seconds)
    step = second_factor.matching_step(SECRET, code, MOMENT, 1)
    assert step == ((MOMENT + seconds) // 30 if taken else None)


@pytest.mark.parametrize(
    "code", ["", "1", "12345", "1234567", "abcdef", "１２３４５６", "-12345", "12 34"]
)
def test_what_is_no_code_is_refused(code) -> None:
    assert second_factor.matching_step(SECRET, second_factor.normal(code), MOMENT, 1) is None


def test_blanks_and_dashes_in_a_code_do_not_matter() -> None:
    assert second_factor.normal(" 123 456 ") == "123456"
    assert second_factor.normal("abcde-fgh23") == "ABCDEFGH23"
    assert len(second_factor.normal("9" * 10_000)) == second_factor.LONGEST


def test_printed_codes_differ_and_are_stored_as_digests_of_their_person() -> None:
    codes = second_factor.new_recovery_codes(10)
    assert len(set(codes)) == 10
    assert all(len(second_factor.normal(code)) == 10 for code in codes)
    key = b"k" * 32
    mine, other = (second_factor.digest(key, who, codes[0]) for who in ("1", "2"))
    assert mine != other
    assert mine == second_factor.digest(key, "1", codes[0].lower().replace("-", " "))
    assert second_factor.normal(codes[0]) not in mine


def test_the_picture_comes_from_no_other_host_and_holds_no_script() -> None:
    text = second_factor.address(SECRET, "walidata", "Satu Data Pontianak")
    assert text.startswith("otpauth://totp/Satu%20Data%20Pontianak:walidata?secret=" + SECRET)
    shown = second_factor.picture(text)
    assert shown.startswith("data:image/svg+xml")
    assert "script" not in shown
    assert second_factor.spelled(SECRET).replace(" ", "") == SECRET
