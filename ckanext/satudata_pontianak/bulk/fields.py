"""What a column of the list may be: the fields of ``schemas/dataset.yaml``, and its files. Pure."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from .. import paths
from ..classification.rules.axes import AXES, classification
from ..metadata import completeness
from ..msgids import N_, bare
from ..surface import yaml_text

FILE, FILE_NAME, FILE_ABOUT, FILE_FORMAT, KEY, ID = (
    "berkas", "nama_berkas", "keterangan_berkas", "format_berkas", "kunci", "id",
)  # fmt: skip
STATE = "sidik"
"""By which it is told whether a dataset was changed since its row was downloaded."""
FILE_COLUMNS = {
    FILE: N_("Data file"),
    FILE_NAME: N_("Name of the data file"),
    FILE_ABOUT: N_("Description of the data file"),
    FILE_FORMAT: N_("Format of the data file"),
    KEY: N_("Key of the row"),
    ID: N_("Id on the portal"),
    STATE: N_("Fingerprint (do not change)"),
}
"""What a list says beside the metadata, and what those columns are called."""
ALIASES = {
    "file": FILE, "files": FILE, "path": FILE, "upload": FILE, "resources": FILE,
    "tags": "tag_string", "organization": "owner_org", "key": KEY,
    "perangkat daerah": "owner_org", "opd": "owner_org", "skpd": "owner_org",
    "instansi": "owner_org", "produsen data": "owner_org", "nama dataset": "title",
    "judul dataset": "title", "nama data": "title", "nama file": FILE,
}  # fmt: skip
SURE, CLEAR = 0.88, 0.1
"""How like a spelling has to be to be taken for another, and how much more than the next one."""


@dataclass(frozen=True)
class Field:
    """A field of a dataset, as far as a list needs it."""

    name: str
    label: str
    preset: str = ""
    choices: Mapping[str, str] | None = None
    """Value → label, where only these are taken."""
    codes: str = ""
    """The code list that a value is of."""
    needed: bool = False
    """Whether submission needs it."""
    empty_values: tuple[str, ...] = ()

    @property
    def is_axis(self) -> bool:
        """Whether it is one of the three axes of the classification."""
        return self.name in AXES


@cache
def fields() -> dict[str, Field]:
    """Return the fields of the dataset schema by name."""
    content = yaml_text.read(paths.schemas() / "dataset.yaml")
    return {each["field_name"]: _field(each) for each in content["dataset_fields"]}


def _field(given: Mapping[str, Any]) -> Field:
    name = given["field_name"]
    choices = {c["value"]: c["label"] for c in given.get("choices", ())} or None
    if name in AXES:
        values = classification().axes[name]["values"]
        choices = {value: item["label"] for value, item in values.items()}
    return Field(
        name,
        given.get("label") or name,
        preset=given.get("preset", ""),
        choices=choices,
        codes=given.get("codes", ""),
        needed=bool(given.get(completeness.MARK)),
        empty_values=tuple(given.get("empty_values", ())),
    )


def label(name: str) -> str:
    """Return what a column is called; a msgid."""
    known = fields().get(name)
    return known.label if known else FILE_COLUMNS.get(name, name)


def folded(text: str) -> str:
    """Return a text by which spellings are compared: no case, blanks, marks or accents."""
    plain = unicodedata.normalize("NFKD", text).casefold().replace("&", "dan")
    return "".join(sign for sign in plain if sign.isalnum())


def slug(text: str) -> str:
    """Return a text as it stands in an address."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


class Headings:
    """Which field a heading names: its name, its label in English or as it is translated."""

    def __init__(self, translate: Callable[[str], str]) -> None:
        """Take the language that lists are written in."""
        self._known: dict[str, str] = {folded(alias): name for alias, name in ALIASES.items()}
        for name in (*fields(), *FILE_COLUMNS):
            text = label(name)
            for called in (bare(text), bare(translate(text)), name):
                self._known[folded(called)] = name

    def field(self, heading: str) -> str | None:
        """Return the field that a heading names."""
        return self._known.get(folded(heading))

    def nearest(self, heading: str) -> str | None:
        """Return the field whose heading is most like this one."""
        found = difflib.get_close_matches(folded(heading), self._known, n=1, cutoff=0.6)
        return self._known[found[0]] if found else None


def nearest(text: str, known: Iterable[tuple[str, str]]) -> tuple[str | None, bool]:
    """Return the value whose name is most like a text, and whether it certainly is meant.

    :param known: names and values; a value may have several names.
    """
    wanted = folded(text)
    best: dict[str, float] = {}
    for name, value in known:
        other = folded(name)
        like = 1.0 if other == wanted else difflib.SequenceMatcher(None, wanted, other).ratio()
        best[value] = max(best.get(value, 0.0), like)
    order = sorted(best, key=lambda value: -best[value])
    if not wanted or not order or best[order[0]] < 0.5:
        return None, False
    first = best[order[0]]
    second = best[order[1]] if len(order) > 1 else 0.0
    if first == 1.0:
        return order[0], second < 1.0
    return order[0], first >= SURE and first - second >= CLEAR
