"""Who calls: a declared proxy's word, and nobody else's."""

from __future__ import annotations

import pytest

from ckanext.satudata_pontianak.surface import addresses

OURS = ("127.0.0.0/8", "::1", "10.9.0.0/24")


@pytest.mark.parametrize(
    ("remote", "forwarded", "found"),
    [
        ("203.0.113.9", None, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "192.0.2.1, 198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "192.0.2.1, 198.51.100.7, 10.9.0.4", "198.51.100.7"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("127.0.0.1", "::ffff:198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "nobody", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", None, "127.0.0.1"),
        (None, "198.51.100.7", None),
        ("", None, None),
    ],
)
def test_the_caller_is_who_a_declared_proxy_names(remote, forwarded, found) -> None:
    said = addresses.caller(remote, forwarded, OURS)
    assert (str(said) if said else None) == found


def test_a_line_of_ipv6_counts_as_one_caller() -> None:
    one, other, neighbour = (
        addresses.counted_as(addresses.read(text))
        for text in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")
    )
    assert one == other != neighbour


def test_a_misspelt_proxy_is_named() -> None:
    with pytest.raises(ValueError, match="proksi"):
        addresses.networks(("127.0.0.1", "proksi"))
