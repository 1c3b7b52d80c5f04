"""Who calls: one address for every limit, whichever proxies stand in between."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"
# By any of these a request shows that somebody passed it on.
PASSED_ON = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
# One household or office has a whole /64 of IPv6: a caller may take another address at every call.
ONE_CALLER = 64
_WITH_PORT = re.compile(r"\[([^\]]+)\](?::\d+)?|([\d.]+):\d+")


def address_of(request: HttpRequest) -> str:
    """Return the address a request came from: for limits, never for rights.

    Each proxy of our own (LINLI_PROXIES of them) adds who called it at the end of
    X-Forwarded-For; what stands before that the caller may have written. The header counts only
    when the connection itself comes from where our proxies are (LINLI_PROXY_NETWORKS).
    """
    peer = str(request.META.get("REMOTE_ADDR", "") or "").strip()
    return _normal(_told_by_our_proxies(request, peer)) or _normal(peer) or UNKNOWN


def _told_by_our_proxies(request: HttpRequest, peer: str) -> str:
    count: int = settings.LINLI_PROXIES
    forwarded = [hop for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    return forwarded[-count] if count and is_our_proxy(peer) and len(forwarded) >= count else ""


def is_from(request: HttpRequest, networks: Sequence[str]) -> bool:
    """Did a request surely come from one of these networks?

    One that somebody passed on counts only when our own proxies say for whom: with no proxy set,
    whatever stands before this machine would make everybody a caller from inside.
    """
    peer = str(request.META.get("REMOTE_ADDR", "") or "").strip()
    told = _told_by_our_proxies(request, peer)
    if not told.strip() and any(name in request.META for name in PASSED_ON):
        return False
    try:
        address = _plain(ipaddress.ip_address((told or peer).strip().partition("%")[0]))
    except ValueError:
        return False
    return any(address in ipaddress.ip_network(network) for network in networks)


def is_our_proxy(peer: str) -> bool:
    """May this connection tell us who called? A socket of this machine has no address at all."""
    if not peer:
        return True
    try:
        address = _plain(ipaddress.ip_address(peer))
    except ValueError:
        return False
    return any(
        address in ipaddress.ip_network(network) for network in settings.LINLI_PROXY_NETWORKS
    )


def _plain(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _normal(text: str) -> str:
    """Return an address in its one spelling, IPv6 as its network; "" when it is none."""
    text = text.strip()
    if match := _WITH_PORT.fullmatch(text):
        text = match[1] or match[2]
    try:
        address = _plain(ipaddress.ip_address(text.partition("%")[0]))
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, ONE_CALLER), strict=False).network_address)
    return str(address)
