"""Addresses that are no link for the public: of an app that was defaced, or that has ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .standing import standing

ADDRESSES = ("url", "alamat_play_store", "alamat_app_store")
WITHHELD = (*ADDRESSES, "alamat_panduan")
"""The guide for users stands mostly on the host of the app."""


def withhold(datasets: Sequence[dict[str, Any]]) -> None:
    """Take the addresses out of apps that their readers shall not be led to."""
    stands = standing(each["id"] for each in datasets)
    for dataset in datasets:
        for key in () if stands[dataset["id"]].link else WITHHELD:
            if dataset.get(key):
                dataset[key] = ""
