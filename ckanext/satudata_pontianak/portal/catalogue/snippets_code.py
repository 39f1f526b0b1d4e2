"""Programs that read a file of this portal, in four languages: short, whole, and working. Pure.

They use nothing that does not come with the language, but R's ``jsonlite``. Of data that are not
open they send the token of whoever runs them, which they take from the variable ``TOKEN``.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

LIMIT = 100


class Snippet(NamedTuple):
    """A program: the language as people call it, and its text."""

    language: str
    code: str


def snippets(
    site_url: str, resource_id: str, file_url: str, *, table: bool, is_open: bool
) -> list[Snippet]:
    """Return the programs for a file.

    :param site_url: address of the portal, without a slash at its end.
    :param file_url: whole address of the file.
    :param table: its rows can be asked for one by one.
    """
    if table:
        address = (
            f"{site_url}/api/3/action/datastore_search?resource_id={resource_id}&limit={LIMIT}"
        )
        return _rows(_quoted(address), is_open=is_open)
    return _file(_quoted(file_url), _name(file_url), is_open=is_open)


def _quoted(address: str) -> str:
    """Return an address as it stands between quotes in each of the languages."""
    return re.sub(r"[\"'\\$`\s<>]", lambda found: f"%{ord(found[0]):02X}", address)


def _name(address: str) -> str:
    """Return a harmless file name for what is behind an address."""
    last = urlsplit(address).path.rpartition("/")[2]
    return re.sub(r"[^A-Za-z0-9._-]+", "-", last).strip("-.") or "data"


def _rows(address: str, *, is_open: bool) -> list[Snippet]:
    if is_open:
        python = f'with urlopen("{address}") as answer:'
        imports = "import json\nfrom urllib.request import urlopen"
        r = f'rows <- fromJSON("{address}")$result$records'
        script = f'const answer = await fetch("{address}");'
        curl = f'curl "{address}"'
    else:
        python = (
            f'request = Request("{address}", headers={{"Authorization": os.environ["TOKEN"]}})\n'
            "with urlopen(request) as answer:"
        )
        imports = "import json\nimport os\nfrom urllib.request import Request, urlopen"
        r = (
            f'address <- url("{address}", headers = c(Authorization = Sys.getenv("TOKEN")))\n'
            'rows <- fromJSON(paste(readLines(address, warn = FALSE), collapse = "\\n"))'
            "$result$records"
        )
        script = (
            f'const answer = await fetch("{address}", {{\n'
            "  headers: { Authorization: process.env.TOKEN },\n});"
        )
        curl = f'curl -H "Authorization: $TOKEN" "{address}"'
    return [
        Snippet("curl", curl),
        Snippet(
            "Python",
            f'{imports}\n\n{python}\n    rows = json.load(answer)["result"]["records"]\n'
            "for row in rows:\n    print(row)",
        ),
        Snippet("R", f"library(jsonlite)\n\n{r}\nprint(rows)"),
        Snippet(
            "JavaScript",
            f"{script}\nconst {{ result }} = await answer.json();\nconsole.table(result.records);",
        ),
    ]


def _file(address: str, name: str, *, is_open: bool) -> list[Snippet]:
    if is_open:
        python = f'from urllib.request import urlretrieve\n\nurlretrieve("{address}", "{name}")'
        r = f'download.file("{address}", "{name}", mode = "wb")'
        options, curl = "", f'curl -L -o "{name}" "{address}"'
    else:
        python = (
            "import os\nimport shutil\nfrom urllib.request import Request, urlopen\n\n"
            f'request = Request("{address}", headers={{"Authorization": os.environ["TOKEN"]}})\n'
            f'with urlopen(request) as answer, open("{name}", "wb") as file:\n'
            "    shutil.copyfileobj(answer, file)"
        )
        r = (
            f'download.file("{address}", "{name}", mode = "wb",\n'
            '              headers = c(Authorization = Sys.getenv("TOKEN")))'
        )
        options = ", { headers: { Authorization: process.env.TOKEN } }"
        curl = f'curl -L -H "Authorization: $TOKEN" -o "{name}" "{address}"'
    script = (
        'import { writeFile } from "node:fs/promises";\n\n'
        f'const answer = await fetch("{address}"{options});\n'
        f'await writeFile("{name}", Buffer.from(await answer.arrayBuffer()));'
    )
    return [
        Snippet("curl", curl),
        Snippet("Python", python),
        Snippet("R", r),
        Snippet("JavaScript", script),
    ]
