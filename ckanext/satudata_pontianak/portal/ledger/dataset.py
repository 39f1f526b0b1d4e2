"""``ckan satudata ledger publish``: the signed heads as an open dataset.

They go by the road of every dataset: the dataset of ``schemas/ledger_dataset.yaml`` is made, or
gets a new file, by somebody of the agency that publishes it, and is submitted; Walidata approves
it. What is served may be older than the page and the feed of the ledger, which have every head.
"""

from __future__ import annotations

import io
from typing import Any

import click
from werkzeug.datastructures import FileStorage

import ckan.plugins.toolkit as tk
from ckan import model

from ... import paths
from ...classification.records import addresses, reads
from ...ledger import proving
from ...ledger.cli import ledger
from ...surface.yaml_source import Source
from . import pages

REFUSALS = (tk.ValidationError, tk.NotAuthorized, tk.ObjectNotFound)


def definition() -> dict[str, Any]:
    """Return name, values and file of the dataset, as ``schemas/ledger_dataset.yaml`` has them."""
    return Source.read(paths.schemas() / "ledger_dataset.yaml").data


@ledger.command("publish")
@click.option("--user", required=True, help="Name of somebody who publishes for the agency.")
@click.option("--organization", help="Name of the agency; needed the first time.")
@click.pass_context
def publish(ctx: click.Context, user: str, organization: str | None) -> None:
    """Bring the signed heads into their open dataset, and submit it to Walidata.

    Running it again without a new head changes nothing.
    """
    with ctx.meta["flask_app"].test_request_context():
        try:
            told = bring(user, organization)
        except REFUSALS as refused:
            raise click.ClickException(_reason(refused)) from None
        click.echo(told)


def bring(user: str, organization: str | None) -> str:
    """Create the dataset or replace its file as ``user``, submit it, and say what became of it.

    :param organization: name of the agency; of no use once the dataset is there.
    :raises ckan.plugins.toolkit.ValidationError: there is no head, no such user or no agency, or a
        step is refused; then what was brought waits in the case.
    """
    known = proving.published(model.Session)
    if not known:
        raise _wrong("head", tk._("No head has been signed yet."))
    if model.User.get(user) is None:
        raise _wrong("user", tk._("User not found"))
    said = definition()
    content = pages.as_csv(known)
    model.Session.rollback()
    package = model.Package.get(said["name"])
    if package is None:
        if not organization:
            text = tk._("Name the agency that publishes it: --organization NAME.")
            raise _wrong("organization", text)
        _create(said, content, known[0].head.at[:4], user, organization)
        brought = True
    else:
        brought = _replace(package.id, said, content, user)
    # Also what an earlier run brought and could not submit.
    if _submit(said["name"], user):
        return tk._("The heads were submitted to Walidata; they are public when they are approved.")
    if brought:
        return tk._("The heads wait in the dataset; the case that is open goes on without them.")
    return tk._("Nothing was changed: every head is in the dataset or waits in it.")


def _create(said: dict[str, Any], content: bytes, year: str, user: str, organization: str) -> None:
    agency = tk.get_action("organization_show")(_context(user), {"id": organization})
    resource = {key: said["file"][key] for key in ("name", "description")}
    values = {
        **said["values"],
        "name": said["name"],
        "owner_org": agency["id"],
        "tahun": year,
        "maintainer": agency["title"],
        "maintainer_email": agency.get("kotak_surat"),
        "resources": [{**resource, "upload": _upload(said, content)}],
    }
    context = _context(user)
    context[addresses.STANDS] = True
    tk.get_action("package_create")(context, values)


def _replace(dataset_id: str, said: dict[str, Any], content: bytes, user: str) -> bool:
    """Bring the file where it differs from what is served or waits; tell whether it was brought.

    Bytes that are there already are no change for the gate: it keeps no second version of them.
    """
    before = _versions(dataset_id)
    shown = tk.get_action("package_show")(_context(user), {"id": dataset_id})
    resources = shown["resources"]
    if not resources:
        raise _wrong("resources", tk._("The dataset has no file any more; upload one by hand."))
    asked = {"id": resources[0]["id"], "upload": _upload(said, content)}
    tk.get_action("resource_patch")(_context(user), asked)
    return _versions(dataset_id) != before


def _versions(dataset_id: str) -> frozenset[str]:
    found = frozenset(v.id for v in reads.waiting_versions([dataset_id]))
    model.Session.rollback()
    return found


def _submit(name: str, user: str) -> bool:
    """Submit the open case where it waits for that; tell whether it did."""
    shown = tk.get_action("satudata_classification_show")(_context(user), {"id": name})
    case = shown["case"]
    steps = [*case["transitions"], *case["blocked"]] if case else []
    if "submit" not in [step["name"] for step in steps]:
        return False
    asked = {"id": name, "transition": "submit", "wait": True}
    tk.get_action("satudata_classification_transition")(_context(user), asked)
    return True


def _context(user: str) -> Any:
    return {"user": user, "auth_user_obj": model.User.get(user), "ignore_auth": False}


def _upload(said: dict[str, Any], content: bytes) -> FileStorage:
    return FileStorage(io.BytesIO(content), filename=said["file"]["filename"])


def _wrong(field: str, text: str) -> tk.ValidationError:
    return tk.ValidationError({field: [text]})


def _reason(refused: Exception) -> str:
    if isinstance(refused, tk.ValidationError):
        return "; ".join(f"{k}: {v}" for k, v in refused.error_summary.items())
    return str(refused) or tk._("Not found")


def get_commands() -> list[click.Command]:
    """Return the group that has the command now."""
    return [ledger]
