"""A dataset that belongs to another one is written, indexed and found like every other."""

from __future__ import annotations

from ckanext.satudata_pontianak.classification import late

from ..access.kept import documents


def test_related_datasets_are_written_and_indexed(city, app) -> None:
    one, other = city.publish(), city.dataset(file=False)
    for subject, related in ((one, other), (other, one)):
        given = {"subject": subject["id"], "object": related["id"], "type": "links_to"}
        city.act("admin", "package_relationship_create", **given, comment="Contoh")
    sent = {"id": one["id"], "notes": "Lain"}
    answer = app.post("/api/3/action/package_patch", json=sent, headers=city.token("produsen"))
    assert answer.status_code == 200, answer.body[:300]
    late.rebuild(other["id"])
    assert "Lain" in documents()[one["id"]]
    # Its reader may not know of the other one.
    assert other["name"] not in documents()[one["id"]]
    assert city.act(None, "package_search", q="notes:Lain")["count"] == 1
