"""What callers ask of a search, checked against the declaration before anything is looked for.

The declaration is ``schemas/surface/parameters.yaml``. A program is refused, with the name of the
parameter; a page leaves out what it does not know. Searches of ours are marked in their context,
which nobody can reach over HTTP, and never in their data.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import types
from ckan.lib.search.common import SearchQueryError

from ... import days
from ...surface import parameters, search_query
from ...surface.parameters import Refused
from . import rules

OWN = "satudata_own_search"
WORDS, VALUES = "words", "values"
"""Marks under :data:`OWN`: a search that we wrote ourselves; one that counts all values."""


def marked(context: types.Context, mark: str) -> Any:
    """Return a caller's context for a search of ours: the caller, and the mark."""
    return tk.fresh_context(context, **{OWN: mark})


def taken(action: str, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters of a call.

    :raises tk.ValidationError: one is not declared, or is not what was declared.
    """
    try:
        return parameters.checked(action, data_dict)
    except Refused as refused:
        raise invalid(refused) from None


def known(action: str, data_dict: dict[str, Any]) -> None:
    """Refuse parameters of a call that are not declared; the action looks at the values itself.

    :raises tk.ValidationError: one is not declared.
    """
    declared = parameters.search().actions[action]
    taken(action, {name: value for name, value in data_dict.items() if name not in declared})


def invalid(refused: Refused) -> tk.ValidationError:
    """Return a refusal as the API tells it, by parameter."""
    return tk.ValidationError({refused.parameter: [refused.text(tk._)]})


def package_search(context: types.Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return what a search for datasets asks: declared parameters, filters written anew.

    :raises tk.ValidationError: a parameter is not declared, or is not what was declared.
    :raises SearchQueryError: a filter cannot be read, or asks for what is not declared.
    """
    mark, page = context.get(OWN), bool(context.get("for_view"))
    if mark == WORDS:
        return dict(data_dict)
    q = data_dict.get("q")
    if page and isinstance(q, str):
        most = parameters.search().actions["package_search"]["q"].most
        data_dict = {**data_dict, "q": q[:most]}
    try:
        asked = parameters.checked(
            "package_search", data_dict, every_value=mark == VALUES, lenient=page
        )
    except Refused as refused:
        raise (unsearchable if page else invalid)(refused) from None
    if "facet" in asked:
        asked["facet"] = "true" if asked["facet"] else "false"
    _write_filters(asked, lenient=page)
    return asked


def _write_filters(asked: dict[str, Any], *, lenient: bool) -> None:
    name = "fq"
    try:
        if "fq" in asked:
            asked["fq"] = _filter(asked["fq"], lenient)
        name = "fq_list"
        if "fq_list" in asked:
            written = [_filter(fq, lenient) for fq in asked["fq_list"]]
            asked["fq_list"] = [fq for fq in written if fq]
    except Refused as refused:
        raise unsearchable(refused.of(name)) from None


def _filter(text: str, lenient: bool) -> str:
    node = search_query.cached(text, lenient=lenient)
    return "" if node is None else search_query.write(node, states, signed=True)


def unsearchable(refused: Refused) -> SearchQueryError:
    """Return the refusal of a question, which pages and the API answer 400."""
    return SearchQueryError(f"{refused.parameter}: {refused.text(tk._)}")


def states(_field: str, state: str) -> str:
    """Return the question for a state of freshness, which no document holds."""
    return rules.freshness_query(state, days.today())
