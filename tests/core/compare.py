"""Compares the two halves of the stage `core` with what stands in ``differences.yaml``.

Usage: compare.py FOLDER_WITHOUT FOLDER_WITH PACKAGE...

Exit code 1 where a test that passes without our plugin fails with it and is not listed, and where
one is listed that passes, or that is not there any more.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml

LISTED = Path(__file__).with_name("differences.yaml")
Outcomes = Mapping[str, str]
"""By id of a test: ``passed``, ``failed`` or ``skipped``."""


def kept(folder: Path) -> dict[str, dict[str, str]]:
    """Return what the plugin `keeping` wrote of a half, by id."""
    found: dict[str, dict[str, str]] = {}
    for file in sorted(folder.glob("*.json")):
        found |= json.loads(file.read_text("utf-8"))
    return found


def entries(text: str) -> dict[str, str]:
    """Return the entries of the file of differences, id or beginning with ``*`` → reason.

    :raises ValueError: an entry stands there twice.
    """
    found: dict[str, str] = {}
    for group in yaml.safe_load(text) or ():
        for module, tests in group["tests"].items():
            for test in tests:
                entry = f"{module}::{test}"
                if entry in found:
                    raise ValueError(f"{entry} stands there twice")
                found[entry] = group["reason"].strip()
    return found


def _covers(entry: str, test: str) -> bool:
    return test.startswith(entry[:-1]) if entry.endswith("*") else test == entry


def judged(
    without: Outcomes, ours: Outcomes, listed: Mapping[str, str], packages: Iterable[str]
) -> tuple[list[str], Counter[str]]:
    """Return what is wrong, a line each, and how many differences each reason has.

    :param packages: the folders of tests that ran; entries of others are not asked for.
    """
    below = tuple(f"{package}/" for package in packages)
    passed = {t for t, o in without.items() if o == "passed" and t.startswith(below)}
    left = {test for test in passed if ours.get(test) != "passed"}
    wrong, counted = [], Counter()
    for entry, reason in listed.items():
        if not entry.startswith(below):
            continue
        covered = {test for test in without if _covers(entry, test)}
        if not covered:
            wrong.append(f"listed, and there is no such test: {entry}")
        passes = sorted(test for test in covered if ours.get(test) == "passed")
        wrong += [f"listed, and passes with us: {test}" for test in passes]
        counted[reason] += len(covered & left)
        left -= covered
    wrong += [f"differs, and is not listed: {test}" for test in sorted(left)]
    return wrong, counted


def main(without: Path, ours: Path, packages: list[str]) -> int:
    """Print the comparison; return the exit code."""
    halves = kept(without), kept(ours)
    outcomes = [{test: of["outcome"] for test, of in half.items()} for half in halves]
    names = [package.rpartition(".")[2] for package in packages]
    wrong, counted = judged(*outcomes, entries(LISTED.read_text("utf-8")), names)
    told = []
    for name, half in zip(("without us", "with us"), outcomes, strict=True):
        of = Counter(half.values())
        rest = f"{of['failed']} failed, {of['skipped']} skipped"
        told.append(f"{name:>10}: {len(half)} tests, {of['passed']} passed, {rest}")
    told.append(f"{sum(counted.values())} differences, by reason:")
    told += [f"{number:>6}  {' '.join(reason.split())}" for reason, number in counted.most_common()]
    failed = [test for test, outcome in outcomes[0].items() if outcome == "failed"]
    told.append(f"{len(failed)} fail without us as well (environment):")
    told += [f"        {test}: {_why(halves[0][test])}" for test in failed]
    told += [f"{line}: {_why(halves[1].get(line.rpartition(': ')[2], {}))}" for line in wrong]
    sys.stdout.write("\n".join(told) + "\n")
    return 1 if wrong else 0


def _why(of: Mapping[str, str]) -> str:
    return " ".join(of.get("why", "").split())[:160]


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]))
