"""The manual: whole for those inside; for others policy, public SOPs and controls by name."""

from __future__ import annotations

import io

import docx
import pypdfium2
import pytest

from ckanext.satudata_pontianak.classification.rules import indonesian
from ckanext.satudata_pontianak.smki.rules.definition import smki
from ckanext.satudata_pontianak.sop.files import kept

PAGE = "/satudata/keamanan/manual"


def said(msgid: str) -> str:
    return indonesian.translator()(msgid)


def texts(city, app, who: str | None) -> list[str]:
    headers = city.token(who) if who else {}
    page = app.get(PAGE, headers=headers)
    assert page.status_code == 200
    pdf = pypdfium2.PdfDocument(app.get(f"{PAGE}.pdf", headers=headers).data)
    printed = " ".join(each.get_textpage().get_text_range() for each in pdf)
    word = docx.Document(io.BytesIO(app.get(f"{PAGE}.docx", headers=headers).data))
    cells = [c.text for table in word.tables for row in table.rows for c in row.cells]
    written = "\n".join([*(p.text for p in word.paragraphs), *cells])
    return [page.body, " ".join(printed.split()), written]


@pytest.mark.parametrize("who", [None, "warga"])
def test_others_get_policy_chapters_and_names(city, app, who) -> None:
    control = smki().controls.controls["backup_fresh"]
    for text in texts(city, app, who):
        for number in range(1, 7):
            assert f"bab {number}" in text.lower()
        assert said(control.label) in text
        for hidden in (said(control.why), said(control.mend), "SOP-SDP-16", "SOP-SDP-19"):
            assert hidden not in text
        assert said(smki().roles.roles["koordinator"].help) not in text


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_a_file_is_written_once_for_all_who_get_the_same(city, app, form) -> None:
    first = app.get(f"{PAGE}.{form}")
    made = kept.written.cache_info().misses
    again = app.get(f"{PAGE}.{form}", headers=city.token("warga"))
    assert again.data == first.data
    same = app.get(f"{PAGE}.{form}", headers={"If-None-Match": first.headers["ETag"]})
    assert same.status_code == 304
    assert kept.written.cache_info().misses == made
    inside = app.get(f"{PAGE}.{form}", headers=city.token("walidata"))
    assert inside.data != first.data
    assert "no-store" in inside.headers["Cache-Control"]


def test_those_inside_get_roles_tasks_and_every_procedure(city, app) -> None:
    control = smki().controls.controls["backup_fresh"]
    page, _, written = texts(city, app, "walidata")
    for text in (page, written):
        assert said(control.why) in text
        assert said(smki().tasks.tasks["key_copy"].label) in text
        assert "SOP-SDP-17" in text
    assert "no-store" in app.get(PAGE, headers=city.token("walidata")).headers["Cache-Control"]
    # Who read all of it does not give it to who comes next.
    assert said(control.why) not in app.get(PAGE).body
