"""No link of ours leads to an error, whoever follows it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from .crawl import Walk

PEOPLE = (
    None, "warga", "produsen_dinkes", "penetap", "walidata", "ppid", "pengawas", "admin"
)  # fmt: skip
"""A visitor, a citizen with an account, an agency's editor and head, Walidata, PPID, the auditor,
whoever runs the site."""


def walked(site, people) -> list[Walk]:
    walks = [Walk(site.url, who, site.passwords.get(who or "", "")) for who in people]
    with ThreadPoolExecutor(2) as hands:
        for done in [hands.submit(walk.walk) for walk in walks]:
            done.result()
    return walks


def told(walks) -> str:
    broken = [str(each) for walk in walks for each in walk.broken]
    asked = [f"{walk.who or 'visitor'} {walk.asked}" for walk in walks]
    return "\n".join([f"links followed: {', '.join(asked)}", *broken])


@pytest.mark.long
def test_no_link_leads_to_an_error_for_any_of_eight_people(site) -> None:
    walks = walked(site, PEOPLE)
    print(told(walks))  # noqa: T201
    assert all(walk.asked > 100 for walk in walks)
    assert not any(walk.broken for walk in walks), told(walks)


def test_a_link_that_leads_nowhere_is_found(site) -> None:
    walk = Walk(site.url, None)
    assert walk.look(f"{site.url}/tiada", f"{site.url}/") == []
    assert [(each.status, each.on) for each in walk.broken] == [(404, "/")]
    links = walk.look(f"{site.url}/", "")
    assert any(link.endswith("/dataset/") for link, _ in links)
