"""A finding is told by the name of what was found, never by its code."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak.classification.rules import indonesian, kind_names
from ckanext.satudata_pontianak.disclosure import ruleset
from ckanext.satudata_pontianak.messages import Message


@pytest.mark.parametrize("kind", ruleset.KINDS)
def test_every_kind_that_is_looked_for_has_a_name(kind: str) -> None:
    named = kind_names.called(kind)
    assert isinstance(named, Message)
    assert "_" not in named.text(indonesian.translator())


def test_a_finding_says_the_name() -> None:
    said = Message("%(kind)s (%(count)s cells)", {"kind": kind_names.called("email"), "count": 2})
    assert said.text(indonesian.translator()).startswith("Alamat surel (2 ")
