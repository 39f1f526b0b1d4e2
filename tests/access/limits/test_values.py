"""After many identifiers were scanned, none of them stands anywhere but in the file itself."""

from __future__ import annotations

import logging
import random
import re

import sqlalchemy as sa
from rq import SimpleWorker

from ckan import model
from ckan.lib import jobs

from ...city import upload
from ...refusals import refusal_of
from ..reading.kept import documents, queued

NUMBER = re.compile(r"(?<!\d)(?:\d{16}|08\d{9,11})(?!\d)")
TEXT = """SELECT table_schema, table_name FROM information_schema.tables
    WHERE table_schema IN ('public', 'satudata_ledger') AND table_type = 'BASE TABLE'"""


def identifiers(number: int) -> list[tuple[str, str]]:
    """Return made-up pairs of an identity number and a mobile number, all different."""
    r, found = random.Random(7), {}  # noqa: S311 -- made-up numbers
    while len(found) < number:
        date = f"{r.randint(1, 28):02}{r.randint(1, 12):02}{r.randint(50, 99):02}"
        nik = f"617101{date}{r.randint(1, 9999):04}"
        found[nik] = f"0812{r.randint(10**7, 10**8 - 1)}"
    return list(found.items())


def database() -> str:
    """Return every row of every table, the ledger's as well, as text."""
    model.Session.rollback()
    tables = model.Session.execute(sa.text(TEXT)).all()
    rows = []
    for schema, name in tables:
        query = sa.text(f'SELECT t::text FROM "{schema}"."{name}" t')
        rows += model.Session.scalars(query).all()
    return "\n".join(rows)


def test_ten_thousand_identifiers_leave_no_trace(city, app, caplog, datastore) -> None:
    caplog.set_level(logging.DEBUG)
    pairs = identifiers(5000)
    rows = "".join(f"Catatan {i},{nik},{hp}\n" for i, (nik, hp) in enumerate(pairs))
    dataset = city.dataset(file=upload(f"catatan,nik,hp\n{rows}".encode(), "daftar.csv"))
    before = list(queued())
    queue = jobs.get_queue("default")
    SimpleWorker([queue], connection=queue.connection).work(burst=True)
    with refusal_of("notes"):
        city.act("produsen", "package_patch", id=dataset["id"], notes=f"Nomor {pairs[0][0]}")
    city.step("produsen", dataset, "submit")
    shown = city.act("walidata", "satudata_classification_show", id=dataset["id"])
    counts = {f["kind"]: f["count"] for f in shown["scans"][0]["findings"]}
    assert counts == {"nik": 5000, "telepon": 5000}
    page = app.get(f"/satudata/berkas/{dataset['name']}", headers=city.token("walidata"))
    known = {value for pair in pairs for value in pair}
    places = {
        "database": database(),
        "index": " ".join(documents().values()),
        "queues": b"\n".join([*before, *queued()]).decode("latin-1"),
        "logs": caplog.text,
        "answer": str(shown),
        "page": page.get_data(as_text=True),
    }
    assert dataset["id"] in places["database"]
    for where, text in places.items():
        assert not known & set(NUMBER.findall(text)), where
