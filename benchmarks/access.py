"""What guarding every exit costs: the same portal with our extension, and plain CKAN without it.

Usage: ``bin/bench access``, or ``python benchmarks/access.py --ini CKAN.INI [--rounds 60]`` with
``SATUDATA_ADMIN_URL`` set. How both sites are made stands in ``lib/side_by_side.py``.

The same question goes to all by turns over HTTP, by a visitor without an account, the first by
lot. Told are the medians, and the ratio of the medians with its 95 % interval (bootstrap). *Anew*
is ours with no page kept: what each exit costs; *kept* is ours as it is. The target is 1.10.
"""

from __future__ import annotations

import sys
from pathlib import Path

# Beside this file stands queue.py: "import queue" would find it instead of Python's own module.
sys.path.pop(0)
sys.path.insert(0, str(Path(__file__).resolve().parent / "lib"))

import filling
import requests
import side_by_side


def questions(plain: str) -> dict[str, list[str]]:
    """Return what is asked."""
    show = f"/api/3/action/package_show?id={filling.name_of(0)}"
    big = requests.get(f"{plain}{show}", timeout=60).json()["result"]
    resource = big["resources"][0]["id"]
    return {
        "package_search, 20 rows": ["/api/3/action/package_search?rows=20"],
        "package_show": [show],
        "dataset page": [f"/dataset/{filling.name_of(0)}"],
        "download, 10 MB": [f"/dataset/{big['id']}/resource/{resource}/download/data.csv"],
    }


if __name__ == "__main__":
    given = side_by_side.options(__doc__ or "", datasets=500, rounds=60)
    with side_by_side.sites(given) as addresses:
        asked = questions(addresses["plain"])
        side_by_side.report(side_by_side.measure(addresses, asked, given.rounds))
