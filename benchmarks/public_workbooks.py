"""How well the real workbooks of `tests/workbooks/public.yaml` become tables.

Usage: ``python benchmarks/public_workbooks.py [--kept FOLDER]``. What is not in the folder yet is
fetched and held against its SHA-256, so that a run that was broken off goes on where it ended.
Printed are counts and rows of headings, never a cell.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import yaml

# The queue.py beside this script is not Python's.
sys.path[:] = [p for p in sys.path if Path(p).resolve() != Path(__file__).parent.resolve()]
# ruff: noqa: E402

from ckanext.satudata_pontianak.tidying.reading import grids
from ckanext.satudata_pontianak.tidying.suggest import suggest

HERE = Path(__file__).parent.parent
LISTED = HERE / "tests" / "workbooks" / "public.yaml"
KEPT = HERE / ".run" / "public-workbooks"
SECONDS = 60
MOST_BYTES = 20_000_000


def fetched(one: dict[str, Any], folder: Path) -> Path | None:
    """Return a workbook of the list in the folder, fetched where it is missing.

    :returns: ``None`` where it could not be had, or is not what the list says.
    """
    path = folder / f"{one['sha256']}.xlsx"
    if not path.exists():
        place = urllib.parse.quote(f"{one['repository']}/{one['commit']}/{one['path']}")
        address = f"https://raw.githubusercontent.com/{place}"
        try:
            with urllib.request.urlopen(address, timeout=SECONDS) as answer:
                content = answer.read(MOST_BYTES)
        except (urllib.error.URLError, TimeoutError):
            return None
        part = path.with_suffix(".part")
        part.write_bytes(content)
        part.rename(path)
    if hashlib.sha256(path.read_bytes()).hexdigest() != one["sha256"]:
        path.unlink()
        return None
    return path


def row(one: dict[str, Any], path: Path) -> tuple[bool, str]:
    """Return whether sheet and headings are right, and the row that tells of a workbook."""
    found = suggest(grids(path, path.name))
    name, first, last = Path(one["path"]).stem, *one["header"]
    if found is None:
        return False, f"| {name} | {one['licence']} | no table | {first}–{last} | | no |"
    recipe = found.recipe
    right = (recipe.sheet, recipe.first, recipe.last) == (one["sheet"], first, last)
    table = f"{len(found.tidied.rows)} × {len(found.tidied.fields)}"
    said = f"{recipe.first}–{recipe.last} | {first}–{last} | {table} | {'yes' if right else 'no'}"
    return right, f"| {name} | {one['licence']} | {said} |"


def main() -> None:
    """Print a row for each workbook, and how many are right."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kept", type=Path, default=KEPT)
    folder = options.parse_args().kept
    folder.mkdir(parents=True, exist_ok=True)
    listed, right, read = yaml.safe_load(LISTED.read_text("utf-8")), 0, 0
    print("| workbook | licence | headings | a person reads | rows × columns | right |")
    print("|---|---|---|---|---|---|")
    for one in listed:
        path = fetched(one, folder)
        if path is None:
            print(f"| {Path(one['path']).stem} | {one['licence']} | not fetched | | | |")
            continue
        read += 1
        same, said = row(one, path)
        right += same
        print(said)
    print(f"\n{right} of {read} that were read are right; {len(listed) - read} not fetched.")


if __name__ == "__main__":
    main()
