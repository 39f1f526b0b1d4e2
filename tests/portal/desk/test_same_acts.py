"""What the API allows and what the pages offer are the same, for every duty in every state."""

from __future__ import annotations

from typing import Any

import pytest

import ckan.plugins.toolkit as tk

from ckanext.satudata_pontianak.classification.rules.definition import OPERATOR, workflow

LIMITED = {
    "jenis_informasi": "dikecualikan",
    "tingkat_keamanan": "terbatas",
    "data_pribadi": "tidak_ada",
}
PEOPLE = (
    "produsen",
    "kepala_dinkes",
    "staf",
    "produsen_lain",
    "pegawai_dinsos",
    "walidata",
    "walidata_2",
    "ppid",
    "penetap",
    "pengawas",
    "warga",
    "admin",
)
STALE = "0" * 64


def to_state(city: Any, kind: str, state: str) -> dict[str, Any]:
    """Bring a dataset's case of this kind into this state."""
    if kind == "classify":
        dataset = city.dataset(**LIMITED)
    else:
        dataset = city.publish()
        more = {"move": {"owner_org": "disdukcapil"}, "remove": {"removes": "dataset"}}[kind]
        city.step("produsen", dataset, "reopen", case_kind=kind, reason="Perlu", **more)
    if state != "draft":
        city.step("produsen", dataset, "submit")
    if state in ("consequence_test", "approval"):
        city.step("walidata", dataset, "refer", catatan="uji")
    if state == "approval":
        city.step("ppid", dataset, "assess", **city.assess_fields())
    return dataset


def may_take(city: Any, who: str, dataset: dict[str, Any], name: str) -> bool:
    """Tell whether the API knows this step here as one of this person's.

    It is asked with evidence that is never right: who may not take the step is told so first.
    """
    try:
        city.step(who, dataset, name, evidence=STALE)
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    except tk.ValidationError as refused:
        code = refused.error_dict["code"][0]
        assert code in ("stale_evidence", "not_from_here"), code
        return code == "stale_evidence"
    raise AssertionError("a step was taken on wrong evidence")


def states() -> list[tuple[str, str]]:
    """Return every kind of case with every state out of which it has a step for a person."""
    return sorted(
        {
            (kind, t.source)
            for t in workflow().transitions.values()
            for kind in t.kinds
            if t.by != OPERATOR
        }
    )


@pytest.mark.parametrize(("kind", "state"), states())
def test_steps_are_the_same_by_api_and_page_for_everybody(desk, city, kind, state) -> None:
    dataset = to_state(city, kind, state)
    names = sorted({t.name for t in workflow().transitions.values() if t.by != OPERATOR})
    somebody_may = False
    for who in PEOPLE:
        page = desk.case(who, dataset)
        possible = {name for name in names if may_take(city, who, dataset, name)}
        somebody_may = somebody_may or bool(possible)
        if page.status == 404:
            assert possible == set(), who
            continue
        case = city.act(who, "satudata_classification_show", id=dataset["id"])["case"]
        offered = {t["name"] for t in case["transitions"]} if case else set()
        blocked = case["blocked"] if case else []
        theirs = {b["name"] for b in blocked if b["code"] not in ("not_holder", "excluded")}
        assert set(page.steps) == offered, who
        # A renewal is told of where a limited decision is in force, as in none of these states.
        assert possible - {"renew"} == offered | theirs, who
    assert somebody_may
    assert desk.case(None, dataset).status == 302
    for name in names:
        assert not may_take(city, None, dataset, name)


def asked(city: Any, who: str | None, action: str, dataset: dict[str, Any], **params: Any) -> bool:
    """Tell whether an action that is asked wrongly is refused for its values, not its person."""
    try:
        city.act(who, action, id=dataset["id"], **params)
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return False
    except tk.ValidationError as refused:
        code = (refused.error_dict.get("code") or [""])[0]
        return code not in ("case_open", "nothing_decided")
    raise AssertionError("wrong values were taken")


@pytest.mark.parametrize("decided", ["open", "limited", "sealed", "undecided", "held", "reopened"])
def test_side_roads_are_the_same_by_api_and_page_for_everybody(desk, city, decided) -> None:
    dataset = {
        "open": city.publish,
        "limited": city.limit,
        "sealed": city.seal,
        "undecided": city.dataset,
        "held": city.publish,
        "reopened": city.publish,
    }[decided]()
    hold = "tiada"
    if decided == "held":
        why = "Alasan yang cukup panjang"
        held = city.act(
            "walidata", "satudata_hold_create", id=dataset["id"], scope="data", reason=why
        )
        hold = held["holds"][0]["id"]
    if decided == "reopened":
        city.step("produsen", dataset, "reopen", reason="Perlu ditinjau")
    here = f"/satudata/berkas/{dataset['name']}"
    for who in PEOPLE:
        reopens = [
            asked(
                city,
                who,
                "satudata_classification_transition",
                dataset,
                transition="reopen",
                case_kind=kind,
                reason="",
            )
            for kind in ("classify", "remove", "move")
        ]
        assert (desk.get(who, f"{here}/buka").status == 200) == any(reopens), who
        assert (desk.get(who, f"{here}/hapus").status == 200) == reopens[1], who
        holds = asked(city, who, "satudata_hold_create", dataset, scope="x", reason="x")
        assert (desk.get(who, f"{here}/tahan").status == 200) == holds, who
        lifts = decided == "held" and asked(
            city, who, "satudata_hold_release", dataset, hold=hold, ground="x", reason="x"
        )
        assert (desk.get(who, f"{here}/lepas/{hold}").status == 200) == lifts, who
