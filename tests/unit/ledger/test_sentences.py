"""Every kind of entry has words, and none of them is a code of ours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import ckanext.satudata_pontianak
from ckanext.satudata_pontianak.classification.rules import indonesian
from ckanext.satudata_pontianak.classification.rules.definition import workflow
from ckanext.satudata_pontianak.ledger import sentences
from ckanext.satudata_pontianak.messages import Message

SOURCE = Path(str(ckanext.satudata_pontianak.__file__)).parent
WRITTEN = re.compile(r'event="([a-z_.]+)"')
PUT = {"person": "Siti", "dataset": "dataset “Jumlah Pasar”"}


def written() -> set[str]:
    """Return the events that the portal writes under a name of their own."""
    found = {name for path in SOURCE.rglob("*.py") for name in WRITTEN.findall(path.read_text())}
    return found | {f"case.{step.name}" for step in workflow().transitions.values()}


def told(event: str, outcome: str = "ok", about: bool = True, **detail: str) -> str:
    translate = indonesian.translator()
    said = sentences.sentence(event, outcome, detail, about)
    return Message(said.msgid, {**said.params, **PUT}).text(translate)


def test_every_event_has_words_of_its_own_and_a_group() -> None:
    assert sorted(e for e in written() - set(sentences.SAID) if e != "refused") == []
    begins = [name for _, events in sentences.GROUPS.values() for name in events]
    alone = [e for e in sentences.SAID if not any(e.startswith(name) for name in begins)]
    assert alone == []


def test_sentences_are_indonesian_and_end_as_sentences_do() -> None:
    for event in (*sentences.SAID, "case.baru", "member.bulk", "lain.sama.sekali"):
        said = told(event)
        assert said.endswith(".")
        assert "%" not in said
        assert not re.search(r"[a-z]+[._][a-z]+", said), said
        assert said != sentences.SAID.get(event)


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("satudata_hold_create", "menangguhkan atau mencabut penangguhan"),
        ("download", "mengunduh berkas"),
        ("plugin_of_somebody_else", "sesuatu di portal"),
    ],
)
def test_a_refused_attempt_says_what_was_tried(action: str, words: str) -> None:
    said = told("refused", "refused", action=action)
    assert said.startswith(f"Siti mencoba {words} dan ditolak.")
    assert "Jumlah Pasar" in said
    assert "Jumlah Pasar" not in told("refused", "refused", about=False, action=action)
