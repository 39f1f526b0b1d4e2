"""The extractors and the check of the catalogue."""

from __future__ import annotations

import io
import json
import shutil
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract

from ckanext.satudata_pontianak.portal.language import core_texts, translations
from ckanext.satudata_pontianak.portal.language.extract import extract_python, extract_yaml
from ckanext.satudata_pontianak.portal.language.translations import Entry, problems

ROOT = Path(__file__).parents[3]

DEFINITION = b"""\
version: "1"
states:
  draft: {label: Draft, holder: produsen_data}
fields:
  catatan:
    label: Note
    help: >-
      What the next person
      has to know.
    choices: [a, b]
choices:
- value: x
  label: Other
- value: 3
  label: 4
messages:
  no_case: "There is no open case."
  label:
    nested: not shown
dataset_fields:
- field_name: title
  form_placeholder: e.g. Rice
  validators: not_empty
  label: ""
"""


def found_in_yaml(**options: str) -> list[tuple[int, str]]:
    found = extract_yaml(io.BytesIO(DEFINITION), [], [], options)
    return [(line, text) for line, _, text, _ in found]


def test_yaml_gives_what_is_shown_with_its_lines() -> None:
    assert found_in_yaml() == [
        (3, "Draft"),
        (6, "Note"),
        (7, "What the next person has to know."),
        (13, "Other"),
        (22, "e.g. Rice"),
    ]


def test_yaml_gives_every_text_of_a_map_of_messages() -> None:
    assert (17, "There is no open case.") in found_in_yaml(maps="messages")
    assert "not shown" not in dict(found_in_yaml(maps="messages")).values()


def test_yaml_of_other_keys() -> None:
    assert found_in_yaml(keys="holder") == [(3, "produsen_data")]


def test_an_empty_yaml_gives_nothing() -> None:
    assert list(extract_yaml(io.BytesIO(b""), [], [], {})) == []


CODE = b"""\
from x import N_
A = N_("one")
B = tk._("two "
         "lines")
C = Message(RULES["key"], {"a": "b"})
D = Message("with %(a)s", {"a": "b"})
raise gate.error("field", "refused")
raise gate.error("field", REASON)
E = _("yes" if x else "no")
F = _(f"not {x}")
G = ungettext("a day", "many days", n)
H = other("not marked")
I = NP_("of a paper", "Number")
J = pgettext("how many", "Number")
"""


def test_python_gives_literals_only_with_their_lines() -> None:
    found = list(extract(extract_python, io.BytesIO(CODE), translations.KEYWORDS))
    assert sorted((line, ids) for line, ids, _, _ in found) == [
        (2, "one"),
        (3, "two lines"),
        (6, "with %(a)s"),
        (7, "refused"),
        (9, "no"),
        (9, "yes"),
        (11, ("a day", "many days")),
        (13, "Number"),
        (14, "Number"),
    ]
    assert [context for line, _, _, context in sorted(found, key=lambda f: f[0]) if context] == [
        "of a paper",
        "how many",
    ]


def catalogue(**texts: str) -> Catalog:
    made = Catalog(locale="id")
    for msgid, text in texts.items():
        made.add(msgid, text)
    return made


def said(*texts: str) -> dict[str, Entry]:
    return {text: Entry((text,), ("file.py:1",)) for text in texts}


def test_a_complete_catalogue_has_no_problem() -> None:
    assert list(problems(said("Save"), catalogue(Save="Simpan"))) == []


def test_what_is_not_translated_is_named_with_its_place() -> None:
    expected = ["untranslated: 'Save' (file.py:1)"]
    assert list(problems(said("Save"), catalogue())) == expected
    assert list(problems(said("Save"), catalogue(Save=""))) == expected


def test_what_is_said_no_more_is_named() -> None:
    found = list(problems(said("Save"), catalogue(Save="Simpan", Old="Lama")))
    assert found == ["stale: 'Old' is said nowhere any more"]


def test_texts_of_ckan_are_not_stale() -> None:
    made = catalogue(Save="Simpan", Old="Lama")
    made["Old"].user_comments = ["core: ckan"]
    assert list(problems(said("Save"), made)) == []


def test_what_is_guessed_is_named() -> None:
    made = catalogue(Save="Simpan")
    made["Save"].flags.add("fuzzy")
    assert list(problems(said("Save"), made)) == ["fuzzy: 'Save'"]


@pytest.mark.parametrize(
    ("msgid", "text", "right"),
    [
        ("%(a)s of %(b)s", "%(b)s: %(a)s", True),
        ("%(a)s of %(b)s", "%(a)s", False),
        ("%(a)s", "%(A)s", False),
        ("%(a)d", "%(a)s", False),
        ("{name} is there", "{name} ada", True),
        ("{name} is there", "{nama} ada", False),
        ("%s has %i", "%s punya %i", True),
        ("%s has %i", "%i milik %s", False),
        ("100%% of %(a)s", "100%% dari %(a)s", True),
        ("{} of {}", "{}", False),
        ("nothing", "tidak ada {x}", False),
    ],
)
def test_placeholders_must_be_the_same(msgid: str, text: str, right: bool) -> None:
    found = list(problems(said(msgid), catalogue(**{msgid: text})))
    assert [line.partition(":")[0] for line in found] == ([] if right else ["placeholders differ"])


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A source tree of one module, with the project's own mapping."""
    shutil.copy(ROOT / "babel.cfg", tmp_path)
    (tmp_path / "i18n").mkdir()
    room = tmp_path / "ckanext" / "satudata_pontianak"
    (room / "portal" / "templates").mkdir(parents=True)
    (room / "a.py").write_text('X = N_("Save")\nY = N_("Close")\n')
    (room / "portal" / "templates" / "a.html").write_text(
        "{% ckan_extends %}\n{{ _('Open') }}\n{% trans n=3 %}{{ n }} files{% endtrans %}\n"
    )
    return tmp_path


def translate(tree: Path, **texts: str) -> None:
    path = translations.catalogue_path(tree, "id")
    known = translations.read(path, "id")
    for msgid, text in texts.items():
        known[msgid].string = text
    translations.write(path, known)


def test_update_keeps_translations_and_brings_them_back(tree: Path) -> None:
    translations.update(tree)
    translate(tree, Save="Simpan", Close="Tutup", Open="Buka", **{"%(n)s files": "%(n)s berkas"})
    assert translations.check(tree) == []

    module = tree / "ckanext" / "satudata_pontianak" / "a.py"
    module.write_text('X = N_("Save")\nZ = N_("New")\n')
    found = translations.check(tree)
    assert "id: untranslated: 'New' (ckanext/satudata_pontianak/a.py:2)" in found
    assert "id: stale: 'Close' is said nowhere any more" in found

    translations.update(tree)
    assert translations.check(tree) == [
        "id: untranslated: 'New' (ckanext/satudata_pontianak/a.py:2)"
    ]
    module.write_text('X = N_("Save")\nY = N_("Close")\n')
    translations.update(tree)
    assert translations.check(tree) == []


def test_a_text_in_two_contexts_has_two_translations(tree: Path) -> None:
    translations.update(tree)
    translate(tree, Save="Simpan", Close="Tutup", Open="Buka", **{"%(n)s files": "%(n)s berkas"})
    module = tree / "ckanext" / "satudata_pontianak" / "b.py"
    module.write_text('X = NP_("of a paper", "Number")\nY = NP_("how many", "Number")\n')
    (tree / "ckanext" / "satudata_pontianak" / "portal" / "templates" / "b.html").write_text(
        "{{ pgettext('of an entry', 'Number') }}\n"
    )
    assert [line for line in translations.check(tree) if line.startswith("id")] == [
        f"id: untranslated: '{context}\\x04Number' ({place})"
        for context, place in (
            ("of a paper", "ckanext/satudata_pontianak/b.py:1"),
            ("how many", "ckanext/satudata_pontianak/b.py:2"),
            ("of an entry", "ckanext/satudata_pontianak/portal/templates/b.html:1"),
        )
    ]
    translations.update(tree)
    path = translations.catalogue_path(tree, "id")
    known = translations.read(path, "id")
    for context, text in (("of a paper", "Nomor"), ("how many", "Jumlah"), ("of an entry", "No")):
        found = known.get("Number", context)
        assert found is not None
        found.string = text
    translations.write(path, known)
    assert translations.check(tree) == []
    module.unlink()
    translations.update(tree)
    module.write_text('X = NP_("of a paper", "Number")\nY = NP_("how many", "Number")\n')
    translations.update(tree)
    assert translations.check(tree) == []


def test_update_twice_changes_nothing(tree: Path) -> None:
    assert translations.update(tree)
    assert translations.update(tree) == []


@pytest.fixture
def site(tree: Path) -> Path:
    """The same tree with a site that loads one of CKAN's plugins."""
    (tree / "test.ini").write_text("ckan.plugins = satudata_pontianak activity\n")
    said = "ckan:\n- active\n"
    (tree / "i18n" / "said.yaml").write_text(said)
    return tree


def test_a_text_of_ckan_without_a_translation_is_named(site: Path) -> None:
    translations.update(site)
    translate(site, Save="Simpan", Close="Tutup", Open="Buka", **{"%(n)s files": "%(n)s berkas"})
    found = translations.check(site)
    assert "id: untranslated: 'Missing value' (ckan)" in found
    assert "id: untranslated: 'active' (ckan)" in found
    assert any(line.endswith("(activity)") for line in found)
    assert not any("harvest" in line for line in found)
    assert all(line.startswith("id: untranslated") for line in found)


def test_a_text_that_ckan_says_no_more_is_stale(site: Path) -> None:
    translations.update(site)
    translate(site, active="aktif")
    (site / "i18n" / "said.yaml").write_text("ckan: []\n")
    core_texts.core_entries.cache_clear()
    assert "id: stale: 'active' is said nowhere any more" in translations.check(site)


def test_what_scripts_say_is_listed(site: Path) -> None:
    script = site / "ckanext" / "satudata_pontianak" / "portal" / "assets" / "a.js"
    script.parent.mkdir()
    script.write_text("module(function (_) { return this._('Ours'); });\n")
    translations.update(site)
    listed = json.loads((site / "i18n" / "javascript.json").read_text("utf-8"))
    assert ["Ours"] in listed
    assert ["Please Confirm"] in listed
    assert ["Missing value"] not in listed
    script.write_text("module(function (_) { return this._('Other'); });\n")
    assert "the list javascript.json is not up to date" in translations.check(site)


def test_texts_that_ckan_says_too_are_ours(site: Path) -> None:
    tree = site
    translations.update(tree)
    known = translations.read(translations.catalogue_path(tree, "id"), "id")
    assert translations.core_mark(known["Save"]) is None
    assert translations.core_mark(known["Missing value"]) == "ckan"


@pytest.mark.slow
@pytest.mark.slow
def test_the_catalogues_of_the_project_are_complete() -> None:
    entries = translations.extract(ROOT)
    assert translations.check(ROOT, entries) == []
    counts = translations.counts(ROOT, entries)
    assert counts["satudata"] > 2000
    assert counts["ckan"] > 900
    assert {"activity", "scheming", "harvest", "dcat", "datastore", "datatablesview"} <= set(counts)
