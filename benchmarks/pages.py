"""How long people wait for pages: ours and plain CKAN's, on the same 10,000 datasets.

Usage: ``bin/bench pages``, or ``python benchmarks/pages.py --ini CKAN.INI [--datasets 10000]`` with
``SATUDATA_ADMIN_URL`` set. How both sites are made stands in ``lib/side_by_side.py``.

Home, search, dataset page and agency page are asked for by turns over HTTP, by a visitor without
an account: "another each time" goes through pages that nobody has read yet, "the same again" asks
for one page over and over. *Anew* is ours with no page kept, *kept* is ours as it is. The target is
at most 1.0.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

# Beside this file stands queue.py: "import queue" would find it instead of Python's own module.
sys.path.pop(0)
sys.path.insert(0, str(Path(__file__).resolve().parent / "lib"))

import filling
import side_by_side


def questions(datasets: int, agencies: int, rounds: int) -> dict[str, list[str]]:
    """Return what is asked, with as many pages that differ as there are rounds."""
    r = random.Random(3)
    some = r.sample(range(datasets), min(rounds + 3, datasets))
    words = filling.THINGS
    found = [f"/dataset/?q={r.choice(words)}&page={r.randint(1, 40)}" for _ in range(rounds + 3)]
    return {
        "home, the same again": ["/"],
        "search, the same again": ["/dataset/"],
        "search, another each time": found,
        "dataset, the same again": [f"/dataset/{filling.name_of(0)}"],
        "dataset, another each time": [f"/dataset/{filling.name_of(i)}" for i in some],
        "agency, the same again": ["/organization/dinas-00"],
        "agency, another each time": [f"/organization/dinas-{i:02}" for i in range(agencies)],
    }


if __name__ == "__main__":
    given = side_by_side.options(__doc__ or "", datasets=10000, rounds=60)
    with side_by_side.sites(given) as addresses:
        asked = questions(given.datasets, given.agencies, given.rounds)
        side_by_side.report(side_by_side.measure(addresses, asked, given.rounds))
