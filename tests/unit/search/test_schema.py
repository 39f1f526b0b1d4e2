"""The configuration of Solr is made from CKAN's, and the lists of words are checked."""

from __future__ import annotations

import csv
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import pytest

ROOT = Path(__file__).parents[3]
SMALL = """<schema name="ckan-2.12" version="1.6"><types>
<fieldType name="string" class="solr.StrField"/>
<fieldType name="text" class="solr.TextField"><analyzer type="index">
<tokenizer class="solr.WhitespaceTokenizerFactory"/>
<filter class="solr.SnowballPorterFilterFactory" language="English"/></analyzer></fieldType>
</types><fields><field name="title" type="text"/></fields></schema>"""


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("schema", ROOT / "solr" / "indonesian_schema.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["schema"] = module
    spec.loader.exec_module(module)
    return module


made = load()


def test_english_goes_and_indonesian_comes() -> None:
    text = made.transformed(SMALL)
    root = ET.fromstring(text)  # noqa: S314 -- our own text
    assert "English" not in text
    assert root.attrib["name"] == "ckan-2.12"  # CKAN asks for it at the start
    kind = root.find("types/fieldType[@name='text']")
    assert kind is not None
    steps = [step.attrib["class"] for step in kind.iter("filter")]
    assert "solr.IndonesianStemFilterFactory" in steps
    assert "solr.StopFilterFactory" in steps
    assert root.find("fields/field[@name='title']") is not None


def test_each_of_our_fields_has_a_type() -> None:
    root = ET.fromstring(made.transformed(SMALL))  # noqa: S314 -- our own text
    kinds = {kind.attrib["name"] for kind in root.iter("fieldType")}
    assert {field.attrib["type"] for field in root.iter("field")} <= kinds
    names = {field.attrib["name"] for field in root.iter("field")}
    assert {"notes", "tags"} | names >= {
        end for copy in root.iter("copyField") for end in copy.attrib.values()
    }


def test_another_schema_is_refused() -> None:
    with pytest.raises(ValueError, match="look what changed"):
        made.transformed("<schema><types/><fields/></schema>")


@pytest.mark.parametrize(
    ("written", "seen"),
    [("Covid-19", "covid 19"), ("E-KTP", "e ktp"), ("Café", "cafe"), ("P3K", "p 3 k")],
)
def test_words_are_split_as_the_index_splits_them(written: str, seen: str) -> None:
    assert made.folded(written) == seen


def test_spellings_of_a_kelurahan() -> None:
    path = ROOT / "schemas" / "codes" / "wilayah" / "wilayah.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rules = made.spellings(list(csv.DictReader(file)), {"sungai": ["sei"], "lima": ["5"]})
    assert "sungai jawi, sungaijawi, sei jawi" in rules
    assert "benua melayu, benuamelayu" in rules
    assert "pal lima, pallima, pal 5" in rules
    assert len(rules) == len(set(rules))
