"""What ``satudata`` offers without CKAN, on any computer: a contents, as ``plugin.py`` is one."""

from __future__ import annotations

from .bulk.command import publish
from .bulk.dump_command import from_ckan
from .bulk.metadata_command import metadata
from .disclosure.command import main

main.add_command(publish)
main.add_command(metadata)
main.add_command(from_ckan)

__all__ = ["main"]
