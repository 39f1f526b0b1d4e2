"""A key for the tests of this room."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak.ledger.heads import Signer


@pytest.fixture(scope="session")
def signer(tmp_path_factory: pytest.TempPathFactory) -> Signer:
    """A key of its own."""
    return Signer.make(tmp_path_factory.mktemp("key") / "ledger.pem")
