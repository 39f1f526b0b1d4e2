"""What the harvester's own actions ask nobody about is for who may do it here."""

from __future__ import annotations

from ...access.probes import word


def test_sources_are_indexed_and_jobs_aborted_by_who_may_change_them(city, app) -> None:
    source = city.act(
        "walidata",
        "harvest_source_create",
        name=word(),
        title="Sumber",
        url=f"http://contoh.go.id/{word()}",
        source_type="ckan",
        owner_org=city.orgs["diskominfo"]["id"],
    )
    for action, given, may in (
        ("harvest_source_reindex", {"id": source["id"]}, {"walidata", "admin"}),
        ("harvest_sources_reindex", {}, {"admin"}),
        ("harvest_abort_failed_jobs", {"life_span": 0}, {"admin"}),
    ):
        for who in (None, "warga", "produsen", "kepala_dinkes", "walidata", "admin"):
            said = city.over_http(app, who, action, **given)
            assert said.status_code == (200 if who in may else 403), (action, who, said.body[:300])
