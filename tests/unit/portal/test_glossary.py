"""One word for one thing, in everything that people read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ckanext.satudata_pontianak.portal.language import translations

ROOT = Path(__file__).parents[3]
GLOSSARY = yaml.safe_load((ROOT / "i18n" / "glossary.yaml").read_text("utf-8"))
CATALOGUE = translations.read(translations.catalogue_path(ROOT, "id"), "id")
TEXTS = [text for message in CATALOGUE if message.id for text in translations.strings_of(message)]

OURS = [
    message
    for message in CATALOGUE
    if isinstance(message.id, str) and message.id and not translations.core_mark(message)
]

# What is called otherwise here.
OTHER_WORDS = yaml.safe_load((ROOT / "i18n" / "other_words.yaml").read_text("utf-8"))
ALLOWED = re.compile(
    r"aksi untuk organisasi|organization_update|user_id|Pengenal sumber daya|alt=\"|href=|mailto:"
    r"|--user|--token-file|\{[^}]*\}|%\(\w+\)s"
)


@pytest.mark.parametrize("word", OTHER_WORDS)
def test_another_word_for_the_same_thing_is_not_used(word: str) -> None:
    pattern = re.compile(rf"(?<!\w){word}(?!\w)", re.IGNORECASE)
    assert [t for t in TEXTS if pattern.search(ALLOWED.sub("", t))] == []


# Of what the portal's scan does; what a person examines is "pemeriksaan".
SCANNED = re.compile(r"\bscan(s|ned|ner)?\b", re.IGNORECASE)
PICTURES = re.compile(r"\bpicture\b", re.IGNORECASE)
IMAGES = ("The content is a picture or a scan without text: a person has to look at it.",)


def test_the_portal_scans_and_people_examine() -> None:
    wrong = [
        m.string
        for m in OURS
        if SCANNED.search(str(m.id)) and re.search(r"\b[Pp]emeriksaan", str(m.string))
    ]
    assert wrong == []
    drawn = [m for m in OURS if PICTURES.search(str(m.id)) and m.id not in IMAGES]
    assert [m.string for m in drawn if re.search(r"\b[Gg]ambar", str(m.string))] == []


def test_the_glossary_has_one_word_for_each_thing() -> None:
    assert all(isinstance(word, str) and word for word in GLOSSARY.values())
    used = {"agency", "case", "decision", "evidence", "finding", "scan", "licence"}
    for thing in used:
        word = GLOSSARY[thing].lower()
        assert any(word in text.lower() for text in TEXTS), thing


SENSES = yaml.safe_load((ROOT / "i18n" / "senses.yaml").read_text("utf-8"))


def one_word(text: str) -> str:
    """Return a text without what does not change its meaning: case, stops, the plural's s."""
    bare = re.sub(r"[^\w%(){} ]", "", text).strip().casefold()
    return bare[:-1] if bare.endswith("s") and not bare.endswith("ss") else bare


def without_stops(text: str) -> str:
    return re.sub(r"[^\w ]", "", text).strip().casefold()


def meaning_of(message: Any) -> str | None:
    """Return the Indonesian word that ``senses.yaml`` wants there; ``None``: it allows none."""
    senses = SENSES[one_word(message.id)]
    if message.context:
        return senses.get(message.context)
    plain = senses.get("plain", {}).get(message.id)
    if plain is None:
        return None
    places = [place for place, _ in message.locations]
    elsewhere = [p for p in places if not any(p.endswith(said) for said in plain.get("said", [p]))]
    return None if elsewhere else plain["word"]


def test_a_word_of_two_meanings_says_which_one_it_has() -> None:
    found = [m for m in OURS if one_word(m.id) in SENSES]
    wrong = [
        (m.id, m.context, m.string, [p for p, _ in m.locations])
        for m in found
        if without_stops(str(m.string)) != without_stops(meaning_of(m) or "?")
    ]
    assert wrong == []
    numbers = {("of a paper", "Nomor"), ("how many", "Jumlah")}
    assert {(m.context, m.string) for m in found} > numbers
    assert [m.id for m in OURS if m.context and one_word(m.id) not in SENSES] == []


def test_texts_alike_mean_the_same_unless_their_senses_are_declared() -> None:
    said: dict[str, set[str]] = {}
    for message in OURS:
        said.setdefault(one_word(message.id), set()).add(without_stops(str(message.string)))
    assert {k: v for k, v in said.items() if len(v) > 1 and k not in SENSES} == {}
