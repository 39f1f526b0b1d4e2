"""The migrations of the tables: one after another."""

from __future__ import annotations

from pathlib import Path

from alembic.script import ScriptDirectory

from ckanext import satudata_pontianak


def test_each_migration_comes_after_one_other_and_one_is_the_last() -> None:
    where = Path(satudata_pontianak.__file__).parent / "migration" / "satudata_pontianak"
    script = ScriptDirectory(str(where))
    heads = script.get_heads()
    assert len(heads) == 1, f"two come after the same one: {heads}"
    walked = [each.revision for each in script.walk_revisions()]
    files = {each.stem for each in (where / "versions").glob("[0-9]*.py")}
    assert len(walked) == len(files)
    assert all(not isinstance(each.down_revision, tuple) for each in script.walk_revisions())
