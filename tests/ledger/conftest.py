"""A key for the site, and the power over the database, for the tests of this room."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from ckan import model

from ckanext.satudata_pontianak.ledger import proving, signing
from ckanext.satudata_pontianak.ledger.heads import SignedHead, Signer
from ckanext.satudata_pontianak.ledger.tables import head_table


@pytest.fixture
def signer(tmp_path: Path, ckan_config, monkeypatch: pytest.MonkeyPatch) -> Signer:
    """The key of the site, and of the heads that other tests left."""
    path = tmp_path / "ledger.pem"
    monkeypatch.setitem(ckan_config, "ckanext.satudata_pontianak.ledger_key_file", str(path))
    assert signing.make_missing() == path
    rows = model.Session.scalars(sa.select(head_table.c.signed))
    former = {json.loads(text)["key"] for text in rows}
    option = "ckanext.satudata_pontianak.ledger_former_keys"
    monkeypatch.setitem(ckan_config, option, " ".join(former))
    return signing.signer()


@pytest.fixture
def sign(signer: Signer) -> Callable[[], SignedHead | None]:
    """Sign a head over all entries."""

    def made() -> SignedHead | None:
        signed = proving.make_head(model.Session, signer, "http://test")
        model.Session.commit()
        return signed

    return made


@pytest.fixture
def superuser() -> Iterator[sa.Connection]:
    """A superuser's connection with every trigger off; what it does is rolled back in the end."""
    engine = sa.create_engine(os.environ["SATUDATA_ADMIN_URL"])
    with engine.connect() as connection:
        connection.execute(sa.text("SET session_replication_role = replica"))
        yield connection
        connection.rollback()
    engine.dispose()
