"""One word for one thing, in everything that people read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ckanext.satudata_pontianak.portal import translations

ROOT = Path(__file__).parents[3]
GLOSSARY = yaml.safe_load((ROOT / "i18n" / "glossary.yaml").read_text("utf-8"))
CATALOGUE = translations.read(translations.catalogue_path(ROOT, "id"), "id")
TEXTS = [text for message in CATALOGUE if message.id for text in translations.strings_of(message)]

# What is called otherwise here.
OTHER_WORDS = (
    "kumpulan data",
    "organisasi",
    "instansi",
    "sumber ?daya",
    "password",
    "email",
    "file",
    "user",
    "silahkan",
)
ALLOWED = re.compile(
    r"aksi untuk organisasi|organization_update|user_id|Pengenal sumber daya|alt=\"|href=|mailto:"
    r"|--user|\{[^}]*\}|%\(\w+\)s"
)


@pytest.mark.parametrize("word", OTHER_WORDS)
def test_another_word_for_the_same_thing_is_not_used(word: str) -> None:
    pattern = re.compile(rf"\b{word}\b", re.IGNORECASE)
    assert [t for t in TEXTS if pattern.search(ALLOWED.sub("", t))] == []


def test_the_glossary_has_one_word_for_each_thing() -> None:
    assert all(isinstance(word, str) and word for word in GLOSSARY.values())
    used = {"agency", "case", "decision", "evidence", "finding", "scan", "licence"}
    for thing in used:
        word = GLOSSARY[thing].lower()
        assert any(word in text.lower() for text in TEXTS), thing
