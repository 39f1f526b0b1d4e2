"""The signed heads as an open dataset: brought by a command, opened by the workflow."""

from __future__ import annotations

import csv
import io

import pytest

from ckan.cli.cli import ckan

NAME = "tanda-tangan-buku-catatan"


@pytest.fixture
def publish(cli, city, signer):
    """Run the command and return what it said and how it ended."""

    def run(agency: str = "", user: str = "walidata"):
        who = city.users[user]["name"] if user in city.users else user
        named = city.orgs[agency]["name"] if agency in city.orgs else agency
        more = ["--organization", named] if agency else []
        return cli.invoke(ckan, ["satudata", "ledger", "publish", "--user", who, *more])

    return run


def served(app, dataset) -> list[dict[str, str]]:
    """Return the rows that anybody downloads."""
    answer = app.get(dataset["resources"][0]["url"])
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def test_the_heads_are_published_by_the_road_of_every_dataset(city, app, sign, publish) -> None:
    city.publish()
    first = sign()
    told = publish("diskominfo")
    # The agency has no mailbox: what is missing is said, what was brought waits.
    assert (told.exit_code, "kotak surat" in told.output.lower()) == (1, True)
    city.act("walidata", "package_patch", id=NAME, maintainer_email="data@pontianak.go.id")
    told = publish()
    assert told.exit_code == 0, told.output
    assert app.get(f"/dataset/{NAME}", status=404)
    city.step("walidata_2", {"id": NAME}, "approve")
    dataset = city.act(None, "package_show", id=NAME)
    assert dataset["tingkat_keamanan"] == "biasa"
    assert served(app, dataset)[0]["root"] == first.head.root
    assert publish().exit_code == 0
    assert city.act("walidata", "satudata_classification_show", id=NAME)["case"] is None
    second = sign()
    told = publish()
    assert told.exit_code == 0, told.output
    assert served(app, dataset)[0]["root"] == first.head.root
    city.step("walidata_2", {"id": NAME}, "approve")
    assert [row["root"] for row in served(app, dataset)][:2] == [second.head.root, first.head.root]


@pytest.mark.parametrize(
    ("user", "agency", "said"),
    [
        ("walidata", "", "--organization"),
        ("tiada", "diskominfo", "pengguna"),
        ("walidata", "tiada", ""),
        ("warga", "diskominfo", ""),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_made(
    city, sign, publish, user, agency, said
) -> None:
    city.publish()
    sign()
    told = publish(agency, user)
    assert told.exit_code == 1
    assert said.lower() in told.output.lower()
    assert "Error: " in told.output
    assert city.act("admin", "package_search", q=f"name:{NAME}")["count"] == 0
