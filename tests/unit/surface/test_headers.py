"""What every answer tells a browser is declared, and lets no script run that is no file."""

from __future__ import annotations

import msgspec
import pytest

from ckanext.satudata_pontianak.surface import headers


def policy(*, framed: bool = False) -> dict[str, list[str]]:
    said = dict(headers.of_answer(https=True, framed=framed))["Content-Security-Policy"]
    parts = [part.split() for part in said.split("; ")]
    return {name: words for name, *words in parts}


def test_scripts_are_files_of_the_site() -> None:
    assert policy()["script-src"] == ["'self'"]
    assert policy()["default-src"] == ["'none'"]
    assert policy()["object-src"] == ["'none'"]


def test_only_views_of_files_may_be_framed_and_only_here() -> None:
    assert policy()["frame-ancestors"] == ["'none'"]
    assert policy(framed=True)["frame-ancestors"] == ["'self'"]
    assert policy(framed=True)["script-src"] == ["'self'"]


@pytest.mark.parametrize("word", ["'unsafe-inline'", "'unsafe-eval'", "'nonce-a'", "data:", "*"])
def test_a_declaration_that_lets_other_scripts_run_is_refused(word: str) -> None:
    raw = msgspec.to_builtins(headers.declared())
    raw["policy"]["script-src"] = ["'self'", word]
    with pytest.raises(msgspec.ValidationError, match="script-src"):
        msgspec.convert(raw, headers.Headers)


def test_https_is_kept_once_it_was_used() -> None:
    assert "Strict-Transport-Security" in dict(headers.of_answer(https=True))
    assert "Strict-Transport-Security" not in dict(headers.of_answer(https=False))
