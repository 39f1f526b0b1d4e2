"""Scripts of others are what their declaration says, and no others are served."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from ckanext.satudata_pontianak.portal.plots import libraries

SERVED = Path(libraries.__file__).parents[1] / "public" / "satudata" / "pustaka"


def test_each_library_is_the_file_that_is_declared() -> None:
    declared = {each.file: each for each in libraries.declared()}
    scripts = {path.name: path for path in SERVED.iterdir() if path.suffix == ".js"}
    assert set(declared) == set(scripts)
    for name, each in declared.items():
        digest = hashlib.sha384(scripts[name].read_bytes()).digest()
        assert each.integrity == f"sha384-{base64.b64encode(digest).decode()}", name
        assert each.version in name
        assert each.package.startswith("sha512-")
