"""Which addresses are those of the public internet: all else is somebody's own network.

Asked by whatever follows an address that others wrote, before it connects.
"""

from __future__ import annotations

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

UNICAST = ipaddress.IPv6Network("2000::/3")
"""Whatever else is called global: only these are given out."""

BLOCKED: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = tuple(
    ipaddress.ip_network(each)
    for each in (
        # The networks of providers, and what leads over to the other protocol or to a machine.
        "100.64.0.0/10",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/32",
        "2001:20::/28",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
    )
)


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the public internet; one in IPv6's clothes is unwrapped."""
    address = getattr(address, "ipv4_mapped", None) or address
    if address.version == 6 and address not in UNICAST:
        return False
    blocked = any(address.version == net.version and address in net for net in BLOCKED)
    return address.is_global and not address.is_multicast and not blocked
