"""Lines of registers as tests make and fill them."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak import days
from ckanext.satudata_pontianak.smki import registers, sources
from ckanext.satudata_pontianak.smki.records.model import SmkiEntry
from ckanext.satudata_pontianak.smki.rules.registers import Field, missing
from ckanext.satudata_pontianak.smki.rules.registers import registers as definition


def day(ahead: int) -> str:
    """Return a day so many days ahead, or back."""
    return (days.today() + dt.timedelta(days=ahead)).isoformat()


def lay(city: Any, role: str, user: str) -> None:
    """Lay a role on somebody by decree."""
    given = {"role": role, "user": city.person(user)["name"], "nomor_sk": "SK/1/2026"}
    city.act("walidata", "satudata_smki_role_create", **given, **{"from": day(0)})


def at_once(app: Any, header: dict[str, str], action: str, sent: dict[str, Any]) -> list[int]:
    """Send the same call four times at once; return what each was answered, sorted."""

    def send(_number: int) -> int:
        client = app.flask_app.test_client(use_cookies=False)
        return client.post(f"/api/3/action/{action}", headers=header, json=sent).status_code

    with ThreadPoolExecutor(4) as pool:
        return sorted(pool.map(send, range(4)))


def audit(**vulns: Any) -> dict[str, Any]:
    """Return what an audit of what is installed says: name of a library → its weaknesses."""
    rows = [
        {"name": name, "version": version, "vulns": vulns.get(name, [])}
        for name, version in sources.installed().items()
    ]
    return {"dependencies": rows}


def open_lines(register: str) -> list[SmkiEntry]:
    """Return the lines of a register that have not ended."""
    query = sa.select(SmkiEntry).where(SmkiEntry.register == register, SmkiEntry.ended_at.is_(None))
    return list(model.Session.scalars(query.order_by(SmkiEntry.created_at, SmkiEntry.id)))


def sample(field: Field) -> Any:
    """Return something that a person might write in a field."""
    if field.type == "choice":
        return next(iter(field.choices))
    if field.type == "number":
        return max(field.low, 1)
    if field.type == "date":
        return day(300) if field.future else day(0)
    return "operator" if field.type == "role" else "Contoh isian yang cukup panjang"


def complete(register: str, **values: Any) -> None:
    """Fill in what is missing in each line of a register, and these values in every line."""
    spec = definition().registers[register]
    for row in open_lines(register):
        row.written = {**row.written, **values}
        while lacking := set(missing(spec, row.known, row.written)) - registers.kept_by_portal(
            row, spec
        ):
            filled = {name: sample(spec.fields[name]) for name in lacking}
            row.written = {**row.written, **filled}
    model.Session.commit()


def outdate(register: str, field: str) -> None:
    """Take a field out of one line of a register, that began long ago."""
    row = next(each for each in open_lines(register) if field in each.written)
    row.written = {name: value for name, value in row.written.items() if name != field}
    row.created_at = dt.datetime.now(dt.UTC) - dt.timedelta(days=400)
    model.Session.commit()


def rewrite(register: str, **values: Any) -> SmkiEntry:
    """Write values into one line of a register, past every action; an empty one takes it out."""
    row = open_lines(register)[0]
    row.written = {k: v for k, v in {**row.written, **values}.items() if v is not None}
    model.Session.commit()
    return row
