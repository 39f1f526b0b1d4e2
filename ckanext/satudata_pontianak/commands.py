"""What ``satudata`` offers without CKAN, on any computer: a contents, as ``plugin.py`` is one."""

from __future__ import annotations

from .bulk.command import publish
from .disclosure.command import main

main.add_command(publish)

__all__ = ["main"]
