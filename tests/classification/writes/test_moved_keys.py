"""What older datasets hold under undeclared keys is moved to where only operators read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import sqlalchemy as sa

from ckan import model
from ckan.lib import search
from ckanext.activity.model.activity import Activity

import ckanext.satudata_pontianak as extension
from ckanext.satudata_pontianak.classification.records import stale_index
from ckanext.satudata_pontianak.classification.writes import moved_keys

NIK = "6171014101900001"


def test_what_is_stored_under_undeclared_keys_moves_out_of_reach_of_everybody(city, caplog) -> None:
    dataset = city.publish()
    untouched = city.dataset()
    file = dataset["resources"][0]
    resource = model.Resource.get(file["id"])
    resource.extras = {"lampiran": NIK, "save": NIK, "datastore_active": True}
    resource.format, resource.mimetype, resource.resource_type = "csv.", NIK, NIK
    package = model.Package.get(dataset["id"])
    package.extras = {**package.extras, "catatan": NIK, "harvest_source_title": "Portal"}
    model.Session.commit()
    copy = json.loads(json.dumps({**dataset, "catatan": NIK}))
    row = Activity(city.admin["id"], dataset["id"], "changed package", {"package": copy})
    model.Session.add(row)
    model.Session.commit()
    search.rebuild(dataset["id"])
    (moved,) = moved_keys.move(model.Session.connection())
    model.Session.commit()
    assert moved.dataset_id == dataset["id"]
    assert moved.names == {"catatan", "lampiran", "save", "mimetype", "resource_type", "format"}
    assert NIK not in caplog.text
    rows = model.Session.execute(sa.select(moved_keys.table)).mappings().all()
    assert {r["key"]: r["value"] for r in rows if r["resource_id"] is None} == {"catatan": NIK}
    model.Session.expire_all()
    assert model.Resource.get(file["id"]).extras == {"datastore_active": True}
    assert "catatan" not in model.Package.get(dataset["id"]).extras
    assert model.Package.get(dataset["id"]).extras["definisi"] == dataset["definisi"]
    kept = model.Session.scalar(sa.select(Activity.data).where(Activity.id == row.id))
    assert NIK not in json.dumps(kept)
    assert kept["package"]["definisi"] == dataset["definisi"]
    stale_index.mark(moved_keys.ids([moved]))
    assert city.act(None, "package_search", q=NIK)["count"] == 0
    assert moved_keys.move(model.Session.connection()) == []
    assert untouched["id"] not in {r["package_id"] for r in rows}
    shown = city.act("admin", "package_show", id=dataset["id"])
    assert NIK not in json.dumps(shown)


def test_what_was_moved_goes_with_what_it_was_moved_out_of(city) -> None:
    one, other = city.dataset(), city.dataset()
    for dataset in (one, other):
        package = model.Package.get(dataset["id"])
        package.extras = {**package.extras, "catatan": NIK}
    model.Session.commit()
    assert set(moved_keys.move_all()) == {one["id"], other["id"]}
    city.act("admin", "dataset_purge", id=one["id"])
    column = moved_keys.table.c.package_id
    rows = sa.select(column).where(column.in_([one["id"], other["id"]]))
    assert model.Session.scalars(rows).all() == [other["id"]]


def test_nothing_but_the_migration_knows_the_table_of_what_was_moved() -> None:
    folder = Path(extension.__path__[0])
    # A migration names the one before it.
    before = re.compile(r"^(Revises:|down_revision).*$", re.MULTILINE)
    texts = {
        str(p.relative_to(folder)): before.sub("", p.read_text("utf-8"))
        for p in folder.rglob("*.py")
    }
    assert sorted(name for name, text in texts.items() if "moved_key" in text) == [
        "classification/cli.py",
        "classification/records/moved_key_model.py",
        "classification/writes/moved_keys.py",
        "classification/writes/purging.py",
        "migration/satudata_pontianak/versions/016_moved_keys.py",
        "migration/satudata_pontianak/versions/020_moved_keys_of_groups.py",
        "portal/operator/left_over_checks.py",
    ]
    # None of them hands a value out: what is asked for is counted, moved or deleted.
    source = (folder / "classification/writes/moved_keys.py").read_text("utf-8")
    assert "select(table" not in source
