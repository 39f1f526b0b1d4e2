"""A wrong definition is refused at start-up, with line and reason."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.classification.rules.axes import Classification
from ckanext.satudata_pontianak.classification.rules.conditions import CONDITIONS
from ckanext.satudata_pontianak.classification.rules.definition import EFFECTS, Workflow, workflow
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError, Source


def text_of(name: str) -> str:
    return (paths.schemas() / name).read_text(encoding="utf-8")


def line_of(text: str, needle: str) -> int:
    return text[: text.index(needle)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("holder: walidata", "holder: wali", "unknown duty 'wali'"),
        ("to: verification", "to: verifikasi", "unknown state 'verifikasi'"),
        ("effect: decide_open", "effect: publish", "unknown effect 'publish'"),
        ("part: verifier", "part: checker", "unknown part 'checker'"),
        (
            "due_working_days: 10",
            "due_working_days: soon",
            "'due_working_days': Expected `int | null`",
        ),
        ("type: date", "type: day", "'type': Invalid enum value 'day'"),
        ("conditions: [evidence_unchanged]", "conditions: [moon_full]", "unknown condition"),
        ("required: [nomor]", "required: [angka]", "unknown field 'angka'"),
        ("  assessed:", "  assesed:", "cannot compute 'assesed'"),
        ("axes: closed", "axes: shut", "'axes': Invalid enum value 'shut'"),
        (
            "due_per_working_day: 200",
            "due_per_working_day: all",
            "'due_per_working_day': Expected `int`",
        ),
        (
            "due_per_working_day: 200",
            "due_per_working_day: 0",
            "'due_per_working_day': Expected `int` >= 1",
        ),
        ("  lost_race:", "  lost_rice:", "the message 'lost_race' is missing"),
    ],
)
def test_a_wrong_workflow_names_its_line(old: str, new: str, reason: str) -> None:
    text = text_of("workflow.yaml").replace(old, new, 1)
    with pytest.raises(DefinitionError) as error:
        Workflow(Source("workflow.yaml", text), CONDITIONS)
    assert reason in str(error.value)
    assert str(error.value).startswith("workflow.yaml, line ")
    if "message" not in reason:
        assert f"line {line_of(text, new)}:" in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("tingkat_keamanan: [biasa]", "tingkat_keamanan: [bebas]", "unknown value 'bebas'"),
        (
            "jenis_informasi: [dikecualikan]",
            "jenis_informasi: [berkala]",
            "needs 'dikecualikan'",
        ),
        ("data: [owner_publishers, case_holder]", "data: [everyone]", "not be for everyone"),
        ("data: [owner_members", "data: [everyone, owner_members", "may not be for everyone"),
        ("data: []", "data: [walidata]", "stores no files shows no data"),
        ("exists: [everyone]", "exists: [all]", "'exists': Invalid enum value 'all'"),
        ("  waiting:", "  wating:", "unknown level or state 'wating'"),
        ("data_pribadi: [umum]", "data_pribadi: [spesifik]", "'spesifik' is never open"),
        ("needs: findings_lawfully_public", "needs: luck", "'needs': Invalid enum value 'luck'"),
        ("stores_files: false", "stores_files: maybe", "'stores_files': Expected `bool`"),
    ],
)
def test_a_wrong_classification_names_its_line(old: str, new: str, reason: str) -> None:
    text = text_of("classification.yaml").replace(old, new, 1)
    with pytest.raises(DefinitionError) as error:
        Classification(Source("classification.yaml", text))
    assert reason in str(error.value)
    assert str(error.value).startswith("classification.yaml, line ")
    if "Invalid" in reason or "Expected" in reason or reason.startswith("unknown"):
        assert f"line {line_of(text, new)}:" in str(error.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: [1", "line 1"),
        ("a: 1\na: 2", "line 2: the key 'a' stands twice"),
        ("- 1", "a mapping is expected"),
        ("", "a mapping is expected"),
    ],
)
def test_what_is_no_mapping_is_refused(text: str, reason: str) -> None:
    with pytest.raises(DefinitionError) as error:
        Source("x.yaml", text)
    assert reason in str(error.value)


def test_a_state_that_nothing_reaches_is_refused() -> None:
    text = text_of("workflow.yaml").replace("to: withdrawn", "to: decided")
    with pytest.raises(DefinitionError, match="no step leads here"):
        Workflow(Source("workflow.yaml", text), CONDITIONS)


def test_a_missing_file_is_named(tmp_path) -> None:
    with pytest.raises(DefinitionError, match=r"nothing\.yaml: cannot be read"):
        Source.read(tmp_path / "nothing.yaml")


def test_every_effect_that_the_file_may_name_is_used() -> None:
    assert {t.effect for t in workflow().transitions.values()} == set(EFFECTS)
