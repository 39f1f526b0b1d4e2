"""docs/api.md names every action of ours, and every word that a refusal can carry."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.satudata_pontianak.classification.grants.request_definition import request_rules
from ckanext.satudata_pontianak.classification.rules.definition import workflow
from ckanext.satudata_pontianak.plugin import ACTIONS

TEXT = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
OURS = sorted(
    name for room in ACTIONS for name in room.get_actions() if name.startswith("satudata_")
)


@pytest.mark.parametrize("action", OURS)
def test_an_action_is_documented_with_a_call(action: str) -> None:
    assert f"`{action}`" in TEXT
    assert f"/api/3/action/{action}" in TEXT


def test_codes_of_refusals_are_documented() -> None:
    definition = workflow()
    codes = {*definition.conditions, *definition.messages, *request_rules().messages}
    codes -= {"not_holder", "excluded"}
    assert codes == {code for code in codes if f"`{code}`" in TEXT}


def test_steps_are_documented() -> None:
    steps = {t.name for t in workflow().transitions.values()}
    assert steps == {step for step in steps if f"`{step}`" in TEXT}
