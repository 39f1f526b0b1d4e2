"""A name or an id that somebody else's dataset has is refused as one that nothing has."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from ckan import model

from ...city import AXES_OPEN, submission_fields
from ...refusals import refusal_of


def fields(**values: Any) -> dict[str, Any]:
    return {**submission_fields(), **AXES_OPEN, "owner_org": "dinsos", **values}


def posted(app: Any, headers: dict[str, str], action: str, sent: dict[str, Any], name: str) -> str:
    """Return status and body of a call, with the name that was sent taken out."""
    model.Session.rollback()
    response = app.post(f"/api/3/action/{action}", headers=headers, json=sent, status=None)
    return f"{response.status_code} {response.get_data(as_text=True).replace(name, '=')}"


def test_a_taken_name_of_another_agency_and_a_free_one_are_refused_alike(city, app) -> None:
    city.join("dinsos", "produsen_lain", "editor")
    hidden = city.dataset()
    own = city.dataset("produsen_lain", owner_org="dinsos", file=False)
    headers = city.token("produsen_lain")
    taken, free = hidden["name"], "q" * len(hidden["name"])
    for action, sent in (
        ("package_create", fields()),
        ("package_patch", {"id": own["id"]}),
        ("package_revise", {"match": {"id": own["id"]}}),
    ):
        answers = set()
        for name in (taken, free):
            filled = {**sent, "name": name}
            if action == "package_revise":
                filled = {**sent, "update": {"name": name}}
            answers.add(posted(app, headers, action, filled, name))
        (answer,) = answers
        assert answer.startswith("409"), answer
        assert "dinsos-=" in answer  # it says a right one


def test_a_name_that_is_left_out_is_made_with_the_code_and_a_random_ending(city) -> None:
    made = [
        city.act("produsen", "package_create", **fields(owner_org="dinkes", title="Stok Obat"))
        for _ in range(2)
    ]
    names = [each["name"] for each in made]
    assert all(re.fullmatch(r"dinkes-stok-obat-[a-z0-9]{6}", name) for name in names)
    assert names[0] != names[1]


def test_a_stored_name_stays_while_the_rest_is_changed(city) -> None:
    old = city.dataset(name="nama-lama", file=False)
    shown = city.act("produsen", "package_show", id=old["id"])
    assert city.act("produsen", "package_update", **{**shown, "notes": "Lain"})["notes"] == "Lain"
    renamed = city.act("produsen", "package_patch", id=old["id"], name="dinkes-nama-baru")
    assert renamed["name"] == "dinkes-nama-baru"
    with refusal_of("name"):
        city.act("produsen", "package_patch", id=old["id"], name="nama-lama-sekali")


def test_an_id_of_somebody_elses_file_is_no_more_taken_than_any_other(city, app) -> None:
    city.join("dinsos", "produsen_lain", "editor")
    hidden = city.dataset()["resources"][0]["id"]
    own = city.dataset("produsen_lain", owner_org="dinsos")
    headers = city.token("produsen_lain")
    for sent_id in (hidden, str(uuid.uuid4())):
        link = {"id": sent_id, "url": "https://contoh.id/a.csv", "name": "Tautan"}
        title = f"Dengan berkas {sent_id[:4]}"
        for action, sent in (
            ("package_create", fields(title=title, resources=[link])),
            ("resource_create", {"package_id": own["id"], **link}),
            ("package_revise", {"match": {"id": own["id"]}, "update__resources__extend": [link]}),
        ):
            answer = posted(app, headers, action, sent, sent_id)
            assert answer.startswith("200"), (action, answer)
            assert "=" not in re.findall(r'"id": "([^"]*)"', answer), "the id was kept"


def test_what_not_even_its_editors_may_know_of_is_called_at_random(city, app) -> None:
    sealed = city.seal("sangat_rahasia")
    assert re.fullmatch(r"dinkes-[a-z0-9]{16}", sealed["name"])
    with refusal_of("name"):
        city.act("kepala_dinkes", "package_patch", id=sealed["id"], name="dinkes-mudah-ditebak")
    again = city.act("kepala_dinkes", "package_patch", id=sealed["id"], notes="Lain")
    assert again["name"] == sealed["name"]


def test_a_secret_that_its_editors_know_of_keeps_its_name(city) -> None:
    sealed = city.seal("rahasia")
    assert "dataset" in sealed["name"]


def test_the_form_of_a_new_dataset_asks_for_no_address(city, app) -> None:
    page = app.get("/dataset/new", headers=city.token("produsen")).get_data(as_text=True)
    assert 'name="name"' not in page
    dataset = city.dataset(file=False)
    page = app.get(f"/dataset/edit/{dataset['name']}", headers=city.token("produsen"))
    assert json.dumps(dataset["name"])[1:-1] in page.get_data(as_text=True)
    assert 'name="name"' in page.get_data(as_text=True)
