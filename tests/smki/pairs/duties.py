"""Duties and roles."""

from __future__ import annotations

from ..site import Pair, Site


def one_auditor(site: Site) -> None:
    site.city.join("inspektorat", "pengawas", "admin")


def no_auditor(site: Site) -> None:
    site.leave("inspektorat", "pengawas")


PAIRS = {
    "duties_held": Pair(one_auditor, no_auditor),
    "roles_named": Pair(one_auditor, no_auditor),
}
