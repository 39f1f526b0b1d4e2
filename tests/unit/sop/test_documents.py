"""Every SOP has what PermenPANRB 35/2012 asks for, and follows its definitions."""

from __future__ import annotations

from pathlib import Path

import pytest

from ckanext.satudata_pontianak.agencies.rules.duties import Duty
from ckanext.satudata_pontianak.portal.language import translations
from ckanext.satudata_pontianak.sop.documents.building import build_all
from ckanext.satudata_pontianak.sop.documents.document import Document, Enactment, Symbol
from ckanext.satudata_pontianak.sop.documents.rendering import view
from ckanext.satudata_pontianak.sop.drawing import drawing, paging
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError

from .made import built, definitions, raw, shown, with_new_state

ALL = [
    "klasifikasi",
    "uji-konsekuensi",
    "publikasi",
    "data-pribadi",
    "permintaan-akses",
    "penarikan",
    "insiden",
    "aplikasi-jepin",
    "akun-hak-akses",
    "cadangan",
    "aset",
    "risiko",
    "kesadaran",
    "pemasok",
    "perubahan",
    "kerentanan",
    "log-kunci",
    "retensi",
    "kontinuitas",
    "audit-internal",
    "tinjauan-manajemen",
    "pegawai",
    "hak-subjek-data",
]
every = pytest.mark.parametrize("document", built().values(), ids=lambda d: d.name)


def test_they_stand_in_their_order() -> None:
    assert [d.name for d in built().values()] == ALL
    assert [d.number for d in built().values()] == list(range(1, len(ALL) + 1))
    assert len({d.code for d in built().values()}) == len(ALL)


@every
def test_every_part_is_there(document: Document) -> None:
    view = shown(document)
    for key in ("title", "summary", "code", "institution", "unit", "definition"):
        assert view[key]
    for key in ("basis", "qualifications", "related", "equipment", "warnings", "records"):
        assert view[key], key
    assert len(document.definition) == 64
    assert len(view["rows"]) >= 4
    for row in view["rows"]:
        for key in ("activity", "lane_label", "time", "output", "symbol_label", "leads"):
            assert row[key] or (key == "leads" and not row["next"]), (row["number"], key)
        assert row["needs"]
        assert row["notes"] or row["symbol"] == "connector"


@every
def test_it_begins_and_ends_and_every_row_is_reached(document: Document) -> None:
    rows = {row.key: row for row in document.rows}
    first = document.rows[0]
    assert first.symbol is Symbol.TERMINATOR
    reached, waiting = {first.key}, [first.key]
    while waiting:
        for link in rows[waiting.pop()].links:
            if link.to not in reached:
                reached.add(link.to)
                waiting.append(link.to)
    assert reached == set(rows)
    ends = [row for row in document.rows if not row.links]
    assert ends
    assert {row.symbol for row in ends} <= {Symbol.TERMINATOR, Symbol.CONNECTOR}
    for row in document.rows:
        if row.symbol is Symbol.DECISION:
            assert len(row.links) > 1


@every
def test_each_column_is_used_and_has_a_head(document: Document) -> None:
    assert {name for name, _ in document.lanes} == {row.lane for row in document.rows}
    known = {d.value for d in Duty} | set(raw("sop")["lanes"]) | set(raw("smki/roles")["roles"])
    assert {row.lane for row in document.rows} <= known


@every
def test_what_was_not_read_in_the_law_is_marked(document: Document) -> None:
    for item, told in zip(document.basis, shown(document)["basis"], strict=True):
        assert told["mark"] == ("" if item.status == "verified" else "*")
    assert "dikonfirmasi" not in str(shown(document))
    marked = any(told["mark"] for told in shown(document)["basis"])
    assert shown(document)["footnote"] == (
        "* Belum dicocokkan dengan naskah resminya oleh Bagian Hukum." if marked else ""
    )


def test_a_step_of_the_workflow_is_enforced_and_others_are_marked_manual() -> None:
    rows = {row["key"]: row for row in shown(built()["klasifikasi"])["rows"]}
    assert rows["inventory"]["manual"]
    assert not rows["step-draft-submit-classify"]["manual"]
    workflow = raw("workflow")["transitions"]
    names = {t["step"] for t in workflow if "classify" in t["kinds"] and t["by"] != "operator"}
    told = {row.activity.msgid for row in built()["klasifikasi"].rows}
    assert names <= told


def test_no_sentence_of_another_definition_is_repeated_in_the_file() -> None:
    steps = {t["step"] for name in ("workflow", "requests") for t in raw(name)["transitions"]}
    own = {s["step"] for d in raw("sop")["documents"].values() for s in d["flow"] if "step" in s}
    assert not steps & own


def test_every_condition_of_the_workflow_has_words_or_is_left_to_the_engine() -> None:
    silent = {
        "combination_allowed",
        "files_fit_level",
        "open_proposal",
        "personal_data_resolved",
        "decision_open_or_none",
        "no_unconcluded_referral",
        "assessed",
        "is_renewal",
    }
    assert set(raw("workflow")["conditions"]) == set(raw("sop")["conditions"]) | silent


# --------------------------------------------------------------------- a change of a definition


def test_a_changed_deadline_changes_what_it_concerns_and_its_hash() -> None:
    workflow = raw("workflow")
    workflow["states"]["consequence_test"]["due_working_days"] = 17
    after = build_all(definitions(workflow=workflow))
    assert _days(after["uji-konsekuensi"], "case:consequence_test") == 17
    assert _days(built()["uji-konsekuensi"], "case:consequence_test") == 10
    changed = {name for name in ALL if after[name].definition != built()[name].definition}
    assert changed == {"klasifikasi", "uji-konsekuensi", "publikasi", "penarikan"}


def test_a_new_state_appears_with_its_steps_and_lines() -> None:
    after = build_all(definitions(workflow=with_new_state()))
    view = shown(after["publikasi"])
    rows = {row["key"]: row for row in view["rows"]}
    assert rows["case:legal_review"]["title"] == "Read by lawyers"
    assert rows["case:legal_review"]["time"].startswith("4 ")
    steps = {link["number"] for link in rows["case:legal_review"]["next"]}
    assert rows["step-legal_review-hand_on-classify"]["number"] in steps
    drawn = "".join(drawing.whole(page.chart) for page in paging.paged(view))
    assert f">{rows['case:legal_review']['number']}</text>" in drawn
    # A question and a step at the checking office, a question and two steps at the lawyers.
    assert len(view["rows"]) == len(built()["publikasi"].rows) + 5
    # SOP 2 begins where PPID does, so that the state before it is none of its own.
    assert "case:legal_review" not in {row.key for row in after["uji-konsekuensi"].rows}


def test_a_changed_number_of_requests_and_holds_is_told() -> None:
    requests, classification = raw("requests"), raw("classification")
    requests["states"]["open"]["due_working_days"] = 13
    requests["extension"]["working_days"] = 6
    classification["holds"]["escalate_after_working_days"] = 8
    after = build_all(definitions(requests=requests, classification=classification))
    assert _days(after["permintaan-akses"], "request:open") == 13
    assert _days(after["penarikan"], "hold:lift") == 8
    days = [w.params["days"] for w in after["permintaan-akses"].warnings if "days" in w.params]
    assert 6 in days


def test_the_sop_of_incidents_follows_the_clock_of_the_law_and_what_the_portal_does() -> None:
    incidents = raw("incidents")
    incidents["clocks"]["personal_data"]["hours"] = 48
    incidents["clocks"]["vital_system"]["hours"] = 6
    incidents["begun_by"] = ["ppid"]
    before = {row["key"]: row for row in shown(built()["insiden"])["rows"]}
    after = build_all(definitions(incidents=incidents))
    rows = {row["key"]: row for row in shown(after["insiden"])["rows"]}
    assert (before["subjects"]["time"], before["sector"]["time"]) == (
        "Paling lama 3 × 24 jam",
        "Paling lama 1 × 24 jam",
    )
    assert rows["subjects"]["time"] == rows["incident:conclude"]["time"] == "Paling lama 2 × 24 jam"
    assert rows["sector"]["time"] == "Paling lama 6 jam"
    document = {row.key: row for row in built()["insiden"].rows}
    done = {key for key, row in document.items() if not row.manual}
    assert {"hold", "incident:begin", "extent", "incident:conclude", "incident:dismiss"} <= done
    assert {"notice", "subjects", "sector", "incident:end"} <= set(document) - done
    assert "Boleh dilakukan oleh: PPID;" in rows["incident:begin"]["activity"]
    changed = {name for name in ALL if after[name].definition != built()[name].definition}
    assert changed == {"insiden"}


def test_a_level_that_keeps_no_file_any_more_is_named() -> None:
    classification = raw("classification")
    classification["levels"][1]["stores_files"] = False
    classification["visibility"]["terbatas"]["data"] = []
    before = shown(built()["klasifikasi"])["warnings"][0]
    after = shown(build_all(definitions(classification=classification))["klasifikasi"])
    assert "Terbatas" not in before
    assert "Terbatas" in after["warnings"][0]


# ------------------------------------------------------------------------------------- language


def test_every_text_is_one_that_the_catalogue_must_have() -> None:
    """What the template holds is complete in Indonesian, or the check of the catalogue fails."""
    asked: set[str] = set()

    def note(msgid: str) -> str:
        asked.add(msgid)
        return msgid

    for document in built().values():
        view(document, note)
    template = Path(__file__).parents[3] / "i18n" / f"{translations.DOMAIN}.pot"
    known = {translations.key_of(m) for m in translations.read(template, "en") if m.id}
    assert asked - known == set()
    assert len(asked) > 300


# ------------------------------------------------------------------------------------ enactment


def test_nobody_is_named_who_did_not_enact_this_very_definition() -> None:
    document = built()["klasifikasi"]
    values = {
        "number": "1/2026",
        "made": "2026-01-02",
        "revised": "2026-01-03",
        "effective": "2026-01-04",
        "office": "Jabatan Contoh",
        "person": "Orang Contoh",
    }
    enacted = shown(document, Enactment(definition=document.definition, **values))
    assert enacted["status"] == "enacted"
    assert enacted["enactment"]["person"] == "Orang Contoh"
    for enactment in (None, Enactment(definition="0" * 64, **values)):
        draft = shown(document, enactment)
        assert draft["status"] == "draft"
        assert draft["enactment"] is None
        assert "Contoh" not in str(draft)


# ------------------------------------------------------------------------------- a wrong definition


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda d: d.pop("warnings"), "'warnings' is missing"),
        (lambda d: d.update(related=["tiada"]), "unknown SOP"),
        (lambda d: d.update(number=2), "two documents have this number"),
        (lambda d: d["basis"][0].update(status="sure"), "Invalid enum value 'sure'"),
        (lambda d: d["flow"][0].update(by="tiada"), "unknown lane"),
        (lambda d: d["flow"][0].update(name=True), "'name': Expected `str`"),
        (lambda d: d["flow"][0].update(symbol="star"), "'symbol': Invalid enum value 'star'"),
        (lambda d: d["flow"][0].update(symbol="decision"), "needs 'yes' and 'no'"),
        (lambda d: d["flow"][0]["needs"][0].update({"or else": None}), "unknown key 'or else'"),
        (lambda d: d["flow"].insert(0, {"nothing": 1}), "unknown key 'nothing'"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(change, reason: str) -> None:
    sop = raw("sop")
    change(sop["documents"]["klasifikasi"])
    with pytest.raises(DefinitionError, match=rf"sop.yaml, line \d+: .*{reason}"):
        definitions(sop=sop)


def test_a_line_that_leads_nowhere_is_refused() -> None:
    sop = raw("sop")
    sop["documents"]["cadangan"]["flow"][0]["next"] = "tiada"
    with pytest.raises(ValueError, match="'backup' leads to 'tiada'"):
        build_all(definitions(sop=sop))


def _days(document: Document, key: str) -> int:
    row = next(row for row in document.rows if row.key == key)
    assert row.time is not None
    return row.time.params["days"]
