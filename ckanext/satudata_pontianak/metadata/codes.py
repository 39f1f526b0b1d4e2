"""Code lists: government affairs and regions, with their version and source.

Pure: reads the files in ``schemas/codes`` and knows nothing of CKAN. Kode Referensi must carry
where it comes from (Perpres 39/2019, article 10), so a list without version and source does not
load.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.surface import yaml_text

LEVELS = ("negara", "provinsi", "kota", "kecamatan", "kelurahan")


@dataclass(frozen=True)
class Code:
    """One entry of a code list."""

    code: str
    label: str
    level: str = ""
    bps_code: str = ""
    aliases: tuple[str, ...] = ()
    english: str = ""

    @property
    def parent(self) -> str | None:
        """The code one level up, for dotted codes."""
        return self.code.rpartition(".")[0] or None


@dataclass(frozen=True)
class CodeList:
    """A code list as it stood at its version."""

    name: str
    version: str
    source: str
    codes: dict[str, Code] = field(default_factory=dict)

    def get(self, code: str | None) -> Code | None:
        """The entry with this code."""
        return self.codes.get(code) if code else None


def _folder() -> Path:
    return paths.schemas() / "codes"


def read_yaml(path: Path) -> CodeList:
    """Read a list kept as YAML."""
    content = yaml_text.read(path)
    codes = [
        Code(str(c["code"]), str(c["label"]), english=str(c.get("english", "")))
        for c in content["codes"]
    ]
    return CodeList(path.stem, str(content["version"]), str(content["source"]), _indexed(codes))


def read_regions(folder: Path) -> CodeList:
    """Read the regions: ``wilayah.csv`` with its provenance beside it in ``about.yaml``."""
    about = yaml_text.read(folder / "about.yaml")
    with (folder / "wilayah.csv").open(encoding="utf-8", newline="") as file:
        codes = []
        for row in csv.DictReader(file):
            aliases = tuple(filter(None, row["aliases"].split("|")))
            codes.append(Code(row["code"], row["name"], row["level"], row["bps_code"], aliases))
    return CodeList("wilayah", str(about["version"]), str(about["source"]), _indexed(codes))


def _indexed(codes: list[Code]) -> dict[str, Code]:
    found: dict[str, Code] = {}
    for code in codes:
        if code.code in found:
            raise ValueError(f"code {code.code} stands twice in the list")
        found[code.code] = code
    return found


@cache
def code_list(name: str) -> CodeList:
    """The list with this name: ``urusan`` or ``wilayah``. Raises KeyError for any other."""
    if name == "wilayah":
        return read_regions(_folder() / "wilayah")
    if name == "urusan":
        return read_yaml(_folder() / "urusan.yaml")
    raise KeyError(name)


def urusan(code: str | None) -> Code | None:
    """The government affair with this code."""
    return code_list("urusan").get(code)


def region(code: str | None) -> Code | None:
    """The region with this code of the Ministry of Home Affairs, written with dots."""
    return code_list("wilayah").get(code)


def find_region(text: str) -> Code | None:
    """A region by code, or by a name or spelling that only one region has.

    Case and blanks do not count: "Benua Melayu Laut" is "Benuamelayu Laut", but "Sungai Jawi"
    is not "Sungai Jawi Dalam".
    """
    by_code = region(text.strip())
    if by_code is not None:
        return by_code
    found = _regions_by_name().get(_folded(text), ())
    return found[0] if len(found) == 1 else None


@cache
def _regions_by_name() -> dict[str, list[Code]]:
    """Return the regions by name and spelling: whole columns and files are looked up in it."""
    found: dict[str, list[Code]] = {}
    for code in code_list("wilayah").codes.values():
        for name in {_folded(code.label), *(_folded(a) for a in code.aliases)}:
            found.setdefault(name, []).append(code)
    return found


def _folded(text: str) -> str:
    return "".join(text.casefold().split())
