"""Mailboxes are taken out of what is logged."""

from __future__ import annotations

import io
import logging
import time

import pytest

from ckanext.satudata_pontianak.portal.web import log_masks


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Sent email to budi@contoh.example", "Sent email to [mailbox]"),
        ("{'budi.s+1@mail.contoh.example': (550, b'no')}", "{'[mailbox]': (550, b'no')}"),
        (
            "GET /user/reset?user=budi%40contoh.example HTTP/1.1",
            "GET /user/reset?user=[mailbox] HTTP/1.1",
        ),
        ("GET /?q=budi%2Bsatu%40contoh.example", "GET /?q=[mailbox]"),
        ("postgresql://satudata:rahasia@127.0.0.1/x", "postgresql://satudata:[mailbox]/x"),
        ("    @tk.chained_action", "    @tk.chained_action"),
        ("nothing", "nothing"),
    ],
)
def test_a_mailbox_is_masked_and_nothing_else(said: str, told: str) -> None:
    assert log_masks.masked(said) == told


def test_long_texts_cost_their_length() -> None:
    begun = time.process_time()
    for text in ("a" * 400_000 + "@", "a%40" * 100_000, "a@" * 100_000, "%" * 300_000 + "%40@"):
        log_masks.masked(text)
    assert time.process_time() - begun < 2


def test_arguments_and_tracebacks_are_masked() -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    logger = logging.Logger("x")
    logger.addHandler(handler)
    former = logging.getLogRecordFactory()
    log_masks.install()
    try:
        logger.info("to %s: %s", "budi@contoh.example", {"a": ["siti@contoh.example"]})
        try:
            int("no such mailbox: budi@contoh.example")
        except ValueError:
            logger.exception("not sent to %(whom)s", {"whom": "budi@contoh.example"})
        logger.info("wrong %d", "words")
    finally:
        logging.setLogRecordFactory(former)
    text = out.getvalue()
    assert "contoh.example" not in text
    assert "no such mailbox: [mailbox]" in text
    assert text.count("Traceback (most recent call last)") == 1
