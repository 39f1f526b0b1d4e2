"""What a control is found to be: never green without evidence."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest

from ckanext.satudata_pontianak.msgids import N_
from ckanext.satudata_pontianak.smki.rules import evidence, planning
from ckanext.satudata_pontianak.smki.rules.definition import Control, TaskSpec, period, smki
from ckanext.satudata_pontianak.smki.rules.evidence import LastDone, Look, Status
from ckanext.satudata_pontianak.sop.documents.definition import definitions

NOW = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
TODAY = NOW.date()


def control(**more) -> Control:
    values = {"label": "x", "why": "x", "chapter": "x", "role": "x", "mend": "x", "task": "t"}
    return Control(**{**values, "limits": {"days": 90}, **more})


def done(days: int, *, in_order: bool = True) -> LastDone:
    return LastDone(TODAY - dt.timedelta(days=days), "Walidata", in_order)


@pytest.mark.parametrize(
    ("last", "by_hand", "status"),
    [
        (None, False, Status.RED),
        (None, True, Status.RED),
        (done(0), False, Status.GREEN),
        (done(90), False, Status.GREEN),
        (done(91), False, Status.RED),
        (done(91), True, Status.RED),
        (done(0, in_order=False), False, Status.RED),
        (done(0), True, Status.HAND),
    ],
)
def test_a_record_proves_a_control_while_it_is_young_and_a_word_is_never_green(
    last, by_hand, status
) -> None:
    assert evidence.of_task(control(by_hand=by_hand), last, TODAY).status is status


def test_a_probe_that_raises_or_misses_its_limit_is_red_and_its_words_are_not_told() -> None:
    def raises(_look: Look) -> evidence.Evidence:
        raise ValueError("nama orang")

    def without(look: Look) -> evidence.Evidence:
        return evidence.green(N_("There is no record that this was ever done."), x=look["days"])

    for probe, name in ((raises, "ValueError"), (without, "KeyError")):
        found = evidence.looked(probe, Look(NOW))
        assert found.status is Status.RED
        assert name in str(found.said)
        assert "nama orang" not in str(found.said)


def test_a_control_that_does_not_apply_says_why_and_the_others_have_an_owner_and_evidence() -> None:
    known = smki()
    for name, each in known.controls.controls.items():
        if each.excluded:
            assert len(each.excluded.split()) > 4, name
        else:
            assert each.probe or each.task, name
        assert each.label != each.why


def test_a_control_names_a_procedure_that_there_is() -> None:
    named = {c.sop for c in smki().controls.controls.values() if c.sop}
    assert named <= set(definitions().sop.documents)


def gap(spec: TaskSpec) -> int:
    """Return the most days between a task that is done at once and the next one in time."""
    days = [dt.date(year, month, 1) for year in range(2025, 2032) for month in range(1, 13)]
    names = sorted({period(spec.every, spec.month, day) for day in days})
    rounds = [planning.of_period(spec, name) for name in names]
    return max((next_.due - one.opens).days for one, next_ in pairwise(rounds))


def test_no_control_turns_red_while_its_task_has_time() -> None:
    known = smki()
    for name, each in known.controls.controls.items():
        if not each.task:
            continue
        spec = known.tasks.tasks[each.task]
        assert each.limits["days"] >= gap(spec), name
    assert known.controls.controls["rights_reviewed"].limits["days"] == 90
    assert known.controls.controls["advisories_fresh"].limits["days"] >= gap(
        known.tasks.tasks["vulnerability_review"]
    )


@pytest.mark.parametrize(("hours", "old"), [(0, False), (25, False), (25.1, True)])
def test_a_look_is_too_old_after_a_day(hours, old) -> None:
    assert evidence.stale(NOW - dt.timedelta(hours=hours), NOW) is old


def test_what_only_a_person_says_is_never_green() -> None:
    assert all(each.by_hand for each in smki().controls.controls.values() if each.task)


def test_at_least_thirty_controls_are_looked_at_by_the_portal_itself() -> None:
    assert sum(bool(c.probe) for c in smki().controls.controls.values()) >= 30
