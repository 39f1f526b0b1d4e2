"""What search engines are told of a page: subject, one address, and which pages they may list."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ckanext.satudata_pontianak.portal.web import head_meta

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


def test_a_page_that_opens_with_more_than_its_address_names_none(app: Any) -> None:
    for address in (
        "/organization/member_delete/a?user=b",
        "/dataset/a/resource/b/new_view?view_type=text_view",
        "/dataset/changes_multiple?new_id=a&old_id=b",
    ):
        with app.flask_app.test_request_context(address):
            found = head_meta.satudata_head()
            assert (found["canonical"], found["robots"]) == ("", "noindex, follow")


INWARD = """
    /satudata/meja /satudata/keanggotaan /satudata/surat-keputusan /satudata/naskah /satudata/sesi
    /satudata/akses-darurat /satudata/antrean /satudata/permohonan /satudata/pemberitahuan
    /dataset/a/resource/b/grafik/ubah /satudata/kesesuaian /satudata/bukti /user/login /ckan-admin/
    /satudata/penetapan/a /satudata/versi/a/isi
""".split()


def test_pages_for_who_works_here_and_forms_are_not_listed(app: Any) -> None:
    listed = []
    for address in INWARD:
        with app.flask_app.test_request_context(address):
            assert head_meta.flask.request.endpoint, address
            listed += [address] if head_meta.is_listed() else []
    assert listed == []


def test_pages_that_declare_themselves_are_listed(app: Any) -> None:
    for address in ("/topik", "/satudata/prosedur/akses", "/satudata/sop", "/satudata/dik/a"):
        with app.flask_app.test_request_context(address):
            assert head_meta.is_listed(), address
