"""After a change of ``workflow.yaml`` alone, engine, buttons, API, SOP, PDF and report follow."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pypdfium2
import pytest
import yaml

from ckanext.satudata_pontianak import days, paths
from ckanext.satudata_pontianak.classification.rules import deadlines, definition
from ckanext.satudata_pontianak.sop.documents import definition as sop_definition
from ckanext.satudata_pontianak.sop.documents import library

KEPT = (
    definition.workflow,
    sop_definition.definitions,
)


@pytest.fixture
def other_file(tmp_path, monkeypatch) -> Iterator[None]:
    """Start as a portal whose file has one state more, and another deadline."""
    folder = tmp_path / "schemas"
    shutil.copytree(paths.schemas(), folder)
    file = folder / "workflow.yaml"
    told = yaml.safe_load(file.read_text("utf-8"))
    told["states"]["verification"]["due_working_days"] = 9
    told["states"]["legal_review"] = {
        "label": "Read by lawyers",
        "holder": "walidata",
        "due_working_days": 4,
    }
    told["transitions"] += [
        _step("ask_lawyers", "verification", "legal_review", "note_referral"),
        _step("return", "legal_review", "draft", "thaw_evidence"),
        _step("hand_on", "legal_review", "consequence_test", "note_referral"),
    ]
    file.write_text(yaml.safe_dump(told, sort_keys=False), "utf-8")
    monkeypatch.setattr(paths, "schemas", lambda: folder)
    _forget()
    yield
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    for read in KEPT:
        read.cache_clear()
    library.forget()


def _step(name: str, source: str, target: str, effect: str) -> dict[str, Any]:
    own = {"name": name, "label": f"Do {name}", "from": source, "to": target, "effect": effect}
    return {**own, "by": "walidata", "kinds": ["classify"], "step": f"Somebody does {name}."}


def _due(count: int) -> str:
    return deadlines.add_working_days(days.today(), count).isoformat()


def test_one_state_and_one_deadline_are_followed_everywhere(city, app, other_file) -> None:
    dataset = city.dataset()
    who = city.token("walidata")
    page = f"/satudata/berkas/{dataset['name']}"
    # Engine, API, deadline and buttons.
    told = city.step("produsen", dataset, "submit")
    assert told["case"]["due"] == _due(9)
    shown = city.act("walidata", "satudata_classification_show", id=dataset["id"])
    assert "ask_lawyers" in {t["name"] for t in shown["case"]["transitions"]}
    assert 'data-step="ask_lawyers"' in app.get(page, headers=who).body
    told = city.step("walidata", dataset, "ask_lawyers")
    assert (told["case"]["state"], told["case"]["due"]) == ("legal_review", _due(4))
    body = app.get(page, headers=who).body
    assert 'data-step="hand_on"' in body
    number = re.search(r'/satudata/sop/publikasi#langkah-(\d+)"', body)
    assert number
    # The SOP: its page with the row that the button names, its drawing, its PDF, its JSON.
    sop = app.get("/satudata/sop/publikasi").body
    assert "Read by lawyers" in sop
    assert f'id="langkah-{number[1]}"' in sop
    pdf = pypdfium2.PdfDocument(io.BytesIO(app.get("/satudata/sop/publikasi.pdf").data))
    assert "Somebody does hand_on." in _text(pdf)
    flow = app.get("/satudata/sop/publikasi.json").json["rows"]
    row = next(r for r in flow if r["title"] == "Read by lawyers")
    assert row["time"].startswith("4 ")
    assert {r["time"][:2] for r in flow if r["key"] == "case:verification"} == {"9 "}
    assert len(row["next"]) == 2
    # The report: nothing of it is a deviation, and the step has its days.
    city.step("walidata_2", dataset, "hand_on")
    report = city.act("pengawas", "satudata_conformance")
    assert dataset["id"] not in {d["dataset"] for d in report["deviations"]["list"]}
    assert ("legal_review", "hand_on") in {(r["state"], r["step"]) for r in report["steps"]}


def _text(pdf: Any) -> str:
    texts = (page.get_textpage().get_text_range() for page in pdf)
    return re.sub(r"\s+", " ", " ".join(texts))
