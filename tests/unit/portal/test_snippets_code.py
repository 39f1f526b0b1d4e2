"""The programs of a page: what each language's own reader says of them."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from ckanext.satudata_pontianak.portal.catalogue import snippets_code

SITE = "https://data.example.go.id"
FILE = SITE + "/dataset/a/resource/b/download/data%20\"$(x)'`.csv"


@pytest.mark.parametrize("table", [True, False])
@pytest.mark.parametrize("is_open", [True, False])
def test_there_is_one_for_each_language_and_none_breaks_out(table, is_open) -> None:
    found = snippets_code.snippets(SITE, "b-1", FILE, table=table, is_open=is_open)
    assert [s.language for s in found] == ["curl", "Python", "R", "JavaScript"]
    for snippet in found:
        assert "$(x)" not in snippet.code
        assert "`" not in snippet.code
        assert ("TOKEN" in snippet.code) is not is_open
    ast.parse(found[1].code)


@pytest.fixture
def site():
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps({"result": {"records": [{"kota": self.headers["Authorization"]}]}})
            self.send_response(200)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("is_open", [True, False])
def test_python_and_curl_read_rows_with_the_token_where_it_is_needed(
    site, is_open, tmp_path
) -> None:
    curl, python, _, _ = snippets_code.snippets(site, "b-1", "", table=True, is_open=is_open)
    env = {"TOKEN": "rahasia", "PATH": "/usr/bin:/bin"}
    expected = "None" if is_open else "'rahasia'"
    for command in ([sys.executable, "-c", python.code], ["sh", "-c", curl.code]):
        ran = subprocess.run(
            command, capture_output=True, text=True, env=env, cwd=tmp_path, check=True, timeout=20
        )
        assert "kota" in ran.stdout
        assert ("rahasia" in ran.stdout) is not is_open
    assert (
        expected
        in subprocess.run(
            [sys.executable, "-c", python.code], capture_output=True, text=True, env=env, check=True
        ).stdout
    )


def test_a_file_is_written_under_a_harmless_name(site, tmp_path) -> None:
    _, python, _, _ = snippets_code.snippets(
        site, "b-1", f"{site}/download/../Data kota;rm.csv", table=False, is_open=True
    )
    subprocess.run([sys.executable, "-c", python.code], cwd=tmp_path, check=True, timeout=20)
    assert [p.name for p in tmp_path.iterdir()] == ["Data-kota-rm.csv"]
