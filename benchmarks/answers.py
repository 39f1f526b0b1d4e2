"""Whether the API still answers as it did: 500 calls as eight people, byte for byte.

``SATUDATA_BEFORE=<folder> bin/bench answers``: the demo of an earlier checkout runs in that folder
(its ``bin/serve --background``). Its index is made anew and it is asked. Then its site ends, its
databases are brought to this code by the migrations, the index is made anew, and this code serves
the same data at the same address and is asked the same. What differs on purpose stands in
``answers.yaml``, each with its reason; an entry by which nothing differs any more is reported too.

``--only before|now|compare`` does one of the three alone; answers stay in the folder's ``.run``.
"""

from __future__ import annotations

import sys

sys.path.pop(0)  # a benchmark here is called like a module of Python

import contextlib
import difflib
import gzip
import json
import os
import signal
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from collections.abc import Iterator
from configparser import ConfigParser
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import redis
import yaml
from rdflib import Graph
from rdflib.compare import to_isomorphic

sys.path.insert(0, str(Path(__file__).parent / "lib"))
from answer_calls import PEOPLE, Site, calls, filled, world
from side_by_side import ROOT, Checkout, earlier, served

KNOWN = Path(__file__).with_suffix(".yaml")
LINKED = {
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/rdf+xml": "xml",
    "text/n3": "n3",
}
"""Types of linked data, and what reads them."""
MOST = 40
"""So many differences are printed."""


def options() -> Namespace:
    """Read the words of the command."""
    words = ArgumentParser(description=__doc__)
    words.add_argument("--before", type=Path, default=os.environ.get("SATUDATA_BEFORE"))
    words.add_argument("--only", choices=("before", "now", "compare"))
    return words.parse_args()


def site_of(folder: Path) -> Site:
    """Return the demo that a checkout serves, with the tokens of its people."""
    run = folder / ".run"
    tokens = json.loads((run / "demo-tokens.json").read_text())
    return Site(f"http://127.0.0.1:{(run / 'port').read_text().strip()}", tokens)


def record(site: Site, asked: list[str]) -> Iterator[dict[str, Any]]:
    """Make every call as everybody; give what was answered."""
    for number, path in enumerate(asked):
        for person in PEOPLE:
            answer = site.ask(path, person)
            answer.encoding = "utf-8"
            yield {
                "path": path, "person": person, "status": answer.status_code,
                "type": answer.headers.get("Content-Type"), "body": answer.text,
            }  # fmt: skip
        if number % 100 == 99:
            print(f"{number + 1} calls", flush=True)


def write(file: Path, answers: Iterator[dict[str, Any]]) -> None:
    """Keep what was answered."""
    with gzip.open(file, "wt", encoding="utf-8") as out:
        out.writelines(json.dumps(answer) + "\n" for answer in answers)


def read(file: Path) -> list[dict[str, Any]]:
    """Return what was kept."""
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def indexed(by: Checkout, folder: Path, *commands: list[str]) -> None:
    """Run commands of a checkout on a demo, and make its index anew by its code."""
    environment = {**os.environ, "SATUDATA_RUN_DIR": str(folder / ".run"), "CKAN_INI": str(by.ini)}
    environment["SATUDATA_ADMIN_URL"] = by.admin.rsplit("/", 1)[0] + "/satudata"
    for command in (*commands, ["search-index", "rebuild"]):
        by.run("ckan", "-c", str(by.ini), *command, env=environment)


def serve_again(folder: Path) -> Iterator[str]:
    """End an earlier demo's site, bring its databases to this code, and serve them by it."""
    before = earlier(folder)
    for name in ("worker", "site"):
        file = folder / ".run" / "pids" / f"{name}.pid"
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            os.kill(int(file.read_text().split()[0]), signal.SIGTERM)
            file.unlink()
    now = before._replace(root=ROOT)
    indexed(now, folder, ["db", "upgrade"], ["satudata", "init"])
    words = ConfigParser(interpolation=None)
    words.read(now.ini)
    # Answers that the earlier code kept are not answers of this one.
    redis.Redis.from_url(words["app:main"]["ckan.redis.url"]).flushdb()
    os.environ["SATUDATA_RUN_DIR"] = str(folder / ".run")
    port = int((folder / ".run" / "port").read_text())
    time.sleep(2)
    with served(now.ini, port, now) as address:
        yield address


# ------------------------------------------------------------------------------ comparing


def differences(before: dict[str, Any], now: dict[str, Any]) -> set[str]:
    """Return in which places two answers differ; none where status, type and bytes are the same."""
    if before == now:
        return set()
    found = {f"{k} {before[k]} -> {now[k]}" for k in ("status", "type") if before[k] != now[k]}
    if before["type"] == now["type"] and (form := LINKED.get(str(now["type"]).split(";")[0])):
        if _as_graph(before["body"], form) != _as_graph(now["body"], form):
            found.add("graph")
        return found or {"names of blank nodes"}
    try:
        found |= set(_places(json.loads(before["body"]), json.loads(now["body"]), ""))
    except ValueError:
        lines = (before["body"].splitlines(), now["body"].splitlines())
        heads = ("---", "+++", "@@ ")
        found |= {one for one in difflib.unified_diff(*lines, n=0) if one[:3] not in heads}
    return found or {"order of names"}


def _as_graph(body: str, form: str) -> Any:
    """Return linked data without the names of their blank nodes, which are drawn by lot."""
    return to_isomorphic(Graph().parse(data=body, format=form))


def _places(before: Any, now: Any, path: str) -> Iterator[str]:
    if isinstance(before, dict) and isinstance(now, dict):
        for key in before.keys() | now.keys():
            where = f"{path}.{key}".removeprefix(".")
            if key not in now or key not in before:
                yield f"{where} {'gone' if key not in now else 'new'}"
            else:
                yield from _places(before[key], now[key], where)
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for one, two in zip(before, now, strict=True):
            yield from _places(one, two, f"{path}[]")
    elif before != now:
        yield f"{path}: {json.dumps(before)[:120]} -> {json.dumps(now)[:120]}"


def compare(kept: list[dict[str, Any]], again: list[dict[str, Any]]) -> int:
    """Print what differs and is not known; return how many such places there are."""
    known = yaml.safe_load(KNOWN.read_text("utf-8")) or []
    same, used, strange = 0, Counter[int](), Counter[str]()
    example: dict[str, str] = {}
    for before, now in zip(kept, again, strict=True):
        found = differences(before, now)
        same += not found
        for place in found:
            for number, entry in enumerate(known):
                call, what = (entry[key].replace("[", "[[]") for key in ("call", "what"))
                if fnmatchcase(before["path"], call) and fnmatchcase(place, what):
                    used[number] += 1
                    break
            else:
                strange[place] += 1
                example.setdefault(place, f"{before['path']} as {before['person'] or 'a visitor'}")
    print(
        f"{len(kept)} answers: {same} the same byte for byte, {len(kept) - same} differ", flush=True
    )
    for number, entry in enumerate(known):
        print(f"{used[number]:6} {entry['call']}  {entry['what']}: {entry['why']}")
    for place, count in strange.most_common(MOST):
        print(f"NOT KNOWN {count:5}  {place}\n                 {example[place]}")
    unused = [
        entry
        for number, entry in enumerate(known)
        if not used[number] and not entry.get("sometimes")
    ]
    for entry in unused:
        print(f"DIFFERS NO MORE  {entry['call']}  {entry['what']}")
    return len(strange) + len(unused)


def main() -> int:
    """Record, compare, or both."""
    given = options()
    if given.before is None:
        print("Say with SATUDATA_BEFORE whose demo answered before: nothing to compare with.")
        return 0
    folder = given.before.absolute()
    before, now = (folder / ".run" / f"answers-{one}.jsonl.gz" for one in ("before", "now"))
    site = site_of(folder)
    if not given.only or given.only == "before":
        filled(site)
        indexed(earlier(folder), folder)
        write(before, record(site, calls(world(site))))
    if not given.only or given.only == "now":
        asked = list(dict.fromkeys(answer["path"] for answer in read(before)))
        with contextlib.closing(serve_again(folder)) as served_again:
            next(served_again)
            write(now, record(site, asked))
    return 0 if given.only == "before" else min(1, compare(read(before), read(now)))


if __name__ == "__main__":
    sys.exit(main())
