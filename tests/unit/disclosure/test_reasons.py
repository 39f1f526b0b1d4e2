from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ckanext.satudata_pontianak.disclosure import reasons
from ckanext.satudata_pontianak.disclosure.reasons import NEEDS_PERSON, Reason
from ckanext.satudata_pontianak.disclosure.recognizers import RECOGNIZERS
from ckanext.satudata_pontianak.disclosure.recognizers.headed import Headed
from ckanext.satudata_pontianak.disclosure.recognizers.specific.attribute import Attribute
from ckanext.satudata_pontianak.disclosure.ruleset import KINDS
from ckanext.satudata_pontianak.disclosure.sentences import SENTENCES, explain


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_reason_is_a_sentence_even_without_parameters(code):
    text = explain(code)
    assert text.endswith(".")
    assert "%(" not in text


def test_parameters_and_translation():
    reason = Reason("unsupported_format", {"format": "pdf"})
    assert explain(reason) == "Files of the format pdf cannot be scanned yet."
    assert explain(reason, lambda m: "Berkas %(format)s belum dapat dipindai.") == (
        "Berkas pdf belum dapat dipindai."
    )
    assert explain("something.else") == "something.else"


def test_the_policy_lets_a_person_inspect_what_needs_one():
    path = Path(__file__).parents[3] / "schemas" / "classification.yaml"
    policy = yaml.safe_load(path.read_text("utf-8"))
    # What only the site knows of: a link to elsewhere.
    assert set(policy["findings"]["inspectable"]) == NEEDS_PERSON | {"external"}
    assert set(SENTENCES) > NEEDS_PERSON


def test_no_reason_lacks_a_sentence():
    room = Path(reasons.__file__).parent
    used = set()
    for path in room.rglob("*.py"):
        text = path.read_text()
        used |= set(re.findall(r'(?:ReadError|Reason|_ChildError)\(\s*"([a-z_.]+)"', text))
        used |= set(re.findall(rf'"((?:persons|{"|".join(KINDS)})\.[a-z_]+)"', text))
    for kind, recognizer in RECOGNIZERS.items():
        if isinstance(recognizer, (Attribute, Headed)):
            used.add(f"{kind}.header")
        if isinstance(recognizer, Headed):
            used.add(f"{kind}.text")
        if isinstance(recognizer, Attribute) and recognizer.values:
            used.add(f"{kind}.values")
    assert len(used) > 80
    assert used - set(SENTENCES) == set()
