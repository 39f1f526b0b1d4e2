"""YAML is read fast, and nothing comes out otherwise."""

from __future__ import annotations

import pytest
import yaml

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.surface import yaml_text

WRONG = (
    "a: [1",
    "a: {b\nc: d: e\n",
    "a:\n\t- b",
    "a: *x\n",
    "a: b\n c: d\n- e\n",
    "a: !!other 1\n",
)


def places(node: yaml.Node) -> list[tuple[str, int, int]]:
    """Return tag, line and column of a node and of all below it."""
    found = [(node.tag, node.start_mark.line, node.start_mark.column)]
    if isinstance(node, yaml.CollectionNode):
        parts = [
            part for item in node.value for part in (item if isinstance(item, tuple) else [item])
        ]
        found += [place for part in parts for place in places(part)]
    return found


def test_every_definition_is_read_as_the_plain_reader_reads_it() -> None:
    files = sorted(paths.schemas().rglob("*.yaml"))
    assert len(files) > 20
    for path in files:
        text = path.read_text("utf-8")
        tree = yaml_text.tree(text)
        assert tree is not None
        assert places(tree) == places(yaml.compose(text, Loader=yaml.SafeLoader)), path.name
        assert yaml_text.held(tree) == yaml_text.read(path) == yaml.safe_load(text), path.name


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_said_in_the_words_and_at_the_place_of_the_plain_reader(text) -> None:
    with pytest.raises(yaml.MarkedYAMLError) as plain:
        yaml.safe_load(text)
    with pytest.raises(yaml.MarkedYAMLError) as fast:
        yaml_text.parse(text)
    assert (fast.value.problem, fast.value.problem_mark.line) == (
        plain.value.problem,
        plain.value.problem_mark.line,
    )


def test_a_text_of_nothing_holds_nothing() -> None:
    assert yaml_text.parse("") is yaml_text.tree("# only this\n") is None
