"""Take over a portal with ``ckan satudata adopt``: what it costs, and that nobody sees a change.

Usage: ``python benchmarks/adoption.py --ini TEST.INI [--datasets 2000] [--rows 500]``, with
``SATUDATA_ADMIN_URL`` set as ``bin/test --up`` writes it. Makes a database of its own beside the
one of the tests and drops it afterwards; the index is shared, under a site id of its own.

A plain CKAN 2.12 is filled through its own actions (see ``adoption_portal.py``). Then our plugin
comes, ``adopt`` is killed (SIGKILL) when a quarter and when three fifths of the cases are open, and
ends the third time. Compared are every answer and every row of core's before and after, the
cases with what the dry run said, and what is open after the switch and after one batch of
Walidata's. The first difference ends the run with an error.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg2

CKAN = str(Path(sys.executable).parent / "ckan")
PORTAL = str(Path(__file__).with_name("adoption_portal.py"))
INI = """[app:main]
use = config:{base}
ckan.site_id = {name}
sqlalchemy.url = {url}
ckan.storage_path = {storage}
"""
PLAIN = INI + "ckan.plugins = activity text_view image_view\n"
EMPTY = INI + "ckanext.satudata_pontianak.governed_types =\n"
GOVERNED = INI + "ckanext.satudata_pontianak.governed_types = dataset\n"

CORE = (
    "package", "resource", "package_tag", "activity", "resource_view", "user_following_dataset",
    "member", "group", "user", "package_extra",
)  # fmt: skip
TWICE = """SELECT count(*) FROM (SELECT package_id FROM satudata_case GROUP BY 1
    HAVING count(*) > 1) AS twice"""
UNSCANNED = """SELECT count(*) FROM satudata_version v
    LEFT JOIN satudata_scan s ON s.version_id = v.id WHERE s.id IS NULL"""
FULLEST = "SELECT max(n) FROM (SELECT count(*) AS n FROM satudata_case GROUP BY due) AS days"
BATCH = 200


def say(text: str) -> None:
    """Print at once: a run takes minutes."""
    print(text, flush=True)


class Site:
    """The portal: its configurations, its database, and what is known about it."""

    def __init__(self, folder: Path, base: Path, admin: str, name: str) -> None:
        self.folder, self.ours = folder, admin.rsplit("/", 1)[0] + "/" + name
        url = f"postgresql://satudata:satudata@{self.ours.rsplit('@', 1)[1]}"
        values = {
            "base": base.absolute(), "url": url, "storage": folder / "storage", "name": name,
        }  # fmt: skip
        for which, text in (("plain", PLAIN), ("empty", EMPTY), ("governed", GOVERNED)):
            self.ini(which).write_text(text.format(**values))
        self.state = folder / "state.json"

    def ini(self, name: str) -> Path:
        """Return the path of a configuration."""
        return self.folder / f"{name}.ini"

    def run(self, *words: str) -> bytes:
        """Run a command to its end and return what it printed."""
        environment = {**os.environ, "SATUDATA_ADMIN_URL": self.ours}
        done = subprocess.run(words, check=False, env=environment, capture_output=True)
        if done.returncode:
            sys.exit(f"{' '.join(words)}\n{done.stderr.decode()[-3000:]}")
        return done.stdout

    def ckan(self, ini: str, *words: str) -> bytes:
        """Run ``ckan`` with one of the configurations."""
        return self.run(CKAN, "-c", str(self.ini(ini)), *words)

    def portal(self, what: str, ini: str, *words: str) -> bytes:
        """Run ``adoption_portal.py``."""
        return self.run(sys.executable, PORTAL, what, str(self.ini(ini)), str(self.state), *words)

    def see(self, ini: str) -> Any:
        """Return what everybody is answered with a configuration."""
        target = self.folder / "seen.json"
        start = time.perf_counter()
        self.portal("see", ini, str(target))
        seen = json.loads(target.read_text())
        count = sum(len(answers) for answers in seen["seen"].values())
        say(f"asked {count} times ({ini}) in {time.perf_counter() - start:.0f} s")
        return seen

    def ask(self, query: str) -> Any:
        """Return the one value that a query gives."""
        with psycopg2.connect(self.ours) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]  # type: ignore[index]

    def core_rows(self) -> dict[str, str]:
        """Return a digest of every row in core's tables that a takeover could touch."""
        there = "SELECT coalesce(to_regclass('\"{0}\"')::text, '')"
        digest = (
            "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM \"{0}\" t"
        )
        return {t: self.ask(digest.format(t)) for t in CORE if self.ask(there.format(t))}


def adopt(site: Site, until: int | None) -> tuple[float, float, bytes]:
    """Run the command, killed when so many cases are open.

    :returns: seconds, peak memory in MB of the process itself, and what it printed.
    """
    words = [CKAN, "-c", str(site.ini("empty")), "satudata", "adopt", "--user", "operator"]
    start = time.perf_counter()
    with tempfile.TemporaryFile() as printed:
        child = subprocess.Popen(
            [*words, "--json"], stdout=printed, stderr=(site.folder / "log").open("ab")
        )
        ended, status, usage = os.wait4(child.pid, os.WNOHANG)
        while not ended:
            if until is not None and site.ask("SELECT count(*) FROM satudata_case") >= until:
                os.kill(child.pid, signal.SIGKILL)
                until = None
            time.sleep(0.1)
            ended, status, usage = os.wait4(child.pid, os.WNOHANG)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode > 0:
            say((site.folder / "log").read_text()[-2000:])
        printed.seek(0)
        return time.perf_counter() - start, usage.ru_maxrss / 1024, printed.read()


def last_json(printed: bytes) -> Any:
    """Return the JSON on the last line."""
    return json.loads(printed.splitlines()[-1])


def equal(what: str, one: Any, other: Any) -> None:
    """End the run at the first difference."""
    if one != other:
        both = isinstance(one, dict)
        pairs = [(k, one[k], other.get(k)) for k in one if one[k] != other.get(k)] if both else []
        sys.exit(f"NOT THE SAME: {what}: {pairs[:5] if both else (one, other)}"[:2000])
    say(f"the same: {what}")


def flat(seen: Any) -> dict[str, Any]:
    """Return person and address → answer."""
    return {f"{who} {path}": a for who, all_ in seen["seen"].items() for path, a in all_.items()}


def downloads(seen: Any) -> dict[str, Any]:
    """Return the answers to downloads.

    What is refused is refused, whether as 403 or as 404: a plain CKAN says that something is
    there, we do not.
    """
    answers = {k: a for k, a in flat(seen).items() if "/download/" in k}
    return {k: a if a[0] == 200 else "refused" for k, a in answers.items()}


def measure(site: Site, number: int, rows: int) -> None:
    """Fill the portal, take it over, and compare."""
    site.ckan("plain", "db", "init")
    site.ckan("plain", "db", "upgrade", "-p", "activity")
    site.ckan("plain", "search-index", "clear")
    start = time.perf_counter()
    site.portal("make", "plain", str(number), str(rows))
    say(f"{number} datasets made on a plain CKAN in {time.perf_counter() - start:.0f} s")
    plain = site.see("plain")
    site.ckan("empty", "satudata", "init")
    site.ckan("empty", "db", "upgrade", "-p", "harvest")
    before, core = site.see("empty"), site.core_rows()
    equal("names with our plugin as on the plain CKAN", plain["names"], before["names"])
    equal("downloads with our plugin as on the plain CKAN", downloads(plain), downloads(before))
    said = last_json(site.ckan("empty", "satudata", "adopt", "--dry-run", "--json"))
    say(f"dry run: { {**said, 'missing': len(said['missing'])} }")
    printed, total = b"", 0.0
    for share in (number // 4, number * 3 // 5, None):
        seconds, memory, printed = adopt(site, share)
        total += seconds
        done = site.ask("SELECT count(*) FROM satudata_case")
        say(
            f"{'killed' if share else 'ended'} after {seconds:.1f} s: {done} cases, {memory:.0f} MB"
        )
    say(f"together {total:.1f} s, {number / total:.1f} datasets a second")
    report = last_json(printed)
    equal("errors", report["errors"], [])
    for query in (TWICE, UNSCANNED):
        equal(query.split("FROM")[0].strip(), site.ask(query), 0)
    say(f"fullest day: {site.ask(FULLEST)} cases")
    before_switch = site.see("empty")
    equal("every answer before the switch", flat(before), flat(before_switch))
    equal("every row of core before the switch", core, site.core_rows())
    check_cases(site, said)
    cases = site.ask("SELECT md5(string_agg(c::text, '' ORDER BY id)) FROM satudata_case c")
    seconds, memory, printed = adopt(site, None)
    say(f"once more: {seconds:.1f} s, {memory:.0f} MB")
    equal("a second run has nothing to do", last_json(printed)["total"], 0)
    query = "SELECT md5(string_agg(c::text, '' ORDER BY id)) FROM satudata_case c"
    equal("a second run changes no case", site.ask(query), cases)
    switch(site, before, said)


def check_cases(site: Site, said: Any) -> None:
    """The cases lie where the dry run said."""
    query = "SELECT count(*) FROM satudata_case WHERE state = '{}'"
    equal("public datasets with Walidata", site.ask(query.format("verification")), said["public"])
    closed = said["private"] + said["drafts"]
    equal("private datasets and drafts with agencies", site.ask(query.format("draft")), closed)
    equal("datasets", site.ask("SELECT count(*) FROM satudata_case"), said["datasets"])
    files = """SELECT count(*) FROM satudata_version v JOIN satudata_case c ON c.id = v.case_id
        WHERE c.state = 'verification' AND v.kind = '{}'"""
    equal("files of public datasets", site.ask(files.format("upload")), said["public_files"])
    equal("links of public datasets", site.ask(files.format("link")), said["public_links"])
    missing = "SELECT count(*) FROM satudata_scan WHERE reason = 'bytes_missing'"
    equal("missing files", site.ask(missing), len(said["missing"]))


def switch(site: Site, before: Any, said: Any) -> None:
    """Set the types as governed: all is closed; one batch opens what Walidata approved."""
    site.ckan("governed", "search-index", "rebuild")
    closed = site.see("governed")
    public = [d for d in json.loads(site.state.read_text())["datasets"] if d[3]]
    equal("what the dry run said closes", len(public), said["public"])
    for who in ("", "warga"):
        equal(f"names that '{who}' finds", closed["names"][who], [])
        answers = closed["seen"][who].items()
        got = {a[0] for path, a in answers if "/download/" in path or "package_show" in path}
        equal(f"what '{who}' is answered about any dataset", got, {404})
    names = json.loads(site.portal("open", "governed", str(BATCH)).splitlines()[-1])
    opened = site.see("governed")
    equal("what one batch opens", sorted(opened["names"][""]), sorted(names))
    was, now = downloads(before), downloads(opened)
    wanted = {k: a for k, a in was.items() if k.startswith(" ") and k.split("/")[2] in set(names)}
    equal("bytes of what was opened", wanted, {k: now[k] for k in wanted})
    kept = ("dataset_follower_count", "resource_view_list")
    open_ids = {d[0] for d in public if d[0] in names} | {d[2] for d in public if d[0] in names}
    wanted = {
        k: a
        for k, a in flat(before).items()
        if k.startswith(" ") and any(w in k for w in kept) and k.split("=")[-1] in open_ids
    }
    equal(f"followers and views of these ({len(wanted)})", wanted,
          {k: flat(opened)[k] for k in wanted})  # fmt: skip


def main() -> None:
    """Make the database, measure, and clear up."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--ini", type=Path, required=True)
    options.add_argument("--datasets", type=int, default=2000)
    options.add_argument("--rows", type=int, default=500)
    options.add_argument("--name", default="satudata_adoption", help="of database and site")
    given = options.parse_args()
    admin = os.environ["SATUDATA_ADMIN_URL"]
    server = psycopg2.connect(admin)
    server.autocommit = True
    with tempfile.TemporaryDirectory() as folder, server.cursor() as maker:
        maker.execute(f"DROP DATABASE IF EXISTS {given.name} WITH (FORCE)")
        maker.execute(f"CREATE DATABASE {given.name} OWNER satudata")
        site = Site(Path(folder), given.ini, admin, given.name)
        try:
            measure(site, given.datasets, given.rows)
        finally:
            subprocess.run(
                [CKAN, "-c", str(site.ini("plain")), "search-index", "clear"],
                check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            maker.execute(f"DROP DATABASE {given.name} WITH (FORCE)")
    server.close()


if __name__ == "__main__":
    main()
