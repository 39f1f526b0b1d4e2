"""What somebody may not know of answers like an unknown name, through every door."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .doors import OF_A_STATE, Try, doors
from .matrix import NOTHING, Matrix

UNKNOWN = {place.strip("{}"): NOTHING for place in OF_A_STATE} | {"name": "tidak-ada-sama-sekali"}
HIDDEN = ("draft", "sealed", "held_all")
# What PPID says of an excluded item is for everybody, also where its dataset is hidden.
TOLD = ("/satudata/dik/{decision}",)


def answer(matrix: Matrix, request: Try, names: dict[str, str]) -> tuple[int, Any]:
    """Return status and error of a call, with what was named taken out."""
    sent: dict[str, Any] = {"json": json.loads(request.body)} if request.body else {}
    response = matrix.app.test_client().open(
        request.path,
        method=request.method,
        headers={**matrix.headers, "Accept": "application/json"},
        follow_redirects=False,
        **sent,
    )
    body = response.get_data(as_text=True)
    if response.mimetype not in ("application/json", "application/problem+json"):
        return response.status_code, None
    for word in sorted({*names.values(), *UNKNOWN.values()}, key=len, reverse=True):
        body = body.replace(word, "X")
    told = json.loads(body)
    if not isinstance(told, dict):  # an action that is not there says so in a sentence
        return response.status_code, told
    return response.status_code, told.get("error") or told.get("detail")


@pytest.mark.parametrize("who", ["anonymous", "citizen", "other_admin"])
def test_hidden_and_unknown_answer_alike(world, app, who) -> None:
    matrix = Matrix(world, app, who)
    app.flask_app.config["TESTING"] = app.flask_app.config["PROPAGATE_EXCEPTIONS"] = False
    differ = []
    try:
        for door in doors():
            for attempt in door.tries:
                if not attempt.per_state or attempt.path in TOLD:
                    continue
                unknown = answer(matrix, attempt.filled({**matrix.around, **UNKNOWN}), UNKNOWN)
                for state in HIDDEN:
                    places = matrix.places[state]
                    hidden = answer(matrix, attempt.filled({**matrix.around, **places}), places)
                    if hidden != unknown:
                        differ.append(
                            f"{door.name} {attempt.template}: {state}: {hidden} {unknown}"
                        )
                        break
    finally:
        app.flask_app.config["TESTING"] = True
        app.flask_app.config["PROPAGATE_EXCEPTIONS"] = None
    assert not differ, "\n".join(differ)
