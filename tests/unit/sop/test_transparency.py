"""What is published equals what a stand-alone script finds, and gives nothing hidden away."""

from __future__ import annotations

import datetime as dt
import json
import random
import runpy
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.satudata_pontianak.sop.audit.replay import Entry
from ckanext.satudata_pontianak.sop.audit.transparency import Rules, numbers

from .ledgers import CLOSED_ROAD, OPEN_ROAD, Ledger, changed

SCRIPT = runpy.run_path(str(Path(__file__).parents[3] / "benchmarks" / "transparency.py"))
RULES = Rules(
    levels=("biasa", "terbatas", "rahasia", "sangat_rahasia"),
    public=frozenset({"biasa", "terbatas"}),
    small=5,
    waiting=frozenset({"open", "consent", "objection", "execution"}),
    unread=frozenset({"unconfirmed", "lapsed"}),
)
TODAY = dt.date(2026, 11, 24)


def told(entries: list[Entry], year: int = 2026, today: dt.date = TODAY) -> dict[str, Any]:
    return numbers(entries, year, today, RULES)


def exported(entries: list[Entry], path: Path) -> Path:
    """Write entries as the ledger does: one a line, and a last line that is none."""
    lines = [json.dumps({**asdict(e), "at": e.at.isoformat()}) for e in entries]
    path.write_text("\n".join([*lines, 'head\t{"size": 1}']) + "\n", "utf-8")
    return path


EVENTS = (
    "break_glass.start",
    "incident.begin",
    "data.read",
    "access_grant.create",
    "dataset.purge",
)


class Life:
    """A city that does what it is told by numbers, rightly or wrongly."""

    def __init__(self) -> None:
        self.ledger = Ledger()
        self.states: dict[str, tuple[str, str]] = {}
        self.holds = 0

    def act(self, what: int, which: int, more: int) -> None:
        ledger = self.ledger
        ledger.rest(more % 4)
        open_cases = [c for c, (state, _) in self.states.items() if state not in ledger.past.ends]
        if what < 3 or not open_cases:
            case = f"c{len(self.states)}"
            kind = ("classify", "classify", "move", "remove")[more % 4]
            ledger.open(case, kind=kind)
            self.states[case] = ("draft", kind)
        elif what < 12:
            self._step(open_cases[which % len(open_cases)], more)
        elif what < 14:
            self.holds += 1
            about = {"hold": f"h{which % 3}", "scope": ("data", "all")[more % 2]}
            event = ("hold.create", "hold.release")[more % 3 == 0]
            ground = {"ground": ("false_alarm", "remedied")[which % 2]}
            dataset = f"data-c{which % 5}"
            ledger.write(event, dataset=dataset, detail={**about, **ground})
        elif what < 17:
            names = ("create", "grant", "refuse", "object", "overdue", "lapse", "withdraw")
            states = ("open", "granted", "refused", "objection", "open", "lapsed", "withdrawn")
            one = more % len(names)
            due = (ledger.at + dt.timedelta(days=which)).date().isoformat()
            ledger.write(
                f"access_request.{names[one]}",
                detail={"request": f"r{which % 7}"},
                after={"state": states[one], "due": due if which % 2 else None},
            )
        else:
            event = EVENTS[more % len(EVENTS)]
            detail = {"incident": f"i{which % 3}", "decision": "an id"}
            ledger.write(event, dataset=f"data-c{which % 5}", detail=detail)

    def _step(self, case: str, pick: int) -> None:
        state, kind = self.states[case]
        steps = [s for s in self.ledger.past.steps if s.source == state and kind in s.kinds]
        step = steps[pick % len(steps)]
        level = RULES.levels[pick % 4] if step.target == "decided" and kind == "classify" else None
        until = "2026-10-01" if pick % 3 else None
        actor = f"p{pick % 3}"
        self.ledger.step(case, state, step.name, actor, kind=kind, level=level, until=until)
        if pick % 5 == 0:
            after = {"agency": f"dinas{pick % 3}"}
            self.ledger.entries[-1] = changed(self.ledger.entries[-1], after=after)
            about = {"case": case, "dataset": f"data-{case}", "actor": f"p{pick % 4}"}
            named = {"workflow": self.ledger.hash}
            self.ledger.write("proposal.change", **about, detail=named)
        if pick % 7 == 0:
            self.ledger.entries[-1] = changed(self.ledger.entries[-1], duty="walidata")
        if pick % 11 == 0:
            self.ledger.entries[-1] = changed(self.ledger.entries[-1], outcome="refused")
        else:
            self.states[case] = (step.target, kind)


@pytest.mark.slow
@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(lot=st.integers(0, 2**32), year=st.sampled_from([2026, 2027]))
def test_the_numbers_are_those_of_a_script_that_shares_no_code(lot, year, tmp_path) -> None:
    life, dice = Life(), random.Random(lot)  # noqa: S311 - a lot, no secret
    for _ in range(dice.randrange(1, 200)):
        life.act(dice.randrange(19), dice.randrange(41), dice.randrange(41))
    today = max(life.ledger.at.date(), dt.date(year, 3, 15))
    found = told(life.ledger.entries, year, today)
    path = exported(life.ledger.entries, tmp_path / "ledger.jsonl")
    assert SCRIPT["recompute"](path, year, today) == json.loads(json.dumps(found))


def test_the_script_imports_nothing_of_the_portal() -> None:
    folder = Path(__file__).parents[3] / "benchmarks"
    texts = [folder / name for name in ("transparency.py", "transparency_cases.py")]
    lines = [line for text in texts for line in text.read_text("utf-8").splitlines()]
    imports = [line.split()[1] for line in lines if line.startswith(("import ", "from "))]
    named = {name.partition(".")[0] for name in imports}
    assert named - sys.stdlib_module_names == {"holidays", "transparency_cases"}


# ------------------------------------------------------------------------------- what is hidden


def test_what_the_public_may_not_know_of_is_counted_for_the_city_and_a_month_late() -> None:
    ledger = Ledger()
    ledger.road("c", *CLOSED_ROAD, level="terbatas")
    for number, level in enumerate(("sangat_rahasia", "rahasia")):
        ledger.road(str(number), *CLOSED_ROAD, level=level)
    day = ledger.at.date()
    found = told(ledger.entries, today=day)
    decisions = found["decisions"]
    assert list(decisions["by_level"].values()) == [0, 1, 0, 0]
    # Until then nothing else gives it away: the cases seem to wait where they were.
    assert (decisions["taken"], found["cases"]["ended"], found["cases"]["open"]) == (1, 1, 2)
    assert found["cases"]["open_by_state"] == {"approval": 2}
    later = told(ledger.entries)
    assert list(later["decisions"]["by_level"].values()) == [0, 1, 1, 1]
    assert later["decisions"]["hidden_as_of"] == "2026-10-31"
    assert later["decisions"]["by_agency"] == [
        {"agency": "dinas", "biasa": 0, "terbatas": 1, "held": 0}
    ]
    assert later["cases"]["open"] == 0


def goings() -> dict[str, Ledger]:
    """Return ledgers in which a public dataset goes out of sight, each in another way."""
    ways = {}
    for way in ("hidden", "removed", "purged", "held"):
        ledger = ways[way] = Ledger()
        for case in ("a", "b"):
            ledger.road(case, *OPEN_ROAD, level="biasa")
        ledger.rest(30)
        who: dict[str, Any] = {"case": "a2", "dataset": "data-a"}
        kind = "remove" if way == "removed" else "classify"
        after = {"state": "consequence_test", "kind": kind, "agency": "dinas"}
        ledger.write("case.open", **who, after=after, detail={"workflow": ledger.hash})
        after = {"state": "decided", "agency": "dinas"}
        decision = {"tingkat_keamanan": "sangat_rahasia"} if way == "hidden" else None
        detail = {"workflow": ledger.hash, "decision": decision}
        if way == "purged":
            ledger.write("dataset.purge", **who)
        elif way == "held":
            hold = {"hold": "h", "scope": "all"}
            ledger.write("hold.create", dataset="data-a", detail=hold)
        else:
            ledger.write("case.approve", **who, duty="ppid", after=after, detail=detail)
    return ways


def test_in_its_month_nobody_can_tell_why_a_dataset_went_out_of_sight() -> None:
    """The opened case differs by nothing but its kind, which is not told: so must the numbers."""
    ways = goings()
    day = ways["held"].at.date()
    found = {way: told(ledger.entries, today=day) for way, ledger in ways.items()}
    first = found["hidden"]
    assert all(numbers_ == first for numbers_ in found.values())
    # What is left is what the catalogue lists.
    assert first["decisions"]["by_level"]["biasa"] == 1
    assert first["decisions"]["by_agency"][0]["biasa"] == 1
    assert (first["holds"]["active"], first["cases"]["open"]) == (0, 1)
    month_over = dt.date(2026, 12, 31)
    later = {way: told(ledger.entries, today=month_over) for way, ledger in ways.items()}
    assert later["hidden"]["decisions"]["by_level"]["sangat_rahasia"] == 1
    assert later["held"]["holds"]["active"] == 1
    assert later["removed"]["cases"]["ended"] == 3


def test_a_hold_on_the_data_alone_is_told_at_once_and_counted_under_no_level() -> None:
    ledger = Ledger()
    for case in ("a", "b"):
        ledger.road(case, *OPEN_ROAD, level="biasa")
    ledger.write("hold.create", dataset="data-a", detail={"hold": "h", "scope": "data"})
    found = told(ledger.entries, today=ledger.at.date())
    decisions = found["decisions"]
    assert (found["holds"]["active"], decisions["held"]) == (1, 1)
    assert decisions["by_level"]["biasa"] == 1
    assert decisions["by_agency"] == [{"agency": "dinas", "biasa": 1, "terbatas": 0, "held": 1}]
    ledger.write("hold.release", dataset="data-a", detail={"hold": "h", "ground": "false_alarm"})
    after = told(ledger.entries, today=ledger.at.date())["decisions"]
    assert (after["held"], after["by_level"]["biasa"]) == (0, 2)


def test_times_of_few_cases_are_left_out() -> None:
    ledger = Ledger()
    for number in range(4):
        ledger.road(str(number), *OPEN_ROAD, level="biasa")
    few = told(ledger.entries)["days"]
    assert few["agencies"] == []
    assert {(r["count"], r["median"], r["p90"]) for r in few["steps"]} == {(4, None, None)}
    ledger.road("5", *OPEN_ROAD, level="biasa")
    enough = told(ledger.entries)["days"]
    assert enough["agencies"] == [{"agency": "dinas", "count": 5, "median": 1, "p90": 1}]
    assert {(r["count"], r["median"]) for r in enough["steps"]} == {(5, 1)}


def test_hidden_decisions_give_no_agency_a_time() -> None:
    ledger = Ledger()
    for number in range(6):
        ledger.road(str(number), *CLOSED_ROAD, level="rahasia")
    assert told(ledger.entries)["days"]["agencies"] == []


def test_a_year_that_has_not_begun_is_refused_and_a_past_one_ends_with_itself() -> None:
    ledger = Ledger()
    ledger.road("a", *OPEN_ROAD, level="biasa")
    with pytest.raises(ValueError, match="has not begun"):
        told(ledger.entries, 2027)
    past = told(ledger.entries, 2026, dt.date(2028, 1, 1))
    assert past["to"] == past["decisions"]["hidden_as_of"] == "2026-12-31"
    assert told(ledger.entries, 2025)["cases"]["opened"] == 0
