"""A page of another site, on a server of its own, reads the portal by a script."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

PAGE = b"<!DOCTYPE html><html lang=en><head><title>Elsewhere</title></head><body></body></html>"
READ = """async ([address, more]) => {
    const answer = await fetch(address, more);
    const headers = Object.fromEntries(answer.headers);
    return {status: answer.status, headers, text: await answer.text()};
}"""
TRIED = """async ([address, more]) => {
    try { await fetch(address, more); return "read"; } catch { return "refused"; }
}"""


class _Elsewhere(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_it_reads_the_api_and_a_file_and_writes_nothing(browser, site, elsewhere):
    context = browser.new_context()
    try:
        page = context.new_page()
        page.goto(elsewhere)
        api = f"{site.url}/api/3/action"
        found = page.evaluate(READ, [f"{api}/package_search?fq=res_format:CSV&rows=20", {}])
        assert found["status"] == 200
        tag = found["headers"]["etag"]
        files = [
            resource["url"]
            for dataset in json.loads(found["text"])["result"]["results"]
            for resource in dataset["resources"]
            if "download" in resource.get("url", "")
        ]
        file = page.evaluate(READ, [files[0], {}])
        assert "attachment" in file["headers"]["content-disposition"]
        # A header of its own is asked for first.
        more = {"headers": {"If-None-Match": tag}, "cache": "no-store"}
        assert page.evaluate(READ, [f"{api}/status_show", more])["status"] in (200, 304)
        assert page.evaluate(READ, [f"{api}/tidak_ada", {}])["status"] == 405
        token = {"headers": {"Authorization": site.tokens["walidata"]}}
        wanted = {"method": "POST", "headers": {"Content-Type": "application/json"}, "body": "{}"}
        for refused in (token, wanted, {"credentials": "include"}):
            assert page.evaluate(TRIED, [f"{api}/package_search?rows=0", refused]) == "refused"
        assert page.evaluate(TRIED, [f"{site.url}/dataset/", {}]) == "refused"
    finally:
        context.close()
