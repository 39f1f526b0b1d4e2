"""docs/scan.md names what the readers read and why they refuse."""

from __future__ import annotations

import re
from pathlib import Path

from ckanext.satudata_pontianak.disclosure import readers
from ckanext.satudata_pontianak.disclosure.limits import Limits
from ckanext.satudata_pontianak.disclosure.readers import archive
from ckanext.satudata_pontianak.disclosure.readers import json as json_reader
from ckanext.satudata_pontianak.disclosure.reasons import NEEDS_PERSON

PAGE = (Path(__file__).parents[3] / "docs" / "scan.md").read_text("utf-8")


def test_every_format_is_named():
    words = {word.lower() for word in re.findall(r"\w+", PAGE)}
    assert readers.MODULES.keys() - words == set()


def test_every_reason_that_a_person_may_lift_is_named_and_no_other():
    part = PAGE[PAGE.index("**Needs a person**") : PAGE.index("**Refused**")]
    assert set(re.findall(r"`([a-z_]+)`", part)) - {"failed"} == NEEDS_PERSON


def test_every_reason_that_stands_is_raised_somewhere():
    part = PAGE[PAGE.index("**Refused**") : PAGE.index("**Not looked for.**")]
    named = set(re.findall(r"`([a-z_]+)`", part)) - {"failed"}
    room = Path(readers.__file__).parents[1]
    code = "".join(path.read_text("utf-8") for path in room.rglob("*.py"))
    raised = set(re.findall(r'(?:ReadError|Reason|_ChildError)\(\s*"([a-z_]+)"', code))
    raised |= {"program", "timeout", "out_of_memory"} & set(re.findall(r'"([a-z_]+)"', code))
    assert len(named) > 8
    assert named - raised == set()


def test_the_limits_are_those_of_the_code():
    limits = Limits()
    assert f"{limits.ratio} times" in PAGE
    assert f"{limits.unpacked // 2**30} GB unpacked" in PAGE
    assert f"{limits.parts:,} parts" in PAGE
    assert f"{json_reader._DEEPEST} levels of JSON" in PAGE
    assert f"{archive.DEEPEST} of archives" in PAGE
