"""``ckan satudata check``: what is wrong with a site and how to repair it."""

from __future__ import annotations

import json

import pytest

from ckan.cli.cli import ckan

from ckanext.satudata_pontianak.portal import checks

pytestmark = [
    pytest.mark.ckan_config("ckan.locale_default", "en"),
    pytest.mark.usefixtures("city"),
]


def problems(findings) -> str:
    return "\n".join(f.problem % f.params for f in findings)


@pytest.mark.parametrize("option", checks.MUST_BE_OFF)
def test_an_option_that_opens_a_door_is_named(option):
    assert problems(checks.check_options({option: True, checks.CASCADE: ["admin", "editor"]})) == (
        f"The option {option} is on. {checks.MUST_BE_OFF[option][1]}"
    )


@pytest.mark.parametrize("roles", ["admin", ["admin"], "", "admin editor member"])
def test_core_and_we_must_agree_on_what_comes_down_the_tree(roles):
    found = checks.check_options({checks.CASCADE: roles})
    assert checks.CASCADE in problems(found)
    assert "admin editor" in found[0].repair


def test_the_datastore_has_no_door_beside_ours():
    config = {checks.SQL_SEARCH: True, checks.TABLE_SEARCH: ["x"]}
    found = problems(checks.check_datastore(config))
    assert "sqlsearch.enabled is on. SQL queries" in found
    assert "public_table_search is on. It lists tables" in found
    assert checks.check_datastore({}) == []


def test_a_good_configuration_has_no_findings():
    assert checks.check_options({checks.CASCADE: "admin editor"}) == []


def test_plugins_and_database_of_the_tests_are_in_order():
    assert checks.check_plugins() == []
    assert "ledger" not in problems(checks.check_database())


def test_a_worker_that_does_not_run_is_an_error():
    assert "No worker is running" in problems(checks.check_services())


def test_the_command_says_what_to_do_and_ends_with_one(cli):
    result = cli.invoke(ckan, ["satudata", "check"])
    assert result.exit_code == 1, result.output
    assert "ckan jobs worker priority default bulk" in result.output


def test_the_command_speaks_json(cli):
    result = cli.invoke(ckan, ["satudata", "check", "--json"])
    answer = json.loads(result.output[result.output.index('{"findings"') :])
    assert answer["errors"] >= 1
    assert {"level", "problem", "repair"} == set(answer["findings"][0])
    assert result.exit_code == 1


def test_the_bodies_of_the_city_are_complete(city):
    found = problems(checks.check_agencies())
    assert "Nobody who is active" not in found
    assert "more than one agency" not in found
    city.act("admin", "organization_patch", id="ppid", sdi_role=[], nomor_sk="SK/9")
    assert 'No agency holds the duty "Public information officer (PPID)"' in problems(
        checks.check_agencies()
    )
