"""The API guide is true: its calls in curl and Python are run as they stand on the page."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

EXAMPLE = re.compile(
    r'<pre[^>]* data-example="(\w+)" data-language="(\w+)"[^>]*><code>(.*?)</code></pre>', re.DOTALL
)
LANGUAGES = {"curl": ["bash", "-euc"], "python": [sys.executable, "-c"]}
SAID = {
    "search": "jumlah-penduduk",
    "dataset": "CSV",
    "rows": "kecamatan",
    "token": "Kecamatan",
    "missing": '"success": false',
}


@pytest.fixture
def page(site) -> list[tuple[str, str, str]]:
    """Return the examples of the page: what each does, its language, its code."""
    with urlopen(f"{site.url}/panduan-api") as answer:  # noqa: S310 - our own site
        body = answer.read().decode("utf-8")
    return [(name, language, html.unescape(code)) for name, language, code in EXAMPLE.findall(body)]


def test_the_calls_of_the_guide_work_as_they_stand(site, page, tmp_path: Path) -> None:
    tried = []
    environment = {**os.environ, "TOKEN": site.tokens["warga"], "LC_ALL": "C.UTF-8"}
    for name, language, code in page:
        if language not in LANGUAGES:
            continue
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
        if name == "download":
            assert "kecamatan" in (folder / "data.csv").read_text("utf-8")
        else:
            assert SAID[name] in said, f"{code}\n{said}"
        tried.append((name, language))
    assert len(tried) == 11  # five calls in two languages, and the refused one


def test_every_call_is_shown_in_four_languages(page) -> None:
    shown: dict[str, list[str]] = {}
    for name, language, _ in page:
        shown.setdefault(name, []).append(language)
    shown.pop("missing")
    assert set(map(tuple, shown.values())) == {("curl", "python", "r", "javascript")}
