"""The SOPs as anybody gets them."""

from __future__ import annotations

import io
import json

import pypdf
import pytest

from ckanext.satudata_pontianak.sop.documents import library


@pytest.mark.usefixtures("with_plugins", "clean_db")
class TestPages:
    """Everybody may read them, without an account."""

    def test_every_sop_is_listed_and_shown(self, app) -> None:
        index = app.get("/satudata/sop").body
        for name in library.public():
            document = library.documents()[name]
            assert f"/satudata/sop/{name}" in index
            page = app.get(f"/satudata/sop/{name}")
            assert page.status_code == 200
            assert document.definition in page.body
            assert 'class="sop-steps"' in page.body

    @pytest.mark.parametrize("form", ["pdf", "docx", "json"])
    def test_a_file_is_given_and_not_given_twice(self, app, form: str) -> None:
        first = app.get(f"/satudata/sop/klasifikasi.{form}")
        assert first.status_code == 200
        assert first.headers["Content-Type"].startswith(library.TYPES[form])
        tag = first.headers["ETag"]
        again = app.get(f"/satudata/sop/klasifikasi.{form}", headers={"If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
        if form == "json":
            told = json.loads(first.data)
            assert told["definition"] == library.documents()["klasifikasi"].definition
        if form == "pdf":
            assert len(pypdf.PdfReader(io.BytesIO(first.data)).pages) > 2

    def test_an_unknown_sop_is_not_found(self, app) -> None:
        assert app.get("/satudata/sop/tiada", status=404)
        assert app.get("/satudata/sop/tiada.pdf", status=404)

    def test_the_command_lists_and_writes(self, cli, tmp_path) -> None:
        from ckan.cli.cli import ckan

        listed = cli.invoke(ckan, ["satudata", "sop", "--list"])
        assert all(name in listed.output for name in library.documents())
        target = tmp_path / "sop.pdf"
        made = cli.invoke(
            ckan, ["satudata", "sop", "insiden", "--format", "pdf", "--output", str(target)]
        )
        assert not made.exit_code, made.output
        assert target.read_bytes().startswith(b"%PDF-1.7")
        wrong = cli.invoke(ckan, ["satudata", "sop", "tiada"])
        assert wrong.exit_code
        assert "klasifikasi" in wrong.output
