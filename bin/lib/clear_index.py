"""Empty a Solr core. Usage: clear_index.py ADDRESS_OF_THE_CORE."""

from __future__ import annotations

import sys

import pysolr

if __name__ == "__main__":
    pysolr.Solr(sys.argv[1], always_commit=True, timeout=30).delete(q="*:*")
