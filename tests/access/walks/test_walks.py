"""Random people do random things to a dataset; after each, exits say what the policy says."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ckanext.satudata_pontianak.access import views
from ckanext.satudata_pontianak.access.reading import overlay
from ckanext.satudata_pontianak.classification.cases import show
from ckanext.satudata_pontianak.classification.rules.policy import Answer

from ...city import AXES_LIMITED, AXES_OPEN, City
from .walk_exits import EXITS, Ask, disagreements
from .walk_site import AXES, PEOPLE, Site

# A shorter walk is not looked for: the one that failed is printed as it went.
PHASES = (Phase.explicit, Phase.generate)
STEPS, LOOKS = 8, 10
SEEN_IN_EVERY_RUN = (
    "did: write", "did: describe", "did: propose", "did: submit", "did: approve", "did: refer",
    "did: assess", "did: hold", "did: release", "did: reopen", "did: join", "did: leave",
    "did: delegate", "did: glass", "refused",
)  # fmt: skip
# A walk gets somewhere by its steps, so they come more often than the rest.
ACTS = (
    *["forward"] * 7, *["write"] * 3, *["reopen"] * 2, "back", "stray", "describe", "propose",
    "hold", "release", "join", "leave", "delegate", "glass", "grant",
)  # fmt: skip
WRITERS = ("produsen", "produsen_2", "kepala_dinkes")
HOLDERS = ("walidata", "ppid", "kepala_dinkes", "ppid_2")
OPEN = Answer(True, "biasa", ("everyone",))


@dataclass(frozen=True)
class Act:
    """What is tried, by whom, and through which exits two people look afterwards."""

    name: str
    who: int
    number: int
    exits: list[str]
    readers: list[str | None]


NUMBERS = st.integers(0, 59)
# A page costs five times what another exit does: one of the ten is a page.
EXITS_DRAWN = st.builds(
    lambda page, others: [page, *others],
    st.sampled_from(sorted(e for e in EXITS if "page" in e.split())),
    st.lists(
        st.sampled_from(sorted(e for e in EXITS if "page" not in e.split())),
        min_size=LOOKS - 1,
        max_size=LOOKS - 1,
        unique=True,
    ),
)
PLANS = st.lists(
    st.builds(
        Act,
        st.sampled_from(ACTS),
        NUMBERS,
        NUMBERS,
        EXITS_DRAWN,
        st.lists(st.sampled_from(PEOPLE), min_size=2, max_size=2, unique=True),
    ),
    min_size=STEPS,
    max_size=STEPS,
)
STARTS = ("draft", "open", "limited", "open", "limited", "closed")


def begin(site: Site, start: str, number: int) -> None:
    """Bring a new dataset to where the walk begins."""
    if start == "draft":
        axes = AXES[number % len(AXES)]
        site.create(axes, file=axes["tingkat_keamanan"] in ("biasa", "terbatas"))
        return
    closed = start == "closed"
    site.create(AXES[3 + number % 2] if closed else AXES_OPEN if start == "open" else AXES_LIMITED,
                file=not closed)  # fmt: skip
    site.step("produsen", "submit", 0)
    if start == "open":
        site.step("walidata", "approve", 0)
        return
    site.step("walidata", "refer", 0)
    site.step("ppid", "assess", 2 + number % 2 if closed else 0)
    site.step("penetap", "approve", number % 3)


def do(site: Site, act: Act) -> None:
    """Try one thing."""
    anybody, number = PEOPLE[act.who % len(PEOPLE)], act.number
    # One write in four is by anybody; the others by those who may.
    writer = anybody if act.who % 4 == 3 else WRITERS[number % len(WRITERS)]
    acts = {
        "forward": lambda: site.forward(act.who, number, back=False),
        "back": lambda: site.forward(act.who, number, back=True),
        "stray": lambda: site.step(anybody, ("approve", "submit", "refer")[number % 3], number),
        "write": lambda: site.write(writer, number % 3),
        "describe": lambda: site.describe(writer),
        "propose": lambda: site.propose(writer, number),
        "reopen": lambda: site.reopen(("produsen", "walidata", "ppid", anybody)[act.who % 4],
                                      number),
        "hold": lambda: site.hold(anybody if act.who % 4 == 3 else HOLDERS[act.who % 4], number),
        "release": lambda: site.release(("ppid", "ppid_2", "walidata", anybody)[act.who % 4]),
        "join": lambda: site.join(number),
        "leave": lambda: site.leave(number),
        "delegate": lambda: site.delegate(number),
        "glass": lambda: site.break_glass(number),
        "grant": lambda: site.grant(number),
    }  # fmt: skip
    acts[act.name]()


def look(site: Site, app: Any, exits: list[str], readers: list[str | None], number: int) -> None:
    """Compare exits with the policy, for each of the readers."""
    truth = site.truth()
    for who in readers:
        ask = Ask(site, app, who, number, truth, site.actor(who))
        for name in exits:
            site.counts["comparisons"] += 1
            wrong = disagreements(ask, name)
            site.counts["disagreements"] += len(wrong)
            assert not wrong, "\n".join(["", *site.log, *wrong])


def walk(city: City, app: Any, times: int, *, at_random: bool = False) -> Counter[str]:
    """Walk so often, and return how often what was done."""
    counts: Counter[str] = Counter({"disagreements": 0})

    @settings(
        max_examples=times,
        deadline=None,
        derandomize=not at_random,
        database=None,
        phases=PHASES,
        suppress_health_check=list(HealthCheck),
    )
    @given(start=st.sampled_from(STARTS), number=NUMBERS, plan=PLANS)
    def once(start: str, number: int, plan: list[Act]) -> None:
        counts["runs"] += 1
        site = Site(city, counts["runs"], counts)
        begin(site, start, number)
        for act in plan:
            do(site, act)
            look(site, app, act.exits, act.readers, act.number)

    once()
    return counts


def test_50_walks_find_every_exit_as_the_policy_says(city, app, record_property) -> None:
    counts = walk(city, app, 50)
    # Walks are drawn by lot: where these met too little, more are walked.
    for _ in range(10):
        if all(counts[what] for what in SEEN_IN_EVERY_RUN):
            break
        counts += walk(city, app, 10, at_random=True)
    record_property("counts", dict(counts))
    assert counts["runs"] >= 50
    assert counts["comparisons"] == counts["runs"] * STEPS * LOOKS * 2
    assert [what for what in SEEN_IN_EVERY_RUN if not counts[what]] == []


@pytest.mark.long
def test_1000_walks_find_every_exit_as_the_policy_says(city, app, record_property) -> None:
    counts = walk(city, app, 1000, at_random=True)
    record_property("counts", dict(counts))
    assert counts["runs"] >= 1000
    assert [what for what in SEEN_IN_EVERY_RUN if not counts[what]] == []


def test_a_walk_finds_an_exit_that_was_opened(city, app, monkeypatch) -> None:
    monkeypatch.setattr(views, "decide", lambda *_: OPEN)
    with pytest.raises(AssertionError, match=r"shows .* a cell"):
        walk(city, app, 50)


# what is unplugged → the exit that then disagrees, and how
OPENED = {
    "download": ((views, "decide", lambda *_: OPEN), "download shows None a cell"),
    "overlay": (
        (overlay, "lay_over", lambda dataset, *_: dataset), "package_show shows admin the hash",
    ),
    "evidence": (
        (show, "may_see_case", lambda *_: True),
        "satudata_classification_show shows None the file",
    ),
    "shut": (
        (views, "decide", lambda *_: Answer(False, "held")), "download hides",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", list(OPENED))
def test_an_opened_or_shut_exit_disagrees(city, app, monkeypatch, name) -> None:
    (module, attribute, changed), told = OPENED[name]
    site = Site(city, 1, Counter())
    begin(site, "limited", 0)
    site.write("produsen", 0)
    readers: list[str | None] = [None, "produsen", "admin"]
    look(site, app, sorted(EXITS), readers, 0)
    monkeypatch.setattr(module, attribute, changed)
    with pytest.raises(AssertionError, match=told):
        look(site, app, [e for e in sorted(EXITS) if told.startswith(f"{e} ")], readers, 0)
