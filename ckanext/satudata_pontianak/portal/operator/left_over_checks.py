"""What stands in the database past every door of ours: written before, or by another program."""

from __future__ import annotations

from collections.abc import Sequence

from ...agencies.checks import Finding, Level
from ...classification import startup
from ...classification.writes import left_over, moved_keys
from ...msgids import N_


def check_left_over() -> list[Finding]:
    """Is something there that was written before types and addresses were declared?"""
    if not startup.has_tables():
        return []
    found = left_over.find()
    named: tuple[tuple[tuple[str, ...], str, str], ...] = (
        (
            found.datasets,
            N_(
                "%(count)s datasets are of a type that does not exist here, and are closed: "
                "%(ids)s."
            ),
            N_(
                "Purge what nobody needs: ckan dataset purge ID. Give the others a type that is "
                "decided on: ckan satudata retype ID."
            ),
        ),
        (
            found.groups,
            N_("%(count)s groups or agencies are of a type that does not exist here: %(ids)s."),
            N_("Restart the site, or run ckan satudata init: it closes them."),
        ),
        (
            found.files,
            N_("%(count)s files stand in datasets that may hold none: %(ids)s."),
            N_("Restart the site, or run ckan satudata init: it closes them."),
        ),
        (
            found.texts,
            N_("%(count)s harvest sources hold texts that may be personal data: %(ids)s."),
            N_("Change these texts, or delete the sources."),
        ),
        (
            found.links,
            N_("%(count)s files have an address that nobody is led to: %(ids)s."),
            N_("Give them a link that begins with https://, or upload the files."),
        ),
        (
            found.members,
            N_(
                "%(count)s groups or agencies have members in a capacity that does not exist here: "
                "%(ids)s."
            ),
            N_("Take these members out on the group's or agency's page, and add them anew."),
        ),
    )
    return [_finding(ids, problem, repair) for ids, problem, repair in named if ids]


def check_stored_keys() -> list[Finding]:
    """Is something stored under keys that are not declared, past every door of ours?"""
    if not startup.has_tables():
        return []
    datasets, groups = moved_keys.stored()
    way = N_("Run: ckan satudata init. It moves them to where only operators read.")
    named = (
        (datasets, N_("%(count)s datasets hold fields that are not declared: %(ids)s.")),
        (groups, N_("%(count)s groups or agencies hold fields that are not declared: %(ids)s.")),
    )
    return [_finding(sorted(ids), problem, way) for ids, problem in named if ids]


def _finding(ids: Sequence[str], problem: str, repair: str) -> Finding:
    """Return what is wrong with so many, of whom the first are named."""
    counted = {"count": str(len(ids)), "ids": " ".join(ids[:10])}
    return Finding(Level.WARNING, problem, repair, counted)
