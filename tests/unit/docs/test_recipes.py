"""The recipes of docs/recipes.md, each done on a copy."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import flask
import pytest

from ckanext.satudata_pontianak.access.page_cache import caching
from ckanext.satudata_pontianak.disclosure.recognizers.headed import Headed
from ckanext.satudata_pontianak.portal.web import head_meta
from ckanext.satudata_pontianak.surface.pages import Page, page

ROOT = Path(__file__).parents[3]
PACKAGE = ROOT / "ckanext" / "satudata_pontianak"

KIND = '''
"""The number of a library card."""

from ckanext.satudata_pontianak.disclosure.finding import Evidence, PersonalClass
from ckanext.satudata_pontianak.msgids import N_

from .headed import Headed


class KartuPustaka(Headed):
    """Eight digits after two letters."""

    kind = "kartu_pustaka"
    label = N_("Library card number")
    rank = 275
    since = "2027.1"
    personal_class = PersonalClass.GENERAL
    hard = False
    sentences = {
        "header": N_("The column is headed as library card and holds such numbers."),
        "text": N_("The number of a library card stands within longer text."),
    }
    evidence = Evidence.NUMBER
    headings = frozenset({"kartu pustaka"})
    context = frozenset({"kartu pustaka", "kartu perpustakaan"})
    whole = "^PK[0-9]{8}$"
    words = "kartu pustaka"
    value = "PK[0-9]{8}"
    shortest = 10
'''
ASK_KIND = """
import json, sys
from pathlib import Path
from ckanext.satudata_pontianak.classification.rules import kind_names
from ckanext.satudata_pontianak.disclosure.anonymising import lexicon, suggesting
from ckanext.satudata_pontianak.disclosure.anonymising.running import profile_file
from ckanext.satudata_pontianak.disclosure.engine import scan_file, scan_text
from ckanext.satudata_pontianak.disclosure.ruleset import DEFAULT
from ckanext.satudata_pontianak.disclosure.sentences import explain

path = Path(sys.argv[1])
report = scan_file(path, name="data.csv")
(table,) = report.tables
(found,) = table.columns[0].findings
print(json.dumps({
    "kind": found.kind,
    "says": explain(found.reason),
    "person": table.level_reason,
    "last": DEFAULT.kinds[-1],
    "ruleset": DEFAULT.id,
    "own rule": DEFAULT.rule("kartu_pustaka"),
    "rule of nik": DEFAULT.rule("nik"),
    "rule of npwp": DEFAULT.rule("npwp"),
    "name": kind_names.KINDS["kartu_pustaka"],
    "masked": suggesting.suggest(report, profile_file(path)).columns["kartu pustaka"].action,
    "masked by heading": lexicon.is_identifier("kartu pustaka"),
    "in text": [f.kind for f in scan_text("kartu pustaka: PK12345678", field="notes")],
}))
"""


def copied(folder: Path) -> Path:
    """Copy our Python and definitions, as somebody who begins a change would have them."""
    left_out = shutil.ignore_patterns("__pycache__", "templates", "assets", "public", "*.geojson")
    target = folder / "ckanext" / "satudata_pontianak"
    shutil.copytree(PACKAGE, target, ignore=left_out)
    shutil.copytree(ROOT / "schemas", target / "schemas")
    return target


def python(folder: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run code with the copy in the place of the extension."""
    first = str(folder / "ckanext")
    start = f"import ckanext; ckanext.__path__ = [{first!r}, *ckanext.__path__]\n"
    return subprocess.run(
        [sys.executable, "-c", start + code, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
    )


def test_a_kind_is_one_class(tmp_path: Path) -> None:
    package = copied(tmp_path)
    (package / "disclosure" / "recognizers" / "kartu_pustaka.py").write_text(KIND)
    data = tmp_path / "data.csv"
    rows = [f"PK{number:08d},Kelas {number % 3}" for number in range(1000, 1020)]
    data.write_text("\n".join(["kartu pustaka,rak", *rows]))
    done = python(tmp_path, ASK_KIND, str(data))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "kind": "kartu_pustaka",
        "says": "The column is headed as library card and holds such numbers.",
        "person": "persons.identifier",
        "last": "kartu_pustaka",
        "ruleset": "2027.1",
        "own rule": "2027.1",
        "rule of nik": "2026.3",
        "rule of npwp": "2026.5",
        "name": "Library card number",
        "masked": "drop",
        "masked by heading": True,
        "in text": ["kartu_pustaka"],
    }


@pytest.mark.parametrize("left_out", ["label", "rank", "since", "sentences", "personal_class"])
def test_a_kind_that_declares_too_little_is_refused(left_out: str) -> None:
    lines = re.sub(rf"(?ms)^    {left_out} = .*?(?=^    \w)", "", KIND)
    lines = lines.replace("from .headed import Headed", "")
    with pytest.raises(TypeError, match=f"kartu_pustaka lacks {left_out}$"):
        exec(lines, {"Headed": Headed, "__name__": "tried"})  # noqa: S102 - our own text


def test_two_kinds_of_one_rank_are_refused(tmp_path: Path) -> None:
    package = copied(tmp_path)
    kind = KIND.replace("rank = 275", "rank = 10")
    (package / "disclosure" / "recognizers" / "kartu_pustaka.py").write_text(kind)
    done = python(tmp_path, "import ckanext.satudata_pontianak.disclosure.recognizers")
    assert "two kinds of personal data have the same rank" in done.stderr


ABOUT = "What was opened this month."
PAGE = '''
"""What is new."""

from ...surface.pages import page
from . import places


def new() -> str:
    """Say what is new."""
    return "new"


places.blueprint.add_url_rule("/baru", "new", page(new, kept=True, light=True))
'''
OWN = """
import flask

from ...surface.pages import page


def new() -> str:
    return "new"


blueprint = flask.Blueprint("satudata_news", __name__)
blueprint.add_url_rule("/baru", "new", page(new, kept=True, light=True))


def get_blueprints() -> list[flask.Blueprint]:
    return [blueprint]
"""
ASK_PAGE = """
import flask, json
from ckanext.satudata_pontianak.access.page_cache import caching
from ckanext.satudata_pontianak.portal import views
from ckanext.satudata_pontianak.portal.web import head_meta

app = flask.Flask("copy")
for blueprint in views.get_blueprints():
    app.register_blueprint(blueprint)
with app.test_request_context("/baru"):
    page = caching.declared()
    print(json.dumps([flask.request.endpoint, page.kept, page.light, head_meta.is_listed()]))
"""


@pytest.mark.slow
def test_a_page_is_a_module_that_declares_it(tmp_path: Path) -> None:
    """Its route needs a row of the contract: ``tests/access/test_contract.py``."""
    package = copied(tmp_path)
    (package / "portal" / "catalogue" / "new.py").write_text(PAGE)
    assert said(tmp_path, ASK_PAGE) == ["satudata_portal.new", True, True, True]


@pytest.mark.slow
def test_a_page_with_a_blueprint_of_its_own_is_found_as_well(tmp_path: Path) -> None:
    (copied(tmp_path) / "portal" / "offices" / "new.py").write_text(OWN)
    assert said(tmp_path, ASK_PAGE) == ["satudata_news.new", True, True, True]


def test_a_page_is_declared_where_its_address_is() -> None:
    def shown() -> str:
        return "shown"

    blueprint, app = flask.Blueprint("made_up", __name__), flask.Flask(__name__)
    blueprint.add_url_rule("/baru", "new", page(shown, kept=True, light=True, about=ABOUT))
    blueprint.add_url_rule("/polos", "plain", shown)
    app.register_blueprint(blueprint)
    with app.test_request_context("/baru"):
        assert caching.declared() == Page(kept=True, light=True, about=ABOUT, listed=True)
        assert head_meta.subject() == ABOUT
    # What declares nothing is neither kept nor light, though its view is the same.
    with app.test_request_context("/polos"):
        assert caching.declared() == Page()
        assert head_meta.subject() == head_meta.ABOUT
    with app.test_request_context("/dataset/"):
        assert caching.declared() == Page()
    assert app.test_client().get("/baru").text == "shown"


def test_what_keeps_pages_names_none_of_ours() -> None:
    for path in (PACKAGE / "access" / "page_cache").glob("*.py"):
        named = re.findall(r"\bsatudata(?:_[a-z]+)?\.[a-z_]+", path.read_text("utf-8"))
        assert set(named) <= {"satudata.keepable", "satudata.keep", "satudata.light"}, path


STATE = """
  legal_review:
    label: Read by lawyers
    holder: walidata
    due_working_days: 4
"""
ASK_STATE = """
import json
from ckanext.satudata_pontianak.classification.rules.definition import workflow
found = workflow()
print(json.dumps([found.states["legal_review"].label, found.states["legal_review"].holder]))
"""
NOTICE = """
  case_seen:
    label: Your case has arrived
    to: [owner_publishers]
    facts: [receipt]
"""
ASK_NOTICE = """
import json
from ckanext.satudata_pontianak.classification.notices.definition import notice_rules
found = notice_rules()
kind = found.kinds["case_seen"]
print(json.dumps([kind.label, kind.to, found.steps["submit"]]))
"""
ASK_RULE = """
import json
from ckanext.satudata_pontianak.agencies.rules.duties import Actor, Duty
from ckanext.satudata_pontianak.classification.rules.policy import (
    Channel, DecisionFacts, Facts, decide, readers_of,
)
auditor = Actor("a", "a", duties=frozenset({Duty.PENGAWAS}))
facts = Facts("d", "dinkes", decision=DecisionFacts("terbatas"))
print(json.dumps([decide(auditor, facts, each).allowed for each in Channel]))
"""


def changed(package: Path, name: str, old: str, new: str) -> None:
    """Change one place of a definition of the copy."""
    file = package / "schemas" / name
    text = file.read_text("utf-8")
    assert text.count(old) == 1, old
    file.write_text(text.replace(old, new), "utf-8")


def said(folder: Path, code: str) -> list[object]:
    """Return what the copy says."""
    done = python(folder, code)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_state_is_one_place_of_one_file(tmp_path: Path) -> None:
    """What follows on pages, in SOPs and reports: ``tests/sop/test_follows.py``."""
    package = copied(tmp_path)
    changed(package, "workflow.yaml", "\nstates:\n", f"\nstates:{STATE}")
    steps = """
  - name: ask_lawyers
    label: Ask the lawyers
    from: verification
    to: legal_review
    by: walidata
    kinds: [classify]
    effect: note_referral
    step: "Walidata asks the lawyers."
  - name: hand_on
    label: Hand on
    from: legal_review
    to: consequence_test
    by: walidata
    kinds: [classify]
    effect: note_referral
    step: "Walidata hands on."
"""
    changed(package, "workflow.yaml", "\ntransitions:\n", f"\ntransitions:{steps}")
    assert said(tmp_path, ASK_STATE) == ["Read by lawyers", "walidata"]


def test_a_rule_of_visibility_is_one_line_of_the_table(tmp_path: Path) -> None:
    package = copied(tmp_path)
    assert said(tmp_path, ASK_RULE) == [True, True, False]
    changed(
        package,
        "classification.yaml",
        "data: [owner_members, owner_publishers, walidata, ppid, recipients, grantees]",
        "data: [owner_members, owner_publishers, walidata, ppid, recipients, grantees, pengawas]",
    )
    assert said(tmp_path, ASK_RULE) == [True, True, True]


def test_a_rule_for_people_whom_nobody_knows_is_refused(tmp_path: Path) -> None:
    package = copied(tmp_path)
    changed(
        package,
        "classification.yaml",
        "data: [owner_members, owner_publishers, walidata, ppid, recipients, grantees]",
        "data: [everybody_nice]",
    )
    assert "everybody_nice" in python(tmp_path, ASK_RULE).stderr


def test_a_notice_of_a_step_is_a_kind_in_the_file(tmp_path: Path) -> None:
    package = copied(tmp_path)
    changed(package, "notices.yaml", "\nkinds:\n", f"\nkinds:{NOTICE}")
    changed(package, "notices.yaml", "submit: [case_arrived]", "submit: [case_arrived, case_seen]")
    told = ["Your case has arrived", ["owner_publishers"], ["case_arrived", "case_seen"]]
    assert said(tmp_path, ASK_NOTICE) == told


def test_a_notice_that_no_kind_declares_is_refused(tmp_path: Path) -> None:
    package = copied(tmp_path)
    changed(package, "notices.yaml", "submit: [case_arrived]", "submit: [case_arrived, case_seen]")
    assert "case_seen" in python(tmp_path, ASK_NOTICE).stderr


def test_a_kind_of_notice_that_nothing_tells_of_is_refused(tmp_path: Path) -> None:
    package = copied(tmp_path)
    changed(package, "notices.yaml", "\nkinds:\n", f"\nkinds:{NOTICE}")
    assert "unknown kind 'case_seen'" in python(tmp_path, ASK_NOTICE).stderr
