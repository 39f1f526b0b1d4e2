"""How a dataset is cited: as text, and for programs that keep references. Pure.

Each form is escaped by its own rules, so that no title can break it. What is cited is the dataset
with the day on which its data came last, at its address, with the day on which it was read.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

# Braces by name: BibTeX counts braces, also those behind a backslash.
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: "\\" + sign for sign in "$&#%_"},
}
_TEX_SIGNS = re.compile("|".join(re.escape(sign) for sign in _TEX))


@dataclass(frozen=True)
class Work:
    """What is cited.

    ``name``: the dataset's name in its address; ``author``: the agency; ``portal``: who publishes;
    ``issued``: the day on which the data came last; ``accessed``: the day on which they are read.
    """

    name: str
    title: str
    author: str
    portal: str
    url: str
    issued: dt.date
    accessed: dt.date
    language: str = "id"
    version: str = ""
    """The beginning of the SHA-256 of the file, where it has one: whose bytes were read."""


def one_line(text: str) -> str:
    """Return a text without line ends, control characters and double blanks."""
    kept = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return " ".join(kept.split())


def key(work: Work) -> str:
    """Return the short name that a work has in a list of references."""
    author = unicodedata.normalize("NFKD", work.author).encode("ascii", "ignore").decode()
    parts = (author, str(work.issued.year), work.name)
    return "-".join(re.sub(r"[^a-z0-9]+", "-", part.lower()).strip("-") for part in parts if part)


def bibtex(work: Work) -> str:
    """Return a work as BibTeX, in UTF-8."""
    fields = {
        "author": "{" + _tex(work.author) + "}",  # a body, not a person with a family name
        "title": "{" + _tex(work.title) + "}",
        "year": str(work.issued.year),
        "month": str(work.issued.month),
        "publisher": _tex(work.portal),
        "howpublished": "Dataset",
        "url": work.url,
        "urldate": work.accessed.isoformat(),
        "language": work.language,
    }
    if work.version:
        fields["version"] = _tex(work.version)
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items()]
    return "@misc{" + key(work) + ",\n" + ",\n".join(lines) + "\n}\n"


def ris(work: Work) -> str:
    """Return a work in the format of Research Information Systems."""
    day = "%Y/%m/%d/"
    lines = (
        ("TY", "DATA"),
        ("ID", key(work)),
        ("AU", work.author),
        ("TI", work.title),
        ("PB", work.portal),
        ("PY", str(work.issued.year)),
        ("DA", work.issued.strftime(day)),
        ("Y2", work.accessed.strftime(day)),
        ("UR", work.url),
        ("LA", work.language),
        *([("ET", work.version)] if work.version else []),
        ("ER", ""),
    )
    return "".join(f"{tag}  - {one_line(value)}\r\n" for tag, value in lines)


def csl(work: Work) -> str:
    """Return a work as CSL-JSON, which Zotero and pandoc read."""
    item: dict[str, Any] = {
        "id": key(work),
        "type": "dataset",
        "title": one_line(work.title),
        "author": [{"literal": one_line(work.author)}],
        "publisher": one_line(work.portal),
        "issued": _parts(work.issued),
        "accessed": _parts(work.accessed),
        "URL": work.url,
        "language": work.language,
        **({"version": one_line(work.version)} if work.version else {}),
    }
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


def _parts(day: dt.date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]}


def _tex(text: str) -> str:
    return _TEX_SIGNS.sub(lambda found: _TEX[found[0]], one_line(text))
