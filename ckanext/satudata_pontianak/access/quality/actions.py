"""Actions on the quality of a dataset: thin, each one call into the room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model, types

from ...agencies import registry
from ...classification.records import dataset_types, parameters
from ...classification.requests import auth
from ...classification.requests.actions import tried
from . import asking, facts, figures, showing
from .answers import FigureAnswered, FigureList, QualityShown

MOST = 100


@tk.side_effect_free
def satudata_quality_show(context: types.Context, data_dict: dict[str, Any]) -> QualityShown:
    """Return the quality of a dataset: its points by dimension, and what each lost point needs.

    For everybody from what is open; for who works on it with the files that wait.

    :param id: id or name of the dataset
    """
    tk.check_access("satudata_quality_show", context, data_dict)
    dataset = _dataset(context, data_dict)
    actor = registry.actor_from_context(context)
    return showing.shown(dataset, actor, edits=auth.may_update(context, dataset["id"]))


@tk.side_effect_free
def satudata_figure_list(context: types.Context, data_dict: dict[str, Any]) -> FigureList:
    """Return the figures that wait for an answer of agencies for which the caller publishes.

    What is due first stands first; of somebody who publishes for none there is nothing.

    :param limit: at most so many, 0–100 (default: 20)
    :param offset: skip so many (default: 0)
    """
    tk.check_access("satudata_figure_list", context, data_dict)
    limit = parameters.number(data_dict, "limit", 20, 0, MOST)
    offset = parameters.number(data_dict, "offset", 0, 0, 10**9)
    actor = registry.actor_from_context(context)
    found = [each for each in asking.waiting_for(actor) if showing.can_say(each[1])]
    return {
        "count": len(found),
        "results": [
            {
                "dataset": {"name": dataset["name"], "title": dataset["title"]},
                "figure": showing.asked(figure, dataset, actor),
            }
            for dataset, figure in found[offset : offset + limit]
        ],
    }


def satudata_figure_answer(context: types.Context, data_dict: dict[str, Any]) -> FigureAnswered:
    """Say for the agency what there is to a figure that does not agree with others.

    For who publishes for the agency of the dataset. Everybody reads it who is told of the figure.

    :param id: id or name of the dataset
    :param figure: id of the figure, as ``satudata_quality_show`` gives it
    :param answer: ``right`` (it is right as it is) or ``mend`` (it will be corrected)
    :param reason: why; with ``mend`` it may be left out
    """
    tk.check_access("satudata_figure_answer", context, data_dict)
    dataset = _dataset(context, data_dict)
    actor = registry.actor_from_context(context).on(dataset["id"], dataset.get("owner_org"))
    key, said = parameters.line(data_dict, "figure"), parameters.line(data_dict, "answer")
    reason = parameters.text(data_dict, "reason") if data_dict.get("reason") else ""

    def find() -> figures.Figure | None:
        listed = figures.told(dataset, facts.waiting(dataset), actor)
        return next((each for each in listed if each.key == key), None)

    def act() -> Any:
        done = figures.answer(dataset, find(), actor, said, reason)
        model.Session.commit()
        return done

    receipt = tried(act)
    listed = showing.shown(dataset, actor, edits=True)["asked"]
    shown = next(each for each in listed if each["id"] == key)
    return {"figure": shown, "receipt": receipt.as_dict() if receipt else None}


def _dataset(context: types.Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return a dataset as its reader has it.

    :raises ckan.plugins.toolkit.ObjectNotFound: there is none of data that they may know of.
    """
    named = parameters.dataset_id(data_dict)
    try:
        dataset = tk.get_action("package_show")({**context}, {"id": named})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        raise tk.ObjectNotFound(tk._("Dataset not found")) from None
    if dataset.get("type") not in dataset_types.of_data():
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    return dataset


_ACTIONS = (satudata_quality_show, satudata_figure_list, satudata_figure_answer)


def get_actions() -> dict[str, Callable[..., Any]]:
    """Return the actions of this module by name."""
    return {f.__name__: f for f in _ACTIONS}


def get_auth_functions() -> dict[str, Any]:
    """Return the auth functions of this module by name."""
    return {
        "satudata_quality_show": auth.everyone(),
        "satudata_figure_list": auth.logged_in(),
        "satudata_figure_answer": auth.logged_in(),
    }
