"""The short code of a receipt: random, checked, and read however somebody copied it."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak.ledger import codes


def test_a_code_has_eighty_bits_and_is_read_back() -> None:
    assert len(codes.ALPHABET) ** codes.LENGTH == 2**80
    made = {codes.new() for _ in range(200)}
    assert len(made) == 200
    for code in made:
        assert codes.found(codes.shown(code)) == ([code], False)


@pytest.mark.parametrize(
    "told",
    [
        "{0}",
        "Tanda terima: {0}.",
        "https://data.example/satudata/buku-catatan?tanda-terima={0}",
        '{{"entry": 7, "code": "{0}"}}',
    ],
)
def test_a_code_is_found_among_words(told: str) -> None:
    code = codes.new()
    assert codes.found(told.format(codes.shown(code))) == ([code], False)


def test_how_it_was_copied_does_not_matter() -> None:
    code = "01ABCDEFGH0123KZ"
    shown = codes.shown(code)
    copies = [shown.lower(), *(shown.replace("-", by) for by in ("", " "))]
    for told in (*copies, shown.replace("0", "O"), shown.replace("1", "l")):
        assert codes.found(told) == ([code], False)


def test_one_wrong_sign_and_any_two_that_changed_places_are_noticed() -> None:
    for _ in range(20):
        code = codes.new()
        plain = code + codes.check_sign(code)
        for at, right in enumerate(plain):
            for wrong in codes.ALPHABET:
                if wrong != right:
                    assert codes.found(plain[:at] + wrong + plain[at + 1 :]) == ([], True)
            for other in range(at):
                signs = list(plain)
                signs[at], signs[other] = signs[other], signs[at]
                if signs != list(plain):
                    assert codes.found("".join(signs)) == ([], True)


def test_words_are_no_codes() -> None:
    for told in ("halo", "", "ketidakterhubungan", "x" * 2000, "f" * 64, "1234-5678-9"):
        assert codes.found(told)[0] == []
