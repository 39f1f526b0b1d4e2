"""A definition of another shape than its class is refused, naming file, line and reason."""

from __future__ import annotations

from typing import Literal

import msgspec
import pytest

from ckanext.satudata_pontianak.surface import declared
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError, Positive, Source, Text


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    label: Text
    due: Positive | None = None
    kind: Literal["begin", "end"] = "begin"


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    states: dict[str, State]
    more: list[dict[str, State]] = msgspec.field(default_factory=list)
    which: dict[Literal["one", "two"], int] = msgspec.field(default_factory=dict)


FIRST = "states:\n  a: {label: A}\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("states: {}\nwhat: 1\n", "line 2: unknown key 'what'"),
        ("more: []\n", "line 1: 'states' is missing"),
        (FIRST + "  b:\n    label: B\n    due: 0\n", "line 5: 'due': Expected `int` >= 1"),
        (FIRST + "  b:\n    due: 1\n    label: 3\n", "line 5: 'label': Expected `str`, got `int`"),
        (FIRST + "  b:\n    due: 1\n", "line 3: 'b': 'label' is missing"),
        (FIRST + "  b:\n    label: B\n    lable: C\n", "line 5: 'b': unknown key 'lable'"),
        (FIRST + "  b: {label: B}\n  c: 5\n", "line 4: 'c': Expected `object`, got `int`"),
        (FIRST + "  b: {label: ''}\n", "line 3: 'label': Expected `str` of length >= 1"),
        (FIRST + "more:\n- x:\n    label: X\n- y:\n    label: Y\n    kind: go\n",
         "line 8: 'kind': Invalid enum value 'go'"),
        (FIRST + "which:\n  one: 1\n  three: 3\n", "line 5: 'three': Invalid enum value 'three'"),
        (FIRST + "which:\n  one: 1\n  two: [3]\n", "line 5: 'two': Expected `int`, got `array`"),
    ],
)  # fmt: skip
def test_the_line_of_what_is_wrong_is_named(text: str, told: str) -> None:
    with pytest.raises(DefinitionError) as error:
        Source("x.yaml", text).shaped(File)
    assert str(error.value) == f"x.yaml, {told}"


def test_a_part_of_a_file_is_read_by_its_place() -> None:
    source = Source("x.yaml", "a:\n  b:\n    states: {c: {label: C}}\n")
    assert source.shaped(File, "a", "b").states["c"].label == "C"
    with pytest.raises(DefinitionError, match="line 2: 'x' is missing"):
        source.shaped(File, "a", "b", "x")


def test_a_declaration_of_the_surface_names_its_line_as_well(tmp_path, monkeypatch) -> None:
    (tmp_path / "surface").mkdir()
    (tmp_path / "surface" / "x.yaml").write_text(FIRST + "  b: {label: 1}\n", "utf-8")
    monkeypatch.setattr(declared.paths, "schemas", lambda: tmp_path)
    with pytest.raises(DefinitionError, match=r"^x.yaml, line 3: 'label': Expected `str`"):
        declared.load("x", File)
