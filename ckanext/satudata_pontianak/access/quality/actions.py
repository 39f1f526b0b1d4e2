"""Actions on the quality of a dataset: thin, each one call into the room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types

from ...classification.records import dataset_types, parameters
from ...classification.requests import auth
from . import showing
from .answers import QualityShown


@tk.side_effect_free
def satudata_quality_show(context: types.Context, data_dict: dict[str, Any]) -> QualityShown:
    """Return the quality of a dataset: its points by dimension, and what each lost point needs.

    For everybody from what is open; for who works on it with the files that wait.

    :param id: id or name of the dataset
    """
    tk.check_access("satudata_quality_show", context, data_dict)
    named = parameters.dataset_id(data_dict)
    try:
        dataset = tk.get_action("package_show")({**context}, {"id": named})
    except (tk.NotAuthorized, tk.ObjectNotFound):
        raise tk.ObjectNotFound(tk._("Dataset not found")) from None
    if dataset.get("type") not in dataset_types.of_data():
        raise tk.ObjectNotFound(tk._("Dataset not found"))
    return showing.shown(dataset, edits=auth.may_update(context, dataset["id"]))


def get_actions() -> dict[str, Callable[..., Any]]:
    """Return the actions of this module by name."""
    return {f.__name__: f for f in (satudata_quality_show,)}


def get_auth_functions() -> dict[str, Any]:
    """Return the auth functions of this module by name."""
    return {name: auth.everyone() for name in get_actions()}
