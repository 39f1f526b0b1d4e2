"""Texts outside of datasets that a reader may see: what the scan refuses there is refused.

No case stands behind them that could judge a finding. Which acts have such texts is declared in
``schemas/surface/keys.yaml``.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk

from ...disclosure.recognizers import OF_OFFICES
from ...msgids import N_
from ...surface import keys
from ...surface.key_errors import UNKNOWN, told_under
from ...surface.keys import Act
from ..records import text_findings

REFUSAL = N_(
    "This text holds what looks like personal data (%(kinds)s). Others can read it: take it out, "
    "then save again."
)

NOT_LISTED = N_("This value is not in the list. Choose one of: %(known)s.")


def scanned(actions: Mapping[str, Any]) -> dict[str, Any]:
    """Return the actions, and those of CKAN that are declared, with the scan of their texts."""
    made = dict(actions)
    for name, act in keys.load().acts.items():
        if act.plugin is None or p.plugin_loaded(act.plugin):
            made[name] = _scanned(act, actions[name]) if name in actions else _before(act)
    return made


def _scanned(act: Act, action: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(action)
    def checked(*args: Any, **more: Any) -> Any:
        context = args[-2] if len(args) > 1 else more.get("context", {})
        check(act, context, args[-1] if args else more.get("data_dict", {}))
        return action(*args, **more)

    return checked


def _before(act: Act) -> Callable[..., Any]:
    @tk.chained_action
    def checked(original: Any, context: Any, data_dict: Any) -> Any:
        check(act, context, data_dict)
        return original(context, data_dict)

    return checked


def check(act: Act, context: Mapping[str, Any], data: Any) -> None:
    """Refuse an act with a key that is not declared, or a text with a hard identifier.

    :raises ckan.plugins.toolkit.ValidationError: naming each key; no text is repeated.
    """
    if not isinstance(data, Mapping) or (act.internal and context.get("ignore_auth")):
        return
    errors: dict[str, Any] = {}
    for key, value in data.items():
        if act.keys is not None and key not in act.keys and not keys.is_ours(str(key)):
            known = ", ".join(sorted(act.keys))
            told = {"key": keys.shortened(key), "known": known}
            errors[keys.shortened(key)] = [tk._(UNKNOWN) % told]
            continue
        if key in act.listed and value is not None and value not in act.listed[key]:
            told = {"known": ", ".join(act.listed[key])}
            errors[key] = [tk._(NOT_LISTED) % told]
            continue
        kinds = {f.kind for text in _texts(act, key, value) for f in _hard(act, key, text)}
        if kinds:
            told = {"kinds": ", ".join(sorted(kinds))}
            errors[keys.shortened(key)] = told_under(key, [tk._(REFUSAL) % told])
        if len(errors) >= keys.MOST_TOLD:
            break
    if errors:
        raise tk.ValidationError(errors)


def _texts(act: Act, key: Any, value: Any) -> Iterator[str]:
    if key in act.but or (act.only is not None and key not in act.only):
        return
    yield from keys.leaves(key)
    yield from keys.leaves(value)


def _hard(act: Act, key: Any, text: str) -> Iterator[Any]:
    for finding in text_findings.hard_findings("text", text):
        if key not in act.contacts or finding.kind not in OF_OFFICES:
            yield finding
