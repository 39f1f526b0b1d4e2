"""``schemas/smki/``: what is wrong is told with file, line and reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ckanext.satudata_pontianak import paths
from ckanext.satudata_pontianak.smki.rules.definition import read, smki
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError

HERE = paths.schemas() / "smki"


def test_each_role_that_answers_for_something_is_there_and_each_chapter_has_controls() -> None:
    known = smki()
    chapters = {control.chapter for control in known.controls.controls.values()}
    assert chapters | {"ruang_lingkup"} >= set(known.policy.chapters)
    tasks = {control.task for control in known.controls.controls.values() if control.task}
    assert tasks <= set(known.tasks.tasks)


@pytest.mark.parametrize(
    ("file", "old", "new", "reason"),
    [
        ("roles.yaml", "deputies: [koordinator, pimpinan]", "deputies: [ketua]", "'ketua'"),
        ("roles.yaml", "    duty: walidata\n", "", "'duty' or 'until_named'"),
        ("tasks.yaml", "role: walidata", "role: siapa", "unknown role 'siapa'"),
        ("tasks.yaml", "every: quarter", "every: sometimes", "every"),
        ("tasks.yaml", "month: 1", "month: 13", "month"),
        ("tasks.yaml", "every: event", "every: event\n    hands_on: true", "not handed on"),
        ("tasks.yaml", "asks: {required: [result, note]}", "asks: {required: [x]}", "field 'x'"),
        ("tasks.yaml", "chapter: dukungan", "chapter: lain", "unknown chapter 'lain'"),
        ("controls.yaml", "    probe: backup_fresh\n", "", "one of 'probe', 'task'"),
        ("controls.yaml", "role: operator", "role: siapa", "unknown role 'siapa'"),
        ("controls.yaml", "task: restore_drill", "task: lain", "unknown task 'lain'"),
        ("controls.yaml", "limits: {days: 180}", "limits: {hours: 1}", "limits: {days"),
        ("controls.yaml", "pemdi: [IK-10]", "pemdi: [IK-99]", "unknown code 'IK-99'"),
        ("controls.yaml", "pemdi: [IK-10]", "lain: [IK-10]", "unknown standard 'lain'"),
        ("policy.yaml", "perbaikan: {label: Continual improvement}\n", "", "chapters"),
    ],
)
def test_a_mistake_names_its_file_and_line(tmp_path: Path, file, old, new, reason) -> None:
    folder = tmp_path / "smki"
    shutil.copytree(HERE, folder)
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DefinitionError) as found:
        read(folder)
    assert reason in str(found.value)
    assert str(found.value).startswith(f"{file}, line ")
