"""Fifty hostile requests of each costly kind at once, and how long somebody else waits meanwhile.

Each kind is asked for once from one address and once from fifty, as a proxy of this machine names
them (``X-Forwarded-For``). Another client asks for ``status_show`` all the while; its 95th
percentile is to stay under a second. Run by ``bin/bench hostile``, against gunicorn as in
``docs/operations.md``; it asks nobody but this machine.
"""

from __future__ import annotations

import itertools
import os
import statistics
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

# Beside this file stands queue.py: "import queue" would find it instead of Python's own module.
sys.path.pop(0)

from concurrent.futures import ThreadPoolExecutor

import requests

SITE = os.environ["SATUDATA_SITE_URL"].rstrip("/")
AT_ONCE = 50
WAVES = int(os.environ.get("SATUDATA_HOSTILE_WAVES", "2"))
TARGET_SECONDS = 1.0
LONGEST_SECONDS = 120
WATCHER = "198.51.100.250"
API = "/api/3/action/"
numbers = itertools.count(int(time.time()) % 100_000 * 1000)

Ask = Callable[[int], tuple[str, str, dict[str, Any]]]


def table_of() -> tuple[str, str] | None:
    """Return a dataset and a file of it that has a table, with open data."""
    found = requests.get(f"{SITE}{API}package_search?rows=100", timeout=60).json()["result"]
    for dataset in found["results"]:
        for resource in dataset["resources"]:
            if resource.get("datastore_active"):
                return dataset["name"], resource["id"]
    return None


def kinds() -> Iterator[tuple[str, Ask]]:
    """Give each costly kind with what it asks for; no request is answered by a kept page."""
    yield "search page", lambda n: ("GET", f"/dataset/?q=a*+OR+penduduk+{n}", {})
    facets = '["tags","organization","res_format"]'
    yield (
        "search, 1000 rows and facets",
        lambda n: (
            "GET",
            f"{API}package_search?rows=1000&facet.field={facets}&q=*:*&start={n % 7}",
            {},
        ),
    )
    yield "suggestions", lambda n: ("GET", f"/saran?q=pendudk{n}", {})
    yield "feed", lambda n: ("GET", f"/feeds/dataset.atom?page=1&x={n}", {})
    yield "catalogue", lambda n: ("GET", f"/catalog.ttl?x={n}", {})
    yield "SOP as PDF", lambda n: ("GET", f"/satudata/sop/klasifikasi.pdf?x={n}", {})
    yield "register as PDF", lambda n: ("GET", f"/satudata/dip.pdf?q={n}", {})
    found = table_of()
    if found is not None:
        name, resource = found
        page = f"/dataset/{name}/resource/{resource}"
        yield "page of a table", lambda n: ("GET", f"{page}/tabel?q={n}", {})
        yield "whole table", lambda n: ("GET", f"{page}/lembar.csv?x={n}", {})
        yield "dump", lambda n: ("GET", f"/datastore/dump/{resource}?bom={n}", {})
        yield "picture", lambda n: ("GET", f"{page}/grafik.png?lebar={300 + n % 900}", {})
        yield (
            "rows by the API",
            lambda n: (
                "GET",
                f"{API}datastore_search?resource_id={resource}&limit=32000&q={n}",
                {},
            ),
        )
    long = "w" * 40_000
    yield "an id of 40 kB", lambda _n: ("POST", f"{API}resource_show", {"json": {"id": long}})
    yield (
        "3.9 MB of JSON",
        lambda _n: ("POST", f"{API}package_search", {"json": {"q": "w" * 3_900_000}}),
    )
    deep = '{"a":' * 300_000
    yield (
        "deep JSON",
        lambda _n: (
            "POST",
            f"{API}package_search",
            {"data": deep, "headers": {"Content-Type": "application/json"}},
        ),
    )
    yield (
        "50,000 entries",
        lambda _n: ("POST", f"{API}package_search", {"json": {"fq_list": ["a"] * 50_000}}),
    )


def wave(ask: Ask, addresses: list[str], codes: Counter[str]) -> None:
    """Ask fifty times at once."""

    def one(address: str) -> str:
        method, path, sent = ask(next(numbers))
        sent = dict(sent)
        headers = {"X-Forwarded-For": address, **sent.pop("headers", {})}
        try:
            answer = requests.request(
                method, SITE + path, headers=headers, timeout=LONGEST_SECONDS, **sent
            )
        except requests.RequestException as problem:
            return type(problem).__name__
        return str(answer.status_code)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        codes.update(pool.map(one, addresses))


def measured(ask: Ask, addresses: list[str]) -> tuple[list[float], Counter[str], float]:
    """Return what another client waited meanwhile, the codes of the answers, and the seconds."""
    waited: list[float] = []
    codes: Counter[str] = Counter()
    over = threading.Event()

    def watch() -> None:
        with requests.Session() as session:
            session.headers["X-Forwarded-For"] = WATCHER
            while not over.is_set():
                begun = time.perf_counter()
                answer = session.get(f"{SITE}{API}status_show", timeout=LONGEST_SECONDS)
                waited.append(time.perf_counter() - begun)
                if answer.status_code != 200:
                    waited[-1] = float("inf")
                over.wait(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    begun = time.perf_counter()
    for _ in range(WAVES):
        wave(ask, addresses, codes)
    taken = time.perf_counter() - begun
    over.set()
    watcher.join()
    return waited, codes, taken


def main() -> None:
    """Measure every kind, and say which is above the target."""
    if urlsplit(SITE).hostname not in ("127.0.0.1", "localhost"):
        raise SystemExit("This asks a site of this machine only.")
    print("| kind | from | status_show: median | 95th percentile | longest | answers | took |")
    print("|---|---|---|---|---|---|---|")
    above = []
    for number, (name, ask) in enumerate(kinds(), 1):
        for said, addresses in (
            ("1 address", [f"203.0.113.{number}"] * AT_ONCE),
            ("50 addresses", [f"192.0.2.{n + 1}" for n in range(AT_ONCE)]),
        ):
            waited, codes, taken = measured(ask, addresses)
            ranked = sorted(waited)
            late = ranked[min(len(ranked) - 1, int(len(ranked) * 0.95))]
            told = ", ".join(f"{count} × {code}" for code, count in sorted(codes.items()))
            print(
                f"| {name} | {said} | {statistics.median(waited) * 1000:.0f} ms"
                f" | {late * 1000:.0f} ms | {ranked[-1] * 1000:.0f} ms | {told} | {taken:.1f} s |",
                flush=True,
            )
            if late > TARGET_SECONDS:
                above.append(f"{name}, {said}")
    print(f"\nAbove {TARGET_SECONDS} s: {'; '.join(above) or 'none'}")


if __name__ == "__main__":
    main()
