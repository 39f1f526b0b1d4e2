"""Verdict, alarm, uptime and words: from what came back to what it means."""

from __future__ import annotations

import datetime as dt
import ipaddress
import random
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.satudata_pontianak import days, paths
from ckanext.satudata_pontianak.jepin.pulse.looking import place
from ckanext.satudata_pontianak.jepin.pulse.wire import may_ask, networks
from ckanext.satudata_pontianak.jepin.rules import alarm, pages, uptime
from ckanext.satudata_pontianak.jepin.rules.pulse import pulse, read, words
from ckanext.satudata_pontianak.jepin.rules.verdict import Evidence, Verdict, judge
from ckanext.satudata_pontianak.surface.yaml_source import DefinitionError

TODAY = dt.date(2026, 11, 30)
AT = dt.datetime(2026, 11, 30, 2, tzinfo=dt.UTC)
FIVE = dt.timedelta(minutes=5)
OK, FAILED = Verdict("answered"), Verdict("failed", ("no_answer",))
UNSEEN, MAINTENANCE = Verdict("unseen", ("not_from_here",)), Verdict("maintenance")


def said(**evidence) -> tuple[str, tuple[str, ...]]:
    found = judge(Evidence("answered", **{"status": 200, **evidence}), pulse(), words(), TODAY)
    return found.outcome, found.codes


@pytest.mark.parametrize(
    ("evidence", "outcome", "codes"),
    [
        ({}, "answered", ()),
        ({"status": 401}, "answered", ()),
        ({"status": 403}, "answered", ()),
        ({"status": 404}, "failed", ("missing",)),
        ({"status": 418}, "answered", ("odd_status",)),
        ({"status": 418, "log_in": True}, "answered", ("odd_status",)),
        ({"status": 300}, "answered", ("odd_status",)),
        ({"status": 302, "log_in": True}, "answered", ()),
        ({"status": 503}, "failed", ("error_status",)),
        ({"tls_until": TODAY + dt.timedelta(days=30)}, "answered", ()),
        ({"tls_until": TODAY + dt.timedelta(days=29)}, "answered", ("tls_soon",)),
        ({"tls_until": TODAY + dt.timedelta(days=6)}, "answered", ("tls_near",)),
        ({"words": {"gambling": ["maxwin", "situs toto"]}}, "answered", ()),
        ({"words": {"gambling": ["maxwin", "situs toto", "rtp live"]}}, "failed", ("defaced",)),
        ({"robot_words": {"boasting": ["hacked by"]}}, "answered", ()),
        ({"robot_words": {"boasting_title": ["hacked by"]}}, "failed", ("defaced",)),
        ({"words": {"boasting": ["hacked by", "pwned by"]}}, "failed", ("defaced",)),
        ({"words": {"parked": ["buy this domain"]}}, "failed", ("parked",)),
        ({"newest": TODAY - dt.timedelta(days=180)}, "answered", ()),
        ({"newest": TODAY - dt.timedelta(days=181)}, "answered", ("stale",)),
        ({"marker": False}, "answered", ("marker_gone",)),
        ({"slow": True, "huge": True}, "answered", ("slow", "huge")),
    ],
)
def test_evidence_means_what_the_definition_says(evidence, outcome, codes) -> None:
    assert said(**evidence) == (outcome, codes)


def test_what_is_not_seen_from_here_is_never_red() -> None:
    found = judge(Evidence("not_from_here"), pulse(), words(), TODAY, dt.date(2020, 1, 1))
    assert (found.outcome, pulse().red(found.codes)) == ("unseen", [])


def test_an_old_listing_in_the_store_is_told_whatever_the_app_answers() -> None:
    old = TODAY - dt.timedelta(days=541)
    assert judge(Evidence("no_name"), pulse(), words(), TODAY, old).codes == (
        "no_name",
        "store_old",
    )


def test_in_maintenance_only_words_that_nobody_put_there_count() -> None:
    for end in ("no_answer", "tls_expired"):
        found = judge(Evidence(end), pulse(), words(), TODAY, maintenance=True)
        assert found.outcome == "maintenance"
    bad = Evidence("answered", status=200, words={"boasting_title": ["hacked by"]})
    assert judge(bad, pulse(), words(), TODAY, maintenance=True).outcome == "failed"


LOOKS = st.lists(
    st.tuples(
        st.sampled_from([OK, FAILED, FAILED, UNSEEN, MAINTENANCE]),
        st.integers(min_value=1, max_value=400),
    ),
    max_size=80,
)


def story(looks) -> list[tuple[dt.datetime, Verdict, alarm.Fault | None]]:
    fault, at, told = None, AT, []
    for verdict, minutes in looks:
        at += dt.timedelta(minutes=minutes)
        fault = alarm.step(fault, verdict, at, pulse())
        told.append((at, verdict, fault))
    return told


@given(LOOKS)
def test_an_alarm_needs_two_failures_at_two_times(looks) -> None:
    told = story(looks)
    apart = dt.timedelta(minutes=pulse().alarm.confirm_minutes)
    failures = [at for at, verdict, _ in told if verdict.outcome == "failed"]
    for at, _, fault in told:
        if fault is not None and fault.alarm_at == at:
            assert at in failures
            assert any(at - other >= apart for other in failures if other < at)


@given(LOOKS)
def test_between_two_alarms_an_app_has_answered_for_a_day(looks) -> None:
    told = story(looks)
    alarms = sorted({f.alarm_at for _, _, f in told if f is not None and f.alarm_at})
    day = dt.timedelta(hours=pulse().alarm.again_hours)
    for before, after in pairwise(alarms):
        closed = [f.closed_at for at, _, f in told if f and f.alarm_at == before and f.closed_at]
        assert closed
        failed = [at for at, v, _ in told if v.outcome == "failed" and closed[-1] < at < after]
        assert not failed or failed[0] - closed[-1] >= day


@given(LOOKS)
def test_what_is_not_seen_changes_nothing_and_the_same_looks_tell_the_same(looks) -> None:
    told = story(looks)
    for (_, _, before), (_, verdict, after) in pairwise(told):
        if verdict in (UNSEEN, MAINTENANCE):
            assert before == after
    assert story(looks) == told


def test_of_failures_that_lie_far_apart_none_is_an_alarm() -> None:
    far = pulse().alarm.forget_minutes
    told = story([(FAILED, far), (OK, far), (FAILED, far), (OK, far)] * 5)
    assert all(fault is None or fault.alarm_at is None for _, _, fault in told)


def test_a_fault_is_over_after_a_time_that_grows_with_its_flaps() -> None:
    rules = pulse().alarm
    spans = [alarm.steady(rules, flaps) for flaps in range(20)]
    assert spans == sorted(spans)
    assert spans[0] == dt.timedelta(minutes=rules.steady_minutes)
    assert spans[-1] == dt.timedelta(hours=rules.again_hours)


def test_an_address_of_somebody_else_is_no_link_once_there_is_an_alarm() -> None:
    away = Verdict("failed", ("off_domain",))
    told = story([(away, 5), (away, 5)])
    (first, _, suspected), (second, _, fault) = told
    assert alarm.word(suspected, away, first, pulse(), "open") == ("open", True)
    assert alarm.word(fault, away, second, pulse(), "open") == ("disturbed", False)


@pytest.mark.parametrize(
    ("hour", "quiet"), [(20, False), (21, True), (0, True), (5, True), (6, False), (12, False)]
)
def test_the_quiet_hours_are_those_of_the_citys_clock(hour, quiet) -> None:
    moment = dt.datetime(2026, 11, 30, hour, 30, tzinfo=days.CITY)
    assert pulse().quiet.at(moment.astimezone(dt.UTC)) is quiet


def test_a_simulated_quarter_gives_the_uptime_that_was_simulated() -> None:
    drawn = random.Random(17)  # noqa: S311 - a made-up quarter
    kept: dict[dt.date, uptime.Day] = {}
    answered = counted = 0
    spans = []
    for number in range(92 * 24 * 12):
        at = AT + number * FIVE
        day = at.astimezone(days.CITY).date()
        down = (number // 500) % 9 == 0 or drawn.random() < 0.01
        outcome = "failed" if down else "maintenance" if number % 97 == 0 else "answered"
        ms = drawn.randint(50, 900) if outcome == "answered" else None
        counted += outcome != "maintenance"
        answered += outcome == "answered"
        spans += [ms] if ms is not None else []
        kept[day] = uptime.counted(kept.get(day, uptime.Day(day)), outcome, ms)
    whole = list(kept.values())
    assert uptime.share(whole) == pytest.approx(100 * answered / counted)
    assert sum(d.ms_sum for d in whole) / sum(d.ms_count for d in whole) == pytest.approx(
        sum(spans) / len(spans)
    )
    shown = uptime.span(whole, max(kept), 90)
    assert (len(shown), shown[-1]) == (90, kept[max(kept)])
    assert uptime.share(uptime.span([], TODAY, 90)) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Diperbarui 12 Nopember 2026", dt.date(2026, 11, 12)),
        ("Diperbarui 12 Nopembr 2026", None),
        ("Diperbarui 12 November 2026, oleh admin", dt.date(2026, 11, 12)),
        ("<time datetime='2026-10-09T08:00'>", dt.date(2026, 10, 9)),
        ("<pubDate>Tue, 11 Aug 2026 10:00:00 +0700</pubDate>", dt.date(2026, 8, 11)),
        ("05/10/2026 dan 6-9-2026", dt.date(2026, 10, 5)),
        ("Acara pada 3 Desember 2026", None),
        ("31/02/2026", None),
        ("(c) 2026", None),
        ("Telepon 0561-12-2026-1", None),
        ("x" * 1000, None),
    ],
)
def test_the_newest_day_of_a_page_is_found_up_to_today(text, day) -> None:
    assert pages.newest_day(text, TODAY) == day


def test_a_marker_says_where_the_day_of_the_content_stands() -> None:
    page = "<b>Terakhir\n diperbarui:</b> <i>1 Maret 2026</i>" + "x" * 200 + "29/11/2026"
    assert pages.day_after(page, "terakhir diperbarui:", TODAY) == (True, dt.date(2026, 3, 1))
    assert pages.day_after(page, "Dimutakhirkan", TODAY) == (False, None)


def test_words_are_whole_words_however_they_are_written() -> None:
    found = pages.plain("<a title='SLOT&nbsp;GACOR'>situs-toto</a> slotgacor Toto")
    assert pages.mentioned(found, ["slot gacor", "situs toto", "toto togel", "slot"]) == [
        "slot gacor",
        "situs toto",
    ]


GAMBLING = words().lists["gambling"].words


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ("Polisi menangkap agen judi online situs slot gacor", 2),
        ("Wali kota: judi online, judi online, dan lagi judi online", 1),
        ("<b>slot</b> gacor <i>rtp</i>\n<u>live</u> max<wbr>win maxwin", 3),
        ("<img alt='slot gacor'><a title='maxwin'>rtp live</a>", 3),
        ("\uff53\uff4c\uff4f\uff54 \U0001d420\U0001d41a\U0001d41c\U0001d428\U0001d42b", 1),
        ("slot gacor slot gacor slot maxwin slot maxwin", 2),
    ],
)
def test_no_part_of_a_page_is_counted_twice_however_it_is_written(page, found) -> None:
    assert len(pages.mentioned(pages.plain_page(page), GAMBLING)) == found


@pytest.mark.parametrize(
    ("page", "titles"),
    [
        ("<TITLE lang=en>Hacked by X</TITLE><p>pwned by Y</p>", " hacked by x "),
        ("<h1 class='a'><font>Hacked <b>by</b></font></h1> X <h2>Y</h2>", " hacked by | y "),
        ("<header>Hacked by</header> <p>hacked by</p>", ""),
        ("<h1>" + "x " * 1000, f" {'x ' * 150}"),
    ],
)
def test_title_and_headings_of_a_page_are_read_alone(page, titles) -> None:
    assert pages.plain_titles(page) == titles


@pytest.mark.parametrize("reference", ["&#" + "9" * 5000, "&#" + "1" * 9 + ";", "&#x" + "f" * 99])
def test_a_reference_to_no_character_is_a_space(reference) -> None:
    assert pages.plain(f"slot{reference}gacor") == " slot gacor "
    marked = f"Per tanggal{reference} 1 Maret 2026"
    assert pages.day_after(marked, "per tanggal", TODAY) == (True, dt.date(2026, 3, 1))
    assert pages.plain("&#000000000115;lot &#x000000000073;lot") == " slot slot "


@pytest.mark.parametrize("value", ["", "gestern", "Mon, 30 Nov 2026 10:00:00 +9999999999999999999"])
def test_a_header_that_names_no_day_names_none(value) -> None:
    assert pages.header_day(value, TODAY) is None


def test_a_page_asks_to_log_in_where_it_has_a_field_for_a_password() -> None:
    assert pages.asks_to_log_in("<input class=x name=p type='password'>")
    assert pages.asks_to_log_in('<INPUT\nTYPE="Password">')
    assert not pages.asks_to_log_in("<input name=p <b> type='password'")
    assert not pages.asks_to_log_in("<input type=text> password")


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("10.1.2.3", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("192.0.2.1", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("fe80::1", False),
        ("fd00::1", False),
        ("64:ff9b::a00:1", False),
        ("2002:a00:1::", False),
        ("4000::1", False),
        ("400::1", False),
    ],
)
def test_only_public_addresses_are_asked(address, asked) -> None:
    assert may_ask(ipaddress.ip_address(address), ()) is asked


def test_a_test_range_opens_its_own_addresses_alone() -> None:
    allowed = networks(["127.70.0.0/16"])
    assert may_ask(ipaddress.ip_address("127.70.3.4"), allowed)
    assert not may_ask(ipaddress.ip_address("127.71.0.1"), allowed)
    assert not may_ask(ipaddress.ip_address("10.0.0.1"), allowed)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "ftp://a.id/",
        "http://",
        "http://a.id:x/",
        "http://u:p@a.id/",
        "http://\x00.id/",
        "http://a.id\r\nHost: b.id/",
        "http://a.id/" + "x" * 3000,
        "http://[x",
        "http://a.id/\udc80",
        "http://a.id/?x=\udc80",
    ],
)
def test_what_is_no_address_is_none(url) -> None:
    assert place(url) is None


def test_where_a_redirect_leads_is_an_address_or_none() -> None:
    assert place("http://[x", "http://a.id/") is None
    found = place("../dua", "http://a.id:8080/satu/dua")
    assert found is not None
    assert (found.host, found.port, found.target) == ("a.id", 8080, "/dua")


def test_an_address_is_asked_as_it_is_written_and_nothing_is_slipped_into_it() -> None:
    found = place("https://Ébène.Pontianak.go.id/a b?c=d\r\nHost: x")
    assert found is not None
    assert found.host == "xn--bne-6lad.pontianak.go.id"
    assert not {*found.target} & {*" \r\n"}
    there = place("http://app.pontianak.go.id:8080/satu%20dua?x=1&y=2")
    assert there is not None
    assert (there.port, there.target) == (8080, "/satu%20dua?x=1&y=2")


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        ("confirm_minutes: 4", "confirm_minutes: 400", "forget_minutes"),
        ("seen_by: [walidata,", "seen_by: [tukang,", "tukang"),
        ("grade: amber}", "grade: amber, extra: 1}", "extra"),
        ("  slow: {", "  lambat: {", "lambat"),
        ("near: 7", "near: 70", "near"),
        ("shown_days: 90", "shown_days: 900", "totals_days"),
    ],
)
def test_a_wrong_definition_is_refused_with_its_reason(tmp_path: Path, before, after, reason):
    for name in ("pulse.yaml", "words.yaml"):
        text = (paths.schemas() / "jepin" / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(DefinitionError, match=reason):
        read(tmp_path)


def test_a_list_of_words_needs_no_more_than_it_has(tmp_path: Path) -> None:
    for name in ("pulse.yaml", "words.yaml"):
        text = (paths.schemas() / "jepin" / name).read_text("utf-8")
        (tmp_path / name).write_text(text.replace("needs: 3", "needs: 300", 1), "utf-8")
    with pytest.raises(DefinitionError, match="needs"):
        read(tmp_path)
