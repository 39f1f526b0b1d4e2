"""The served city, and a producer who publishes from another computer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .. import serving
from .publishing import Publisher


@pytest.fixture(scope="session")
def portal(pytestconfig: pytest.Config, tmp_path_factory: Any) -> Iterator[str]:
    """Return the address of the served city."""
    folder = tmp_path_factory.mktemp("served")
    with serving.served(Path(pytestconfig.option.ckan_ini), folder) as (host, port):
        yield f"http://{host}:{port}"


@pytest.fixture
def publisher(city: Any, portal: str) -> Publisher:
    """Return the producer of the health agency, at their own computer."""
    return Publisher(portal, city.token("produsen")["Authorization"])
