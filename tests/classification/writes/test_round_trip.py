"""What ``package_show`` gives is taken back unchanged, and changes nothing."""

from __future__ import annotations

import io
import json

import sqlalchemy as sa
from ckanapi import LocalCKAN
from ckanapi.cli.load import load_things_worker

import ckan.plugins.toolkit as tk
from ckan import model

WHO = ("produsen", "walidata", "admin")


def kept() -> dict[str, str]:
    """Return the rows that a write could change."""
    model.Session.rollback()
    tables = (
        "package",
        "resource",
        "resource_view",
        "package_tag",
        "member",
        "satudata_version",
        "satudata_pointer",
        "satudata_case",
        "satudata_decision",
    )
    return {
        name: model.Session.scalar(
            sa.text(f'SELECT string_agg(t::text, chr(10) ORDER BY t::text) FROM "{name}" t')
        )
        for name in tables
    }


def loaded(city, who: str, dataset: dict) -> list:
    """Return the errors of ``ckanapi load datasets`` with this dataset."""
    name = city.admin["name"] if who == "admin" else city.users[who]["name"]
    options = (
        "--insecure",
        "--create-only",
        "--update-only",
        "--upload-resources",
        "--upload-logo",
    )
    line, said = io.BytesIO(json.dumps(dataset).encode() + b"\n"), io.BytesIO()
    arguments = dict.fromkeys(options, False)
    load_things_worker(LocalCKAN(username=name), "datasets", arguments, stdin=line, stdout=said)
    return [json.loads(each)[2] for each in said.getvalue().splitlines()]


def states(city, make_upload) -> list[str]:
    """Return datasets in several states, with files, links and views."""
    draft = city.dataset(tag_string="penduduk,kota", maintainer="Bidang Data")
    city.act(
        "produsen",
        "resource_create",
        package_id=draft["id"],
        url="https://contoh.go.id/a.csv",
        name="Tautan",
        format="csv",
    )
    opened = city.publish()
    city.act(
        "produsen",
        "resource_view_create",
        resource_id=opened["resources"][0]["id"],
        title="Tampilan",
        view_type="text_view",
    )
    waiting = city.publish()
    city.act(
        "produsen",
        "resource_patch",
        id=waiting["resources"][0]["id"],
        upload=make_upload(b"kecamatan,penduduk\nPontianak Kota,1\n"),
    )
    bare = city.dataset(file=False)
    return [draft["id"], opened["id"], waiting["id"], city.limit()["id"], bare["id"]]


def test_an_answer_sent_back_is_taken_and_changes_nothing(city, make_upload) -> None:
    for dataset_id in states(city, make_upload):
        for who in WHO:
            try:
                given = city.act(who, "package_show", id=dataset_id)
                city.act(who, "package_patch", id=dataset_id)
            except (tk.NotAuthorized, tk.ObjectNotFound):
                continue
            before = kept()
            copy = json.loads(json.dumps(given))
            city.act(who, "package_update", **copy)
            city.act(who, "package_revise", match={"id": dataset_id}, update=given)
            for file in given["resources"]:
                city.act(who, "resource_update", **json.loads(json.dumps(file)))
            assert loaded(city, who, given) == [None]
            assert kept() == before, (who, given["title"])
            assert city.act(who, "package_show", id=dataset_id) == given
