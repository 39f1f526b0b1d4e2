"""A refusal says which field it is about, and a step that is refused says why by a code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import ckan.plugins.toolkit as tk


@contextmanager
def refusal_of(
    *fields: str, code: str | None = None
) -> Iterator[pytest.ExceptionInfo[tk.ValidationError]]:
    """Expect an act to be refused for one of these fields and for no other, with this code."""
    with pytest.raises(tk.ValidationError) as refused:
        yield refused
    said = dict(refused.value.error_dict)
    assert code is None or said.pop("code") == [code], said
    assert said, "nothing is named"
    assert set(said) <= set(fields), said
