"""Addresses of resources are http(s) or an upload, by every door."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from ckan import model

WRONG = [
    "javascript:alert(document.cookie)",
    "JAVASCRIPT://x/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "ftp://contoh.example/a.csv",
    "//contoh.example/a.csv",
    "relatif/a.csv",
    "java\tscript:alert(1)",
    "https://contoh.example/a\nb",
    "https://contoh.example\\@10.0.0.1/",
    "https://user:sandi@contoh.example/a.csv",
    "https://user@contoh.example/a.csv",
    ["https://contoh.example/a.csv"],
    {"a": 1},
    7,
]


def rows() -> list:
    model.Session.rollback()
    query = sa.select(model.Resource.id, model.Resource.url, model.Resource.state)
    return sorted(map(tuple, model.Session.execute(query)))


@pytest.mark.parametrize("url_type", ["", "upload", None])
def test_every_other_address_is_refused_by_name(city, app, url_type):
    dataset = city.dataset()
    linked = city.dataset(file=False)
    city.act(
        "produsen",
        "resource_create",
        package_id=linked["id"],
        name="Tautan",
        url="https://contoh.example/a.csv",
    )
    linked = city.act("produsen", "package_show", id=linked["id"])
    link = linked["resources"][0]["id"]
    before = rows()
    for wrong in WRONG:
        item = {"url": wrong, "name": "Tautan"}
        if url_type is not None:
            item["url_type"] = url_type
        doors = {
            "resource_create": {"package_id": dataset["id"], **item},
            "resource_update": {"id": link, **item},
            "resource_patch": {"id": link, **item},
            "package_patch": {"id": linked["id"], "resources": [{"id": link, **item}]},
            "package_revise": {
                "match": {"id": linked["id"]},
                f"update__resources__{link[:8]}": item,
            },
        }
        if url_type == "upload":
            # It claims a file that was not brought: the address is dropped.
            doors = {}
            answer = city.over_http(app, "produsen", "resource_patch", id=link, **item)
            assert answer.status_code in (200, 409), (wrong, answer.body[:300])
        for action, values in doors.items():
            answer = city.over_http(app, "produsen", action, **values)
            assert answer.status_code == 409, (wrong, action, answer.body[:300])
            assert "url" in json.dumps(answer.json["error"]), (wrong, action, answer.json)
    assert rows() == before
