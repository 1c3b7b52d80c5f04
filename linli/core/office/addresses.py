"""Which addresses this machine has: asked of the kernel and, for a name, the network's DNS."""

from __future__ import annotations

import ipaddress
import socket
import struct
import sys
from pathlib import Path

# An office's own network, or this machine alone: what a certificate of the office may be for.
OFFICE_NETWORKS = tuple(
    ipaddress.ip_network(network)
    for network in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "169.254.0.0/16",
        "127.0.0.0/8",
        "fc00::/7",
        "fe80::/10",
        "::1/128",
    )
)
# Read as files: a fenced-in service may not ask for the list over netlink.
INTERFACES = Path("/sys/class/net")
GET_ADDRESS = 0x8915  # SIOCGIFADDR of Linux
# Any address behind the router does: a datagram's socket is aimed at it and never used.
BEHIND_THE_ROUTER = ("203.0.113.1", 9)


def is_of_an_office(address: str) -> bool:
    """Lies an address in a network that the internet does not reach?"""
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(
        number in network for network in OFFICE_NETWORKS if network.version == number.version
    )


def is_an_address(host: str) -> bool:
    """Is this the number of a host rather than its name?"""
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def of_this_machine() -> list[str]:
    """Return the IPv4 addresses of this machine without its own loop, the usual one first."""
    found = {usual: None} if (usual := _usual()) else {}
    for interface in sorted(INTERFACES.glob("*")):
        if address := _of_interface(interface.name):
            found[address] = None
    return [one for one in found if not ipaddress.ip_address(one).is_loopback]


def _usual() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as aimed:
        try:
            aimed.connect(BEHIND_THE_ROUTER)
        except OSError:  # no way out of this machine
            return ""
        return str(aimed.getsockname()[0])


def _of_interface(name: str) -> str:
    if sys.platform != "linux":
        return ""
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            told = fcntl.ioctl(asking.fileno(), GET_ADDRESS, struct.pack("256s", name.encode()))
        except OSError:  # an interface without an address
            return ""
    return socket.inet_ntoa(told[20:24])


def of_name(name: str) -> set[str]:
    """Return the addresses that this machine finds a name at."""
    try:
        return {str(one[4][0]) for one in socket.getaddrinfo(name, None, socket.AF_INET)}
    except OSError:
        return set()


def host_name() -> str:
    """Return the first word of this machine's own name, in small letters."""
    return socket.gethostname().partition(".")[0].lower()
