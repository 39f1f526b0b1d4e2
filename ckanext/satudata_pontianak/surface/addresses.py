"""Which address calls: the proxies' word for it counts only where the proxy is a declared one."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from functools import cache

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# A home or a telephone has a whole network of this size in IPv6, and a new address at will.
OF_ONE_LINE = 64


@cache
def networks(declared: tuple[str, ...]) -> tuple[Network, ...]:
    """Return the declared proxies as networks.

    :raises ValueError: one of them is neither an address nor a network; the text names it.
    """
    return tuple(ipaddress.ip_network(one) for one in declared)


def read(text: str) -> Address | None:
    """Return an address, that of IPv4 also where it is written as one of IPv6."""
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found


def caller(remote: str | None, forwarded: str | None, proxies: Iterable[str]) -> Address | None:
    """Return the address that calls.

    Read from the end, each address of ``X-Forwarded-For`` is the word of the machine behind it: the
    first that is no declared proxy is the caller, whatever a client wrote before it.

    :param remote: The address of the connection.
    :param forwarded: The header, as it came.
    :param proxies: Addresses and networks whose word is taken.
    :returns: The address; ``None`` where there is none, as on a socket of the machine itself.
    """
    known = networks(tuple(proxies))
    found = read(remote or "")
    for text in reversed((forwarded or "").split(",")):
        if found is None or not any(found in network for network in known):
            return found
        before = read(text)
        if before is None:
            return found
        found = before
    return found


def counted_as(address: Address) -> str:
    """Return what requests of an address are counted under: in IPv6 its line, not the address."""
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, OF_ONE_LINE), strict=False))
    return str(address)
