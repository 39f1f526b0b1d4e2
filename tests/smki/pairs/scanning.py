"""The rules of the scan."""

from __future__ import annotations

import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.classification.records import rulesets
from ckanext.satudata_pontianak.classification.records.model import KnownRuleset, Scan, Version
from ckanext.satudata_pontianak.classification.rescan import rescan
from ckanext.satudata_pontianak.classification.versions import versions

from ..site import Pair, Site, ago


def young(site: Site) -> None:
    rulesets.begin()
    site.write(sa.update(KnownRuleset).values(begun_at=ago()))


def old(site: Site) -> None:
    site.write(sa.update(KnownRuleset).values(begun_at=ago(days=366)))


def enforced(_site: Site) -> None:
    rulesets.begin()
    model.Session.commit()
    if not rulesets.is_enforced():
        rescan.enforce(None)


def on_trial(site: Site) -> None:
    row = {"ruleset": "2020.1", "begun_at": ago(days=900), "enforced_at": ago(days=900)}
    site.write(
        sa.update(KnownRuleset).values(enforced_at=None), sa.insert(KnownRuleset).values(**row)
    )


def scanned(_site: Site) -> None:
    known = sa.select(Scan.version_id)
    for version in model.Session.scalars(sa.select(Version).where(Version.id.not_in(known))):
        versions.scan(version)
    model.Session.commit()


def unscanned(site: Site) -> None:
    site.city.publish()
    site.write(sa.delete(Scan))


PAIRS = {
    "rules_young": Pair(young, old),
    "rules_enforced": Pair(enforced, on_trial),
    "served_scanned": Pair(scanned, unscanned),
}
