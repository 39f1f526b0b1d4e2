"""Rows, columns and counts of the DataStore are for who may read the data, and nobody else."""

from __future__ import annotations


def test_try(city, app, work):
    dataset = city.publish()
    print(work(dataset))
    resource = dataset["resources"][0]["id"]
    print(city.act(None, "package_show", id=dataset["id"])["resources"])
    print(city.act(None, "datastore_search", resource_id=resource))
    print(city.act(None, "datastore_info", id=resource))
    r = app.get(f"/datastore/dump/{resource}")
    print(r.headers, r.body)
    views = city.act(None, "resource_view_list", id=resource)
    print(views)
    r = app.get(f"/dataset/{dataset['name']}/resource/{resource}")
    print("datatables" in r.body, "penduduk" in r.body)
    assert 0
