"""The calls of the API guide, in curl, Python, R and JavaScript, on the address of this site.

Pure. Code is not translated. Every call in curl and Python is run by a test; Python needs nothing
but its own library, R needs ``jsonlite``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...msgids import N_

LABELS = {"curl": "curl", "python": "Python", "r": "R", "javascript": "JavaScript"}


@dataclass(frozen=True)
class Example:
    """One call.

    :ivar title: what it does, an English msgid.
    :ivar code: the call by language, in the order of :data:`LABELS`.
    """

    id: str
    title: str
    code: Mapping[str, str]


def _read(id: str, title: str, address: str, python: str, r: str, javascript: str) -> Example:
    code = {
        "curl": f'curl "{address}"',
        "python": (
            "import json\nfrom urllib.request import urlopen\n\n"
            f'with urlopen("{address}") as answer:\n    result = json.load(answer)["result"]\n'
            f"{python}"
        ),
        "r": f'result <- jsonlite::fromJSON("{address}")$result\n{r}',
        "javascript": (
            f'const answer = await fetch("{address}");\n'
            f"const {{ result }} = await answer.json();\n{javascript}"
        ),
    }
    return Example(id, title, code)


def examples(site: str, dataset: str, resource: str) -> list[Example]:
    """Return the examples for a site.

    :param site: its address, without a slash at the end.
    :param dataset: name of an open dataset.
    :param resource: id of a file of it that has a table.
    """
    api = f"{site}/api/3/action"
    rows = f"{api}/datastore_search?resource_id={resource}&limit=5"
    file = f"{site}/dataset/{dataset}/resource/{resource}/download"
    return [
        _read(
            "search",
            N_("Search for datasets"),
            f"{api}/package_search?q=penduduk&rows=5",
            'for dataset in result["results"]:\n    print(dataset["name"], dataset["title"])',
            "result$results[, c('name', 'title')]",
            "for (const dataset of result.results) console.log(dataset.name, dataset.title);",
        ),
        _read(
            "dataset",
            N_("Read the metadata of a dataset"),
            f"{api}/package_show?id={dataset}",
            'for file in result["resources"]:\n    print(file["format"], file["url"])',
            "result$resources[, c('format', 'url')]",
            "for (const file of result.resources) console.log(file.format, file.url);",
        ),
        _read(
            "rows",
            N_("Read rows of a table"),
            rows,
            'for row in result["records"]:\n    print(row)',
            "result$records",
            "console.table(result.records);",
        ),
        Example(
            "download",
            N_("Download a file"),
            {
                "curl": f'curl -L -o data.csv "{file}"',
                "python": (
                    f'from urllib.request import urlretrieve\n\nurlretrieve("{file}", "data.csv")'
                ),
                "r": f'data <- read.csv("{file}")\nhead(data)',
                "javascript": (
                    f'const text = await (await fetch("{file}")).text();\n'
                    "console.log(text.slice(0, 500));"
                ),
            },
        ),
        Example(
            "token",
            N_("Call with your token"),
            {
                "curl": f'curl -H "Authorization: $TOKEN" "{api}/package_show?id={dataset}"',
                "python": (
                    "import json\nimport os\nfrom urllib.request import Request, urlopen\n\n"
                    f'asked = Request("{api}/package_show?id={dataset}")\n'
                    'asked.add_header("Authorization", os.environ["TOKEN"])\n'
                    'print(json.load(urlopen(asked))["result"]["title"])'
                ),
                "r": (
                    f'connection <- url("{api}/package_show?id={dataset}",\n'
                    '  headers = c(Authorization = Sys.getenv("TOKEN")))\n'
                    "jsonlite::fromJSON(connection)$result$title"
                ),
                "javascript": (
                    f'const answer = await fetch("{api}/package_show?id={dataset}",\n'
                    "  { headers: { Authorization: process.env.TOKEN } });\n"
                    "console.log((await answer.json()).result.title);"
                ),
            },
        ),
    ]


def missing(site: str) -> str:
    """Return a call that is refused: of something that nobody may know of, or that is not there."""
    return f'curl "{site}/api/3/action/package_show?id=tidak-ada"'
