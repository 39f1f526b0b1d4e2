"""A table of a million rows: its page here beside the answer of CKAN's own table view.

Usage: ``python benchmarks/table.py --ini TEST.INI [--rows 1000000] [--rounds 15]`` with
``SATUDATA_ADMIN_URL`` set and the tests' services up (``bin/test --up``). The databases of the
configuration are emptied, as the tests empty them.

Both ask the same table of the same served version, as somebody without an account, through the
whole application within this process, by turns and the first by lot. Here it is the whole page
with its HTML; there it is the JSON that CKAN's view asks for again and again while a script draws
it, so its page, its scripts and their drawing come on top and are not measured.
"""

from __future__ import annotations

import sys

# Beside this file, "import queue" would find it instead of Python's own module.
sys.path.pop(0)

import argparse
import importlib
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from psycopg2 import sql

COLUMNS = ("kode", "kelurahan", "tanggal", "jumlah", "nilai", "keterangan")
TYPES = ["text", "text", "date", "bigint", "numeric", "text"]
FEW = "kode,kelurahan,tanggal,jumlah,nilai,keterangan\nA1,Kota Baru,2025-01-01,1,1.5,biasa\n"
SEED = 20261125


def write(file: Any, rows: int) -> None:
    """Write the rows: one in ten has no value, one in 100,000 a rare word."""
    chance = random.Random(SEED)
    names = [f"Kelurahan {i}" for i in range(29)]
    for i in range(rows):
        value = "" if chance.random() < 0.1 else f"{chance.random() * 1e6:.2f}"
        word = "langka" if i % 100_000 == 77_777 else f"catatan {chance.randrange(1000)}"
        day = f"20{chance.randrange(10, 26)}-{chance.randrange(1, 13):02}-15"
        line = f"K{i:07},{chance.choice(names)},{day},{chance.randrange(10**6)},{value},{word}\n"
        file.write(line.encode())


def load(version_id: str, rows: int) -> tuple[float, float]:
    """Put the rows where the table of a version stands; return seconds and megabytes."""
    from ckan import model

    from ckanext.satudata_pontianak.classification.records.model import Version
    from ckanext.satudata_pontianak.classification.versions import table_state, tables
    from ckanext.satudata_pontianak.disclosure.table_stream import TableStream
    from ckanext.satudata_pontianak.disclosure.tabular import NamedColumn

    name = table_state.table_of(version_id)
    with tables.connect() as connection, connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier(name)))
        connection.commit()
    with tempfile.TemporaryFile() as file:
        write(file, rows)
        file.seek(0)
        stream = TableStream(
            [NamedColumn(c, c.title()) for c in COLUMNS], file, lambda: (TYPES, rows)
        )
        begun = time.perf_counter()
        known = tables._make(version_id, stream)
        tables._settle(version_id)
        spent = time.perf_counter() - begun
    version = model.Session.get(Version, version_id)
    assert version is not None
    version.tabled = known.as_dict()
    model.Session.commit()
    with tables.connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size(%s)", (f'public."{name}"',))
        return spent, cursor.fetchone()[0] / 1024**2


def ajax(start: int = 0, order: tuple[int, str] | None = None, **searched: str) -> dict[str, str]:
    """Return the form that CKAN's table view sends."""
    form = {"draw": "1", "start": str(start), "length": "50"}
    form["search[value]"] = searched.get("q", "")
    if order:
        form |= {"order[0][column]": str(order[0]), "order[0][dir]": order[1]}
    for i, name in enumerate(COLUMNS):
        form |= {f"columns[{i}][name]": name}
        form |= {f"columns[{i}][search][value]": searched.get(name, "")}
    return form


def questions(rows: int) -> list[tuple[str, str, dict[str, str] | None]]:
    """Return what is asked: its name, the address of our page, the form of CKAN's view."""
    middle, last = rows // 100, rows // 50
    return [
        ("first page", "", ajax()),
        ("page in the middle", f"halaman={middle}", ajax((middle - 1) * 50)),
        ("last page", f"halaman={last}", ajax((last - 1) * 50)),
        ("by a number, first", "urut=jumlah", ajax(0, (4, "asc"))),
        ("by a number, downwards", "urut=nilai&arah=turun", ajax(0, (5, "desc"))),
        (
            "by a number, middle",
            f"urut=jumlah&halaman={middle}",
            ajax((middle - 1) * 50, (4, "asc")),
        ),
        ("by a text, last", f"urut=kelurahan&halaman={last}", ajax((last - 1) * 50, (2, "asc"))),
        ("a rare word", "q=langka", ajax(q="langka")),
        ("a word of each row", "q=catatan", ajax(q="catatan")),
        ("a word in one column", "berisi.keterangan=999", ajax(keterangan="999")),
        ("a word of many in one column", "berisi.kelurahan=kelurahan+7", ajax(kelurahan="7")),
        ("from-to of a number", "dari.jumlah=500&sampai.jumlah=700&urut=jumlah", None),
    ]


def measure(ask: dict[str, Callable[[], Any]], rounds: int) -> dict[str, list[float]]:
    """Ask by turns, the first by lot; the first round is not counted. Milliseconds."""
    spent: dict[str, list[float]] = {name: [] for name in ask}
    for number in range(rounds + 1):
        for name in random.sample(list(ask), len(ask)):
            begun = time.perf_counter()
            answer = ask[name]()
            if number:
                spent[name].append((time.perf_counter() - begun) * 1000)
            assert answer.status_code == 200, (name, answer.status_code)
    return spent


def main() -> None:
    """Build, ask, tell."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--ini", required=True)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=15)
    arguments = parser.parse_args()

    from ckan.cli import CKANConfigLoader
    from ckan.config.middleware import make_app
    from ckan.tests.helpers import CKANTestApp

    app = make_app(CKANConfigLoader(arguments.ini).get_config())
    with app._wsgi_app.test_request_context():
        resource_id, name, view = built(arguments.rows)
    client = CKANTestApp(app)
    own = f"/dataset/{name}/resource/{resource_id}/tabel"
    print(
        "| asked | here: page, median | quartiles | CKAN's view: JSON, median | quartiles | ratio |"
    )
    print("|---|---|---|---|---|---|")
    for label, query, form in questions(arguments.rows):
        ask: dict[str, Callable[[], Any]] = {"ours": lambda q=query: client.get(f"{own}?{q}")}
        if form is not None:
            ask["core"] = lambda f=form: client.post(f"/datatables/ajax/{view}", data=f)
        told = []
        spent = measure(ask, arguments.rounds)
        for values in spent.values():
            low, middle, high = statistics.quantiles(values, n=4)
            told.append(f"{middle:,.0f} ms | {low:,.0f}–{high:,.0f} ms")
        ratio = ""
        if "core" in spent:
            ratio = f"{statistics.median(spent['ours']) / statistics.median(spent['core']):.2f}"
        print(
            f"| {label} | {told[0]} | {told[1] if form is not None else '– | –'} | {ratio} |",
            flush=True,
        )


def city_of_the_tests() -> Any:
    """Return the tests' city and its people."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    return importlib.import_module("tests.city")


def built(rows: int) -> tuple[str, str, str]:
    """Publish a dataset with a small table, and put the large one in its place."""
    import ckan.plugins.toolkit as tk
    from ckan import model
    from ckan.lib import search

    from ckanext.satudata_pontianak.classification.records import reads
    from ckanext.satudata_pontianak.classification.versions import tables

    model.repo.delete_all()
    model.Session.commit()
    search.clear_all()
    tests = city_of_the_tests()
    city = tests.City()
    dataset = city.publish(file=tests.upload(FEW.encode(), "sejuta.csv"))
    resource_id = dataset["resources"][0]["id"]
    pointers = reads.pointers_of([dataset["id"]])
    version_id = pointers[resource_id][1].id
    model.Session.commit()
    tables.load(version_id)
    seconds, megabytes = load(version_id, rows)
    print(f"{rows:,} rows: table and indexes in {seconds:.0f} s, {megabytes:,.0f} MB\n", flush=True)
    made = tk.get_action("resource_view_create")(
        {"ignore_auth": True, "user": city.admin["name"]},
        {"resource_id": resource_id, "view_type": "datatables_view", "title": "Tabel"},
    )
    return resource_id, dataset["name"], made["id"]


if __name__ == "__main__":
    main()
