"""How often a citizen's question finds the dataset that is meant: our search beside plain CKAN's.

Usage: ``bin/bench search``, or ``python benchmarks/search.py --ini CKAN.INI``. Needs Solr only: the
made-up catalogue of ``tests/search/corpus.yaml`` is written into the core of the configuration,
under a site of its own, and into a second core with CKAN's own schema that is made for the run and
thrown away. Both halves of the queries are asked of both; what is told is how many have a wanted
dataset among the first five. Misses are listed for the half that may be looked at only.
"""

from __future__ import annotations

import sys

# Beside this file, "import search" would find it instead of the tests' own folder.
sys.path.pop(0)

import argparse
import os
import statistics
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
PLAIN = "satudata_plain_search"


def admin(base: str, **params: str) -> Any:
    """Ask Solr's administration of cores; return its answer."""
    import json

    asked = urllib.parse.urlencode({**params, "wt": "json"})
    with urllib.request.urlopen(f"{base}/admin/cores?{asked}", timeout=60) as answer:
        return json.load(answer)


def plain_core(url: str) -> str:
    """Make a core with CKAN's own schema beside the one at this address; return its address."""
    base, _, name = url.rstrip("/").rpartition("/")
    status = admin(base, action="STATUS", core=name)["status"][name]
    home = Path(status["instanceDir"]).parent
    script = ROOT / "solr" / "make_configset.py"
    subprocess.run(
        [sys.executable, script, "--plain", home, PLAIN], check=True, capture_output=True
    )
    if not admin(base, action="STATUS", core=PLAIN)["status"][PLAIN]:
        # The file that names a core is there already: Solr writes it itself when it makes one.
        (home / PLAIN / "core.properties").unlink()
        admin(base, action="CREATE", name=PLAIN, instanceDir=str(home / PLAIN))
    return f"{base}/{PLAIN}"


def drop(url: str) -> None:
    """Throw the core away."""
    base, _, name = url.rpartition("/")
    admin(base, action="UNLOAD", core=name, deleteInstanceDir="true")


def measure(ways: dict[str, Callable[[str], list[str]]]) -> list[str]:
    """Ask every query in each way, by turns; return the rows of the table."""
    from search import corpus  # pyright: ignore[reportMissingImports]

    found: dict[str, dict[str, int]] = {name: {} for name in ways}
    times: dict[str, list[float]] = {name: [] for name in ways}
    totals = {half: len(corpus.queries(half)) for half in corpus.HALVES}
    for half in corpus.HALVES:
        for query in corpus.queries(half):
            for name, hits in ways.items():
                begun = time.perf_counter()
                first = hits(query.q)
                times[name].append((time.perf_counter() - begun) * 1000)
                hit = bool(query.want & set(first))
                found[name][half] = found[name].get(half, 0) + hit
                if not hit and half == "seen":
                    print(f"  {name}: {query.q!r} misses; first are {first}")
    rows = []
    for name in ways:
        cells = [f"{n}/{totals[h]} = {n / totals[h]:.3f}" for h, n in found[name].items()]
        rows.append(f"| {name} | {' | '.join(cells)} | {statistics.median(times[name]):.1f} ms |")
    return rows


def main() -> None:
    """Measure both, by turns on the same machine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ini", default=os.environ.get("CKAN_INI"))
    ini = parser.parse_args().ini
    if not ini:
        sys.exit(__doc__)
    os.environ["CKAN_INI"] = ini
    from ckan.cli import CKANConfigLoader
    from ckan.config.middleware import make_app
    from ckan.plugins import toolkit as tk

    app: Any = make_app(CKANConfigLoader(ini).get_config())
    from search import corpus, measuring  # pyright: ignore[reportMissingImports]

    url = tk.config["solr_url"]
    with getattr(app, "_wsgi_app", app).test_request_context("/"):
        other = plain_core(url)
        try:
            with (
                measuring.indexed(other, ours=False) as plain,
                measuring.indexed(url, ours=True) as solr,
            ):

                def ask(core: Any, way: Any) -> Callable[[str], list[str]]:
                    def hits(q: str) -> list[str]:
                        with measuring.asking(core) as search:
                            return way(search)(q)

                    return hits

                rows = measure(
                    {
                        "plain CKAN": ask(plain, measuring.plain),
                        "ours": ask(solr, measuring.forgiving),
                    }
                )
        finally:
            drop(other)
    print(f"\n{len(corpus.datasets())} datasets; wanted one among the first {measuring.TOP}\n")
    print("| search | looked at while tuning | unread | median |\n|---|---|---|---|")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
