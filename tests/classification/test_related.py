"""A dataset that belongs to another one is written, indexed and found like every other."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.classification.records import stale_index

from ..access.reading.kept import documents


def test_related_datasets_are_written_and_indexed(city, app) -> None:
    one, other = city.publish(), city.dataset(file=False)
    for subject, related in ((one, other), (other, one)):
        given = {"subject": subject["id"], "object": related["id"], "type": "links_to"}
        city.act("admin", "package_relationship_create", **given, comment="Contoh")
    sent = {"id": one["id"], "notes": "Lain"}
    answer = app.post("/api/3/action/package_patch", json=sent, headers=city.token("produsen"))
    assert answer.status_code == 200, answer.body[:300]
    stale_index.rebuild(other["id"])
    assert "Lain" in documents()[one["id"]]
    # Its reader may not know of the other one.
    assert other["name"] not in documents()[one["id"]]
    assert city.act(None, "package_search", q="notes:Lain")["count"] == 1


def stored() -> list[tuple[Any, ...]]:
    """Return the relationships that stand."""
    model.Session.rollback()
    query = "SELECT type, comment FROM package_relationship WHERE state = 'active'"
    return [tuple(row) for row in model.Session.execute(sa.text(query))]


def test_a_relationship_is_made_changed_taken_away_and_made_again(city, app) -> None:
    one, other = city.dataset(file=False), city.dataset(file=False)

    def call(act: str, kind: str = "child_of", **more: Any) -> Any:
        given = {"subject": one["name"], "object": other["id"], "type": kind, **more}
        return city.over_http(app, "produsen", f"package_relationship_{act}", **given)

    for act, comment in (("create", "satu"), ("create", "dua"), ("update", "tiga")):
        said = call(act, comment=comment)
        assert said.status_code == 200, said.body[:300]
        told = {"subject": one["name"], "object": other["name"], "type": "child_of"}
        assert said.json["result"] == {**told, "comment": comment}
        assert stored() == [("child_of", comment)]
    # Seen from the other end, and with nothing that changes.
    back = {"subject": other["id"], "object": one["id"], "kind": "parent_of"}
    assert call("update", comment="empat", **back).status_code == 200
    assert call("update", comment="empat", **back).status_code == 200
    assert stored() == [("child_of", "empat")]
    assert call("delete").status_code == 200
    assert stored() == []
    for act in ("update", "delete"):
        assert call(act).status_code == 404, act
    assert call("create", comment="lima").status_code == 200
    assert stored() == [("child_of", "lima")]


def test_no_form_of_a_relationship_breaks(city, app) -> None:
    one, other = city.dataset(file=False), city.dataset(file=False)
    good = {"subject": one["id"], "object": other["id"], "type": "links_to"}
    odd: tuple[Any, ...] = ("", None, 1, True, ["a"], {"a": "b"}, "tidak-ada", "x" * 90)
    for act in ("create", "update", "delete"):
        action = f"package_relationship_{act}"
        for key in good:
            for value in odd:
                said = city.over_http(app, "produsen", action, **{**good, key: value})
                assert 400 <= said.status_code < 500, (act, key, value, said.body[:200])
            without = {k: v for k, v in good.items() if k != key}
            assert 400 <= city.over_http(app, "produsen", action, **without).status_code < 500
        # The dataset of another agency, of which its editor may not know.
        said = city.over_http(app, "produsen_lain", action, **good)
        assert said.status_code == 404, said.body
    assert stored() == []


def test_nobody_learns_by_a_relationship_what_they_may_not_know_of(city, app) -> None:
    shown, other, hidden = city.publish(), city.publish(), city.dataset(file=False)
    for subject, related in ((shown, hidden), (hidden, shown), (shown, other)):
        given = {"subject": subject["id"], "object": related["id"], "type": "links_to"}
        comment = "terbuka" if related is other else "rahasiakan"
        city.act("produsen", "package_relationship_create", **given, comment=comment)
    calls: list[tuple[str, dict[str, Any]]] = [
        ("package_show", {"id": shown["id"]}),
        ("package_relationships_list", {"id": shown["id"]}),
        ("package_relationships_list", {"id": shown["id"], "rel": "links_to"}),
        ("package_relationships_list", {"id": shown["id"], "rel": "relationships"}),
        ("package_relationships_list", {"id": shown["id"], "id2": other["id"]}),
        ("package_search", {"q": shown["name"]}),
        ("current_package_list_with_resources", {}),
    ]
    for who in (None, "warga", "produsen_lain"):
        for action, given in calls:
            said = city.over_http(app, who, action, **given)
            assert said.status_code == 200, (action, said.body[:300])
            for text in (hidden["id"], hidden["name"], "rahasiakan"):
                assert text not in said.body, (who, action, text)
    own = city.over_http(app, "produsen", "package_relationships_list", id=shown["id"])
    assert hidden["name"] in own.body
    told = city.over_http(app, None, "package_relationships_list", id=shown["id"])
    assert [r["object"] for r in told.json["result"]] == [other["name"]]


def test_no_form_of_a_question_for_relationships_breaks(city, app) -> None:
    shown, hidden = city.publish(), city.dataset(file=False)
    given = {"subject": shown["id"], "object": hidden["id"], "type": "links_to"}
    city.act("produsen", "package_relationship_create", **given)
    action = "package_relationships_list"
    for key in ("id", "id2", "rel"):
        for value in ("", None, 1, ["a"], {"a": "b"}, "tidak-ada"):
            said = city.over_http(app, None, action, **{"id": shown["id"], key: value})
            assert said.status_code < 500, (key, value, said.body[:200])
    # A relationship with something unseen is no relationship.
    known = {"id": shown["id"], "rel": "links_to"}
    unseen = city.over_http(app, None, action, **known)
    assert unseen.status_code == 404
    own = city.over_http(app, "produsen", action, **known)
    assert [one["object"] for one in own.json["result"]] == [hidden["name"]]
    city.act("produsen", "package_relationship_delete", **given)
    other = city.over_http(app, None, action, **known)
    assert (other.status_code, other.body) == (unseen.status_code, unseen.body)
