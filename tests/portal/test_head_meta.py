"""What search engines are told of a page: subject, one address, and which pages they may list."""

from __future__ import annotations

import re
from typing import Any

import pytest

SITE = "http://test.ckan.net"
pytestmark = pytest.mark.usefixtures("clean_db")


def head(app: Any, address: str) -> dict[str, str]:
    """Return description, canonical address and robots of a page."""
    body = app.get(address, status=200).body.partition("</head>")[0]
    found = dict(re.findall(r'<meta name="(description|robots)" content="([^"]*)"', body))
    canonical = re.findall(r'<link rel="canonical" href="([^"]*)"', body)
    assert len(canonical) == 1, address
    return {**found, "canonical": canonical[0]}


def test_public_pages_say_what_they_are_about(app: Any) -> None:
    said = {}
    for address in ("/", "/dataset/", "/organization/", "/satudata/dip", "/satudata/prosedur"):
        found = head(app, address)
        assert found["canonical"] == SITE + address
        assert "robots" not in found
        said[address] = found["description"]
    assert len(set(said.values())) == len(said)
    assert all(20 < len(text) <= 200 for text in said.values()), said


@pytest.mark.parametrize(
    ("address", "canonical", "listed"),
    [
        ("/dataset/?page=2", "/dataset/?page=2", True),
        ("/dataset/?page=1", "/dataset/", True),
        ("/dataset/?q=padi&page=2", "/dataset/", False),
        ("/en/dataset/", "/en/dataset/", True),
        ("/user/login", "/user/login", False),
    ],
)
def test_filters_are_no_pages_of_their_own(
    app: Any, address: str, canonical: str, listed: bool
) -> None:
    found = head(app, address)
    assert found["canonical"] == SITE + canonical
    assert ("robots" not in found) is listed
