"""Which internet addresses are public, in whichever spelling: no Django, no look-up."""

from __future__ import annotations

import ipaddress

# What looks public and is not: addresses that answer to every machine of a cloud, and ranges that
# Python's own list leaves out.
_NEVER = tuple(
    ipaddress.ip_network(one)
    for one in (
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "100.64.0.0/10",
        "64:ff9b:1::/48",
        "100::/64",
        "fec0::/10",
    )
)
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")


def may_reach(address: str) -> bool:
    """Is this a public internet address, in whichever spelling?"""
    try:
        parsed = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    # An IPv6 spelling of an inner IPv4 address is global by itself.
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = _inside(parsed) or parsed
    is_public = parsed.is_global and not parsed.is_multicast
    return is_public and not any(parsed in network for network in _NEVER)


def _inside(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 address stands for, if it does."""
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in _TRANSLATED or address in _COMPATIBLE:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return None
