"""What the policy costs: the number of queries of our tables, whatever the number of datasets."""

from __future__ import annotations

import re

import pytest

from ckan.lib import search
from ckan.logic import _actions

from ...statements import statements

OURS = re.compile(r"\b(from|join|into|update)\s+satudata_", re.IGNORECASE)
# Read once a request: who is asking, for the labels and for every dataset; and for those without
# a name, whether an answer that is kept still holds.
WHO_ASKS = ("satudata_delegation", "satudata_break_glass", "satudata_generation")


def ours(statement: str) -> bool:
    """Tell whether a statement touches our tables, and is none of those that say who asks."""
    return bool(OURS.search(statement)) and not any(table in statement for table in WHO_ASKS)


@pytest.mark.parametrize("who", ["anonymous", "citizen", "owner_editor", "walidata", "sysadmin"])
def test_a_page_of_twenty_costs_one_query(world, app, who) -> None:
    with statements(ours) as found:
        answer = app.get(
            "/api/3/action/package_search?rows=20&include_private=true",
            headers=world.token(who),
        ).get_json()["result"]
    assert len(answer["results"]) >= 8
    assert len(found) == 1, found


def test_labels_and_index_add_no_package_show(world, monkeypatch) -> None:
    calls = []
    original = _actions["package_show"]

    def counted(context, data_dict):
        calls.append(data_dict)
        return original(context, data_dict)

    counted.side_effect_free = True
    monkeypatch.setitem(_actions, "package_show", counted)
    search.rebuild(world.nest.datasets["limited"])
    assert len(calls) == 1  # core's own
