"""The engine does what the file says, and nothing else."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak.agencies.rules.duties import ANONYMOUS, Actor, Duty
from ckanext.satudata_pontianak.classification.rules.axes import Axes, classification
from ckanext.satudata_pontianak.classification.rules.conditions import CaseContext, ScanFacts
from ckanext.satudata_pontianak.classification.rules.definition import workflow
from ckanext.satudata_pontianak.classification.rules.refusals import (
    InvalidFields,
    NotAllowed,
    Refused,
)
from ckanext.satudata_pontianak.classification.rules.workflow import Engine
from ckanext.satudata_pontianak.messages import Message

from .determined import COMPLETE

ENGINE = Engine(workflow(), classification())
OPEN = Axes("berkala", "biasa", "tidak_ada")
LIMITED = Axes("dikecualikan", "terbatas", "tidak_ada")
SECRET = Axes("dikecualikan", "rahasia", "tidak_ada")
CLEAR = ScanFacts("data.csv", "clear")
BAD = ScanFacts("data.csv", "findings", details=(Message("data.csv, column 'nik': nik (3 cells)"),))
STATES = [s.name for s in workflow().states.values() if not s.end]
NAMES = sorted({t.name for t in workflow().transitions.values()})


def actor(duty: str, user_id: str | None = None) -> Actor:
    name = user_id or duty
    if duty == "operator":
        return Actor(name, name)
    if duty == "produsen_data":
        return Actor(name, name, publishes_for=frozenset({"dinkes"}))
    return Actor(name, name, duties=frozenset({Duty(duty)}))


def case(state: str = "draft", **values: object) -> CaseContext:
    base = CaseContext(
        id="c",
        kind="classify",
        state=state,
        owner_org="dinkes",
        proposal=OPEN,
        scans=(CLEAR,),
        files=1,
        described=True,
        digest="d1",
        assessed=LIMITED if state == "approval" else None,
        target_org="dinkes",
        accepted=True,
        renewal=True,
        determination=COMPLETE,
    )
    return replace(base, **values)


def of_kind(step, **values: object) -> CaseContext:
    """Return a case in which this step stands."""
    return case(step.source, kind=sorted(step.kinds)[0], **values)


def fields_for(name: str, state: str, kind: str = "classify") -> dict[str, object]:
    step = workflow().named(state, name, kind)
    assert step is not None
    values: dict[str, object] = {
        "catatan": "catatan",
        "informasi": "daftar",
        "pasal_pengecualian": "b",
        "dasar_hukum": "UU 14/2008",
        "konsekuensi_dibuka": "x",
        "konsekuensi_ditutup": "y",
        "alasan": "z",
        "mulai": "2026-11-24",
        "akhir": "2027-11-24",
        "nomor": "SK-1",
        "penerima": ["dinsos"],
        "dasar_penerima": "dinsos: tugas penyaluran bantuan",
    }
    wanted = {n for n in step.fields if n in values}
    result = {n: values[n] for n in wanted}
    if step.axes == "closed":
        result["tingkat_keamanan"], result["jenis_informasi"] = "terbatas", "dikecualikan"
    return result


def step_fields(step) -> dict[str, object]:
    return fields_for(step.name, step.source, sorted(step.kinds)[0])


@pytest.mark.parametrize(("state", "name"), list(itertools.product(STATES, NAMES)))
@pytest.mark.parametrize("kind", ["classify", "remove", "move"])
def test_every_pair_is_as_the_file_says(state: str, name: str, kind: str) -> None:
    step = workflow().named(state, name, kind)
    who = actor(workflow().states[state].holder or "") if step is None else actor(step.by)
    if step is None:
        with pytest.raises(Refused) as refused:
            ENGINE.check(case(state, kind=kind), name, who, {}, agencies={"dinsos"})
        assert refused.value.code == "not_from_here"
    else:
        fields = fields_for(name, state, kind)
        done = ENGINE.check(
            case(state, kind=kind),
            name,
            who,
            fields,
            agencies={"dinsos"},
            operator=step.by == "operator",
        )
        assert done.transition is step


@pytest.mark.parametrize("step", workflow().transitions.values(), ids=lambda s: "-".join(s.key))
@pytest.mark.parametrize("duty", [d.value for d in Duty])
def test_only_the_duty_named_in_the_file_may(step, duty: str) -> None:
    if duty == step.by:
        return
    for who in (actor(duty), ANONYMOUS, Actor("root", "root", sysadmin=True)):
        with pytest.raises(NotAllowed) as refused:
            ENGINE.check(of_kind(step), step.name, who, step_fields(step))
        assert refused.value.code == "not_holder"


@pytest.mark.parametrize("step", workflow().transitions.values(), ids=lambda s: "-".join(s.key))
@pytest.mark.parametrize("part", workflow().parts)
def test_exclusions_hold_for_the_person(step, part: str) -> None:
    who = actor(step.by)
    context = of_kind(step, parts={part: frozenset({who.id})})
    fields = step_fields(step)
    if part in step.exclude:
        with pytest.raises(NotAllowed) as refused:
            ENGINE.check(context, step.name, who, fields, agencies={"dinsos"})
        assert refused.value.code == "excluded"
    else:
        assert ENGINE.check(
            context,
            step.name,
            who,
            fields,
            agencies={"dinsos"},
            operator=step.by == "operator",
        )


def test_deciding_steps_exclude_every_other_part() -> None:
    for step in workflow().transitions.values():
        if step.part in ("verifier", "assessor", "approver"):
            others = set(workflow().parts) - {step.part, "resolver"}
            assert set(step.exclude) - {"resolver"} == others
            if step.effect in ("decide_open", "decide_renewal"):
                assert "resolver" in step.exclude


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"proposal": LIMITED}, "open_proposal"),
        ({"scans": (BAD,)}, "scans_clear"),
        ({"scans": (ScanFacts("a.csv", "failed"),)}, "scans_clear"),
        ({"scans": (ScanFacts("a.csv", "pending"),)}, "scans_clear"),
        ({"scans": (ScanFacts("a.csv", "unheard_of"),)}, "scans_clear"),
        ({"decision_level": "terbatas"}, "decision_open_or_none"),
        ({"decision_level": "unheard_of"}, "decision_open_or_none"),
        ({"referral_open": True}, "no_unconcluded_referral"),
        ({"intact": False}, "evidence_unchanged"),
        ({"proposal": Axes("berkala", "biasa", "umum")}, "personal_data_resolved"),
        ({"proposal": Axes("berkala", "biasa", "spesifik")}, "combination_allowed"),
    ],
)
def test_walidata_opens_only_under_the_conditions(changes: dict, code: str) -> None:
    with pytest.raises(Refused) as refused:
        ENGINE.check(case("verification", **changes), "approve", actor("walidata"), {})
    assert refused.value.code == code


def test_a_scan_that_found_something_names_column_and_count() -> None:
    with pytest.raises(Refused) as refused:
        ENGINE.check(case("verification", scans=(BAD,)), "approve", actor("walidata"), {})
    assert "column 'nik': nik (3 cells)" in str(refused.value.message)


def test_resolved_findings_let_general_personal_data_be_opened() -> None:
    lawful = ScanFacts("a.csv", "findings", resolved=True, lawfully_public=True)
    context = case("verification", proposal=Axes("berkala", "biasa", "umum"), scans=(lawful,))
    assert ENGINE.check(context, "approve", actor("walidata"), {})


def test_stale_evidence_is_refused_and_the_right_digest_is_not() -> None:
    who = actor("walidata")
    with pytest.raises(Refused) as refused:
        ENGINE.check(case("verification"), "approve", who, {}, evidence="d0")
    assert refused.value.code == "stale_evidence"
    assert ENGINE.check(case("verification"), "approve", who, {}, evidence="d1")


def test_a_stranger_learns_nothing_from_stale_evidence() -> None:
    with pytest.raises(NotAllowed):
        ENGINE.check(case("verification"), "approve", actor("ppid"), {}, evidence="d0")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, {"informasi", "pasal_pengecualian", "dasar_hukum", "mulai", "akhir"}),
        ({"akhir": "2020-01-01"}, {"akhir"}),
        ({"akhir": None, "tanggal_reviu": "2020-01-01"}, {"tanggal_reviu"}),
        ({"akhir": "31/02/2027"}, {"akhir"}),
        ({"pasal_pengecualian": "k"}, {"pasal_pengecualian"}),
        ({"informasi": "   "}, {"informasi"}),
        ({"informasi": "x" * 4001}, {"informasi"}),
        ({"informasi": {"a": 1}}, {"informasi"}),
        ({"dasar_hukum": "a\x00b"}, {"dasar_hukum"}),
        ({"bukan_kolom": "x"}, {"bukan_kolom"}),
        ({"tingkat_keamanan": "biasa"}, {"tingkat_keamanan"}),
        ({"tingkat_keamanan": "super"}, {"tingkat_keamanan"}),
        ({"jenis_informasi": "berkala"}, {"jenis_informasi"}),
    ],
)
def test_a_consequence_test_with_wrong_fields_comes_back_whole(fields: dict, wrong: set) -> None:
    good = fields_for("assess", "consequence_test") if fields else {}
    with pytest.raises(InvalidFields) as invalid:
        ENGINE.check(
            case("consequence_test", proposal=LIMITED), "assess", actor("ppid"), {**good, **fields}
        )
    assert wrong <= set(invalid.value.errors)


@pytest.mark.parametrize("said", ["Gudang Obat", " gudang  obat. ", "GUDANG-OBAT"])
def test_what_is_secret_is_not_called_by_its_title_in_a_test(said: str) -> None:
    """Whoever calls the API is refused like whoever fills in the form."""
    good = {**fields_for("assess", "consequence_test"), "informasi": said}
    asked = case("consequence_test", proposal=LIMITED, title="Gudang obat")
    fields = {**good, "tingkat_keamanan": "terbatas"}
    assert ENGINE.check(asked, "assess", actor("ppid"), fields, agencies={"dinsos"})
    for level in ("rahasia", "sangat_rahasia"):
        fields = {**good, "tingkat_keamanan": level}
        fields |= {"penerima": None, "dasar_penerima": None}
        with pytest.raises(InvalidFields) as wrong:
            ENGINE.check(asked, "assess", actor("ppid"), fields)
        assert set(wrong.value.errors) == {"informasi"}
        assert ENGINE.check(asked, "assess", actor("ppid"), {**fields, "informasi": "Lokasi"})


@pytest.mark.parametrize(
    ("assessed", "fields", "wrong"),
    [
        (LIMITED, {"penerima": ["dinsos"]}, {"nomor"}),
        (LIMITED, {"nomor": "SK"}, {"penerima"}),
        (LIMITED, {"nomor": "SK", "penerima": ["tiada"]}, {"penerima"}),
        (SECRET, {"nomor": "SK", "penerima": ["dinsos"]}, {"penerima"}),
        (OPEN, {"penerima": ["dinsos"]}, {"penerima"}),
        (
            Axes("dikecualikan", "terbatas", "umum"),
            {"nomor": "SK", "penerima": "semua_perangkat_daerah"},
            {"penerima"},
        ),
        (
            LIMITED,
            {"nomor": "SK", "penerima": ["semua_perangkat_daerah", "dinsos"]},
            {"penerima"},
        ),
    ],
)
def test_the_approval_needs_number_and_recipients(assessed, fields: dict, wrong: set) -> None:
    context = case("approval", assessed=assessed)
    with pytest.raises(InvalidFields) as invalid:
        ENGINE.check(context, "approve", actor("atasan_ppid"), fields, agencies={"dinsos"})
    assert set(invalid.value.errors) == wrong


def test_all_agencies_may_be_named_where_there_are_no_personal_data() -> None:
    done = ENGINE.check(
        case("approval"),
        "approve",
        actor("atasan_ppid"),
        {"nomor": "SK", "penerima": "semua_perangkat_daerah"},
    )
    assert done.fields["penerima"] == ["semua_perangkat_daerah"]


def test_opening_by_ppid_stands_under_the_same_scan() -> None:
    for step, context in (
        ("declare_open", case("consequence_test", scans=(BAD,))),
        ("approve", case("approval", scans=(BAD,), assessed=OPEN)),
    ):
        who = actor(workflow().named(context.state, step).by)
        with pytest.raises(Refused) as refused:
            ENGINE.check(
                context,
                step,
                who,
                fields_for("declare_open", "consequence_test") if step == "declare_open" else {},
            )
        assert refused.value.code == "scans_clear"


def test_an_approval_decides_what_was_assessed_not_what_was_proposed() -> None:
    done = ENGINE.check(
        case("approval", proposal=OPEN, assessed=SECRET),
        "approve",
        actor("atasan_ppid"),
        {"nomor": "SK"},
    )
    assert done.axes == SECRET


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"proposal": Axes()}, "axes_complete"),
        ({"proposal": Axes("berkala", "rahasia", "tidak_ada")}, "combination_allowed"),
        ({"missing_fields": (Message("Unit"),)}, "metadata_complete"),
        ({"proposal": SECRET}, "files_fit_level"),
        ({"proposal": SECRET, "files": 0, "scans": (), "described": False}, "described"),
        ({"scans": (ScanFacts("a.csv", "pending"),)}, "scans_finished"),
    ],
)
def test_what_submitting_needs(changes: dict, code: str) -> None:
    with pytest.raises(Refused) as refused:
        ENGINE.check(case(**changes), "submit", actor("produsen_data"), {})
    assert refused.value.code == code


def test_submitting_may_carry_the_axes() -> None:
    done = ENGINE.check(
        case(proposal=Axes()), "submit", actor("produsen_data"), dict(LIMITED.as_dict())
    )
    assert done.axes == LIMITED


@given(
    st.sampled_from(STATES),
    st.sampled_from([*NAMES, "", "purge"]),
    st.sampled_from([d.value for d in Duty]),
    st.dictionaries(
        st.sampled_from([*workflow().fields, "lain"]),
        st.none() | st.text(max_size=20) | st.integers() | st.lists(st.text(max_size=5)),
        max_size=6,
    ),
)
def test_whatever_comes_in_the_engine_answers_with_a_step_or_a_reason(
    state: str, name: str, duty: str, fields: dict
) -> None:
    try:
        done = ENGINE.check(case(state), name, actor(duty), fields, agencies={"dinsos"})
    except (Refused, InvalidFields) as refused:
        reason = str(refused)
    else:
        reason = "done"
        assert done.transition is workflow().named(state, name)
        assert done.transition.by == duty
    assert reason


@pytest.mark.parametrize("state", STATES)
def test_offered_steps_are_exactly_those_that_can_be_taken(state: str) -> None:
    for duty in Duty:
        offered = {
            o.transition.name for o in ENGINE.options(case(state), actor(duty.value)) if o.allowed
        }
        taken = set()
        for name in NAMES:
            step = workflow().named(state, name)
            fields = fields_for(name, state) if step else {}
            try:
                ENGINE.check(case(state), name, actor(duty.value), fields, agencies={"dinsos"})
            except Refused:
                continue
            taken.add(name)
        assert offered == taken


def test_what_the_operator_does_is_offered_to_nobody_and_opens_no_other_step() -> None:
    people = [actor(d.value) for d in Duty] + [Actor("root", "root", sysadmin=True)]
    for who in people:
        assert "adopt" not in [o.transition.name for o in ENGINE.options(case("draft"), who)]
        with pytest.raises(NotAllowed) as refused:
            ENGINE.check(case("draft"), "adopt", who, {})
        assert refused.value.code == "not_holder"
    incomplete = case("draft", missing_fields=(Message("Title"),))
    assert ENGINE.check(incomplete, "adopt", actor("operator"), {}, operator=True)
    with pytest.raises(NotAllowed):
        ENGINE.check(case("draft"), "submit", actor("operator"), {}, operator=True)
    with pytest.raises(Refused) as refused:
        ENGINE.check(case("draft"), "approve", actor("walidata"), {})
    assert "adopt" not in str(refused.value)
