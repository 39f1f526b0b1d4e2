"""docs/api.md is true: every call in it is made, in its order, against the site."""

from __future__ import annotations

import json
import os
import re
import subprocess
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from .. import answers

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"
PEOPLE = {
    "PRODUSEN_TOKEN": "produsen_dinkes",
    "WALIDATA_TOKEN": "walidata",
    "WALIDATA_2_TOKEN": "walidata_2",
    "PPID_TOKEN": "ppid",
    "PENETAP_TOKEN": "penetap",
    "ADMIN_TOKEN": "admin",
    "WARGA_TOKEN": "warga",
}
CALL = re.compile(
    r"```bash\n(?P<script>(?:(?!```).)*?\bcurl\b.*?)```\n\s*(?P<after>[^\n]*(?:\n[^\n#`|]+)*)",
    re.DOTALL,
)
ANSWERS = re.compile(r"^Answers `(\d+)`(?: with `([\w.]+)`)?(?:: `(\w+)`)?")
OURS = re.compile(r"/api/3/action/(satudata_\w+)")
KEEP = re.compile(r"Keep `([\w.]+)` as `\$(\w+)`")


@dataclass(frozen=True)
class Call:
    """A call of the document and what is said of its answer."""

    script: str
    status: str
    field: str | None
    value: str | None
    keep: tuple[str, str] | None


def calls() -> list[Call]:
    """Return the calls of the document."""
    found = []
    for match in CALL.finditer(DOCUMENT.read_text("utf-8")):
        answers = ANSWERS.match(match["after"])
        assert answers, f"no answer is given for:\n{match['script']}"
        keep = KEEP.search(match["after"])
        found.append(Call(match["script"], *answers.groups(), keep and keep.groups()))
    return found


def inside(body: Any, path: str) -> Any:
    """Return what stands at a dotted path of an answer."""
    for key in path.split("."):
        body = body[int(key)] if isinstance(body, list) else body[key]
    return body


def make(call: Call, folder: Path, environment: dict[str, str]) -> tuple[str, Any]:
    """Run a call as a shell would; return its status and what it answered."""
    answer = folder / "answer"
    answer.unlink(missing_ok=True)
    script = (
        f"curl() {{ command curl -sS -o '{answer}' -w '%{{http_code}}' \"$@\"; }}\n{call.script}"
    )
    done = subprocess.run(
        ["bash", "-euc", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, f"{call.script}\n{done.stderr}"
    text = answer.read_text("utf-8") if answer.exists() else ""
    return done.stdout.strip(), json.loads(text) if text.startswith("{") else text


@pytest.mark.xdist_group("produsen_dinkes")
def test_every_call_of_the_document_answers_as_it_says(site, tmp_path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "NO_PROXY": "*",
        "SATUDATA_URL": site.url,
        "DATASET": f"dinas-kesehatan-stok-beras-{uuid.uuid4().hex[:8]}",
        **{variable: site.tokens[name] for variable, name in PEOPLE.items()},
    }
    made = calls()
    assert len(made) > 20
    for call in made:
        status, answer = make(call, tmp_path, environment)
        assert status == call.status, f"{call.script}\n{answer}"
        if call.field:
            found = inside(answer, call.field)
            assert found
            assert call.value in (None, *found)
        named = OURS.search(call.script)
        if named and status == "200":
            declared = answers.answer_of(answers.ours()[named[1]])
            assert answers.problems(answer["result"], declared, named[1]) == []
        if call.keep:
            path, variable = call.keep
            environment[variable] = str(inside(answer, path))


def test_the_file_that_comes_back_is_the_one_that_was_sent(site, tmp_path) -> None:
    """Beside the status: the bytes of an open dataset of the demo are what its hash says."""
    # The oldest first: nobody is changing those of the demo meanwhile.
    query = "q=tingkat_keamanan:biasa&rows=100&sort=metadata_created+asc"
    script = f"curl '{site.url}/api/3/action/package_search?{query}'"
    call = Call(script, "200", None, None, None)
    _, answer = make(call, tmp_path, dict(os.environ))
    resources = [each for found in answer["result"]["results"] for each in found["resources"]]
    # Others of the city may be on hold, past their date or still on their way: without an address.
    resource = next(each for each in resources if each["url"])
    content = subprocess.run(
        ["curl", "-sS", resource["url"]], capture_output=True, timeout=60, check=True
    ).stdout
    assert len(content) == int(resource["size"])
