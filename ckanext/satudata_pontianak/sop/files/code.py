"""The code on a paper that a phone reads its address from."""

from __future__ import annotations

import segno


def picture(address: str) -> str:
    """Return a QR code as a data address (PNG): every output can show it."""
    return segno.make(address, error="m", micro=False).png_data_uri(
        scale=4, border=4, dark="#000", light="#fff"
    )
