"""What the site writes is for its own account and group, and for nobody else on the server."""

from __future__ import annotations

import os

OTHERS = 0o007


def close_to_others() -> None:
    """Let files and folders that this process makes be closed to other accounts.

    A stricter mask that the operator set is kept. CKAN and its storages make files by the mask of
    the process.
    """
    os.umask(os.umask(0o077) | OTHERS)
