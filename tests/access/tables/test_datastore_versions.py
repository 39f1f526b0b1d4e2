"""A reader in the middle of a table reads wholly the old version, the next one wholly the new."""

from __future__ import annotations

import pytest

ROWS = 60


def rows(word: str) -> bytes:
    return b"nomor,isi\n" + b"".join(f"{n},{word}\n".encode() for n in range(ROWS))


def said(text: str) -> list[str]:
    """Return the words in the rows of a dump."""
    return [line.split(",")[2] for line in text.lstrip("\ufeff").splitlines()[1:]]


def replace(city, work, make_upload, dataset, word: str) -> None:
    """Publish a new version of the dataset's file."""
    resource = dataset["resources"][0]["id"]
    city.act("produsen", "resource_patch", id=resource, upload=make_upload(rows(word), "isi.csv"))
    work(dataset)
    city.step("produsen", dataset, "submit")
    city.step("walidata", dataset, "approve")


class Dump:
    """A dump that is read block by block, as a slow client reads it."""

    def __init__(self, app, resource: str, headers=None) -> None:
        self.response = app.client.open(f"/datastore/dump/{resource}", headers=headers or {})
        self.blocks = iter(self.response.response)
        self.text = ""

    def read(self, count: int | None = None) -> str:
        for number, block in enumerate(self.blocks, 1):
            self.text += block.decode() if isinstance(block, bytes) else block
            if number == count:
                break
        return self.text


@pytest.mark.ckan_config("ckan.datastore.search.rows_max", 10)
def test_a_dump_of_many_pages_stays_with_the_version_it_began_with(
    city, app, work, make_upload
) -> None:
    dataset = city.publish(file=make_upload(rows("pertama"), "isi.csv"))
    work(dataset)
    resource = dataset["resources"][0]["id"]
    word = "pertama"
    for number in range(3):
        # Some of the pages come before the pointer moves, the others after it.
        dump = Dump(app, resource)
        dump.read(number + 2)
        assert 0 < len(said(dump.text)) < ROWS
        following = f"isi{number}"
        replace(city, work, make_upload, dataset, following)
        assert said(dump.read()) == [word] * ROWS
        assert said(Dump(app, resource).read()) == [following] * ROWS
        word = following


@pytest.mark.ckan_config("ckan.datastore.search.rows_max", 10)
def test_what_is_held_is_given_to_nobody_who_asks_after_it(city, app, work, make_upload) -> None:
    dataset = city.publish(file=make_upload(rows("pertama"), "isi.csv"))
    work(dataset)
    resource = dataset["resources"][0]["id"]
    running = Dump(app, resource)
    running.read(2)
    city.act(
        "walidata",
        "satudata_hold_create",
        id=dataset["id"],
        scope="data",
        reason="Diduga memuat data pribadi",
    )
    assert app.get(f"/datastore/dump/{resource}", status=None).status_code == 403
    assert said(running.read()) == ["pertama"] * ROWS  # it was asked for before


@pytest.mark.ckan_config("ckan.datastore.search.rows_max", 10)
def test_pages_by_hand_are_each_of_one_version(city, work, make_upload) -> None:
    dataset = city.publish(file=make_upload(rows("pertama"), "isi.csv"))
    work(dataset)
    resource = dataset["resources"][0]["id"]
    first = city.act(None, "datastore_search", resource_id=resource, limit=10)
    replace(city, work, make_upload, dataset, "kedua")
    second = city.act(None, "datastore_search", resource_id=resource, limit=10, offset=10)
    assert {r["isi"] for r in first["records"]} == {"pertama"}
    assert {r["isi"] for r in second["records"]} == {"kedua"}
