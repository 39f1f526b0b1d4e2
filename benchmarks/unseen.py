"""Is what somebody may not know of answered in the time of an unknown name?

Usage: ``bin/bench unseen``, or ``python benchmarks/unseen.py [--doors WORD]`` with
``SATUDATA_SITE_URL`` and ``SATUDATA_RUN_DIR`` of a running demo site.

Through each of twenty-two doors go pairs of requests: for a dataset (or a paper of it) that the
caller may not know of, and for a name of the same length that nothing has, made up anew each time;
the first of a pair by lot. Told is the area under the ROC curve, how often the unseen one of two
answers taken at random took longer: 0.5 tells nothing. A door outside of 0.45 to 0.55 is asked
again, with more pairs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Beside this file stands queue.py: "import queue" would find it instead of Python's own module.
sys.path.pop(0)

import requests

from ckanext.satudata_pontianak.ledger import codes
from ckanext.satudata_pontianak.portal.demo.paper import paper

LOW, HIGH = 0.45, 0.55
UNSEEN = "jumlah-tenaga-kesehatan-menurut-kecamatan"  # a draft of Dinas Kesehatan
OWNER, CITIZEN, OTHER = "produsen_dinkes", "warga", "produsen_disdukcapil"
PPID = "ppid"
OTHER_AGENCY = "dinas-kependudukan-dan-pencatatan-sipil"
API = "/api/3/action/"


@dataclass(frozen=True)
class Door:
    """A request with places, and as whom it is made."""

    name: str
    path: str
    who: str | None = None
    body: dict[str, Any] | None = None


DOORS = (
    Door("dataset page, name", "/dataset/{name}"),
    Door("dataset page, id", "/dataset/{id}"),
    Door("dataset page, citizen", "/dataset/{name}", CITIZEN),
    Door("form to edit", "/dataset/edit/{name}", CITIZEN),
    Door("activities", "/dataset/activity/{name}"),
    Door("versions that are given", "/dataset/{name}/versi"),
    Door("page of a file", "/dataset/{name}/resource/{resource}"),
    Door("download", "/dataset/{id}/resource/{resource}/download/a.csv"),
    Door("version", "/satudata/versi/{version}/unduh"),
    Door("picture", "/dataset/{name}/resource/{resource}/grafik.svg"),
    Door("catalogue entry", "/dataset/{name}.ttl"),
    Door("citation", "/dataset/{name}/sitasi.json"),
    Door("hash of a file", "/satudata/buku-catatan?tanda-terima={sha256}"),
    Door("hash of a signed paper", "/satudata/buku-catatan?tanda-terima={paper}", CITIZEN),
    Door("receipt, citizen", API + "satudata_receipt_show?code={receipt}", CITIZEN),
    Door("form to ask for access", "/satudata/akses/{name}", CITIZEN),
    Door("package_show, name", API + "package_show?id={name}"),
    Door("package_show, editor elsewhere", API + "package_show?id={id}", OTHER),
    Door("resource_show", API + "resource_show?id={resource}"),
    Door("datastore_search", API + "datastore_search?resource_id={resource}"),
    Door("package_patch", API + "package_patch", OTHER, {"id": "{id}", "title": "Lain"}),
    Door(
        "package_create, a taken name",
        API + "package_create",
        OTHER,
        {"name": "{name}", "title": "Lain", "owner_org": OTHER_AGENCY},
    ),
)


def auc(unseen: list[float], unknown: list[float]) -> float:
    """Return how often one of the unseen took longer than one of the unknown; ties count half."""
    both = sorted([(t, 1) for t in unseen] + [(t, 0) for t in unknown])
    ranks, at = 0.0, 0
    while at < len(both):
        end = at
        while end < len(both) and both[end][0] == both[at][0]:
            end += 1
        middle = (at + 1 + end) / 2
        ranks += middle * sum(kind for _, kind in both[at:end])
        at = end
    n, m = len(unseen), len(unknown)
    return (ranks - n * (n + 1) / 2) / (n * m)


class Asking:
    """A site, and who asks it."""

    def __init__(self, site: str, tokens: dict[str, str]) -> None:
        self.site, self.tokens = site, tokens
        self.sessions: dict[str | None, requests.Session] = {}
        shown = self.call(OWNER, "package_show", id=UNSEEN)
        resource = shown["resources"][0]
        case = self.call(OWNER, "satudata_classification_show", id=UNSEEN)
        self.there = {
            "id": shown["id"],
            "name": shown["name"],
            "resource": resource["id"],
            "version": resource["satudata_waiting"]["id"],
            "sha256": case["scans"][0]["sha256"],
            "receipt": case["case"]["history"][0]["code"],
            "paper": self.signed_paper(),
        }

    def signed_paper(self) -> str:
        """Return the SHA-256 of a signed paper, which PPID brings where the site has none."""
        numbers = self.call(PPID, "satudata_signed_paper_list")
        if not numbers:
            raise SystemExit("Nothing is excluded on this site, so there is no paper to sign.")
        kept = next((n["paper"] for n in numbers if n["paper"]), None)
        if kept is None:
            answer = self.session(PPID).post(
                self.site + API + "satudata_signed_paper_create",
                data={"nomor": numbers[0]["nomor"]},
                files={"scan": ("scan.pdf", paper("Surat Penetapan"), "application/pdf")},
                timeout=60,
            )
            answer.raise_for_status()
            kept = answer.json()["result"]["paper"]
        return kept["sha256"]

    def call(self, who: str, action: str, **params: Any) -> Any:
        """Return the result of an action."""
        answer = self.session(who).post(self.site + API + action, json=params, timeout=60)
        answer.raise_for_status()
        return answer.json()["result"]

    def session(self, who: str | None) -> requests.Session:
        """Return somebody's open connection."""
        if who not in self.sessions:
            self.sessions[who] = requests.Session()
            if who:
                self.sessions[who].headers["Authorization"] = self.tokens[who]
        return self.sessions[who]

    def nowhere(self) -> dict[str, str]:
        """Return names of the same length that nothing has."""
        letters = "abcdefghijklmnopqrstuvwxyz"
        name = "".join(c if c == "-" else random.choice(letters) for c in self.there["name"])
        made = {k: str(uuid.uuid4()) for k in self.there}
        receipt = codes.shown(codes.new())
        made |= {"sha256": secrets.token_hex(32), "paper": secrets.token_hex(32)}
        return {**made, "name": name, "receipt": receipt}

    def seconds(self, door: Door, places: dict[str, str]) -> tuple[float, int]:
        """Return how long an answer took, and its status."""
        session, body = self.session(door.who), None
        address = self.site + _filled(door.path, places)
        if door.body is not None:
            body = json.loads(_filled(json.dumps(door.body), places))
        session.cookies.clear()
        began = time.perf_counter()
        answer = session.request(
            "POST" if body else "GET", address, json=body, timeout=60, allow_redirects=False
        )
        return time.perf_counter() - began, answer.status_code

    def pairs(self, door: Door, count: int) -> tuple[list[float], list[float]]:
        """Return the times of unseen and of unknown, asked by turns."""
        times: tuple[list[float], list[float]] = ([], [])
        for _ in range(3):
            self.seconds(door, self.nowhere())
        for _ in range(count):
            asked = [(0, self.there), (1, self.nowhere())]
            random.shuffle(asked)
            said = set()
            for which, places in asked:
                took, status = self.seconds(door, places)
                times[which].append(took)
                said.add(status)
            if len(said) > 1:
                raise SystemExit(f"{door.name}: {said}")
        return times


def _filled(text: str, places: dict[str, str]) -> str:
    for key, value in places.items():
        text = text.replace("{" + key + "}", value)
    return text


def _tokens() -> dict[str, str]:
    folder = Path(os.environ["SATUDATA_RUN_DIR"])
    return json.loads((folder / "demo-tokens.json").read_text("utf-8"))


def measure(
    asking: Asking, doors: list[Door], pairs: int, again: int, say: Callable[[str], None]
) -> bool:
    """Tell the area of each door; return whether all lie within."""
    within = True
    for door in doors:
        unseen, unknown = asking.pairs(door, pairs)
        area, more = auc(unseen, unknown), ""
        if not LOW <= area <= HIGH:
            more = f" (first {area:.3f} of {pairs} pairs)"
            unseen, unknown = asking.pairs(door, again)
            area = auc(unseen, unknown)
        within &= LOW <= area <= HIGH
        ms = [1000 * statistics.median(t) for t in (unseen, unknown)]
        say(f"{door.name:<32} {area:.3f}  {ms[0]:7.1f} {ms[1]:7.1f} ms{more}")
    return within


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=400)
    parser.add_argument("--again", type=int, default=1600)
    parser.add_argument("--doors", default="", help="only those with this in their names")
    given = parser.parse_args()
    random.seed()
    asking = Asking(os.environ["SATUDATA_SITE_URL"].rstrip("/"), _tokens())
    print(f"load {os.getloadavg()[0]:.1f}; area under the curve, median unseen and unknown")
    doors = [door for door in DOORS if given.doors in door.name]
    fine = measure(asking, doors, given.pairs, given.again, lambda line: print(line, flush=True))
    print(f"load {os.getloadavg()[0]:.1f}; all within: {'yes' if fine else 'NO'}")
    sys.exit(0 if fine else 1)
