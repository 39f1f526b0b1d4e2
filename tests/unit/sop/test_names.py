"""What a report calls things that are gone: by words, never by their id."""

from __future__ import annotations

from ckanext.satudata_pontianak.sop.tables import Names

GONE = "8cf7c84f-6945-4cb1-9ac2-0f6d3f1f2b11"


def test_an_agency_that_is_gone_is_not_called_by_its_id() -> None:
    names = Names({}, {}, {"dinas": "Dinas Kesehatan"})
    assert names.agency("dinas") == "Dinas Kesehatan"
    assert GONE not in str(names.agency(GONE))
    assert "no longer there" in str(names.agency(GONE))
    assert "whole city" in str(names.agency(None))
