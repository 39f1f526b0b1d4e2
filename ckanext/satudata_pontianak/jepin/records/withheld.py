"""Addresses that are no link for the public: of an app that was defaced, or that has ended."""

from __future__ import annotations

from typing import Any

from .standing import standing

ADDRESSES = ("url", "alamat_play_store", "alamat_app_store")
WITHHELD = (*ADDRESSES, "alamat_panduan")
"""The guide for users stands mostly on the host of the app."""


def withhold(dataset: dict[str, Any]) -> None:
    """Take the addresses out of an app that its readers shall not be led to."""
    if not standing([dataset["id"]])[dataset["id"]].link:
        for key in WITHHELD:
            if dataset.get(key):
                dataset[key] = ""
