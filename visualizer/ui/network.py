"""Where other devices in the room reach this server. Nothing is looked up, and nothing is sent."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

# Addresses from documentation, which nobody has: the way to them is the way to the network.
ANYWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))

TUNNEL = (
    "The server listens elsewhere than at this port: the address leads through a tunnel or a "
    "container, whose address on the network is not known here."
)
OFFLINE = "This computer is on no network, or on one without a way out of it."
DEAF = (
    "The server does not listen to the network. Start it with `--server.address={}`, "
    "and share again."
)


@dataclass(frozen=True)
class Room:
    """What a room can open in place of an address that only this computer knows.

    Attributes:
        address: of the same page, for other devices on the network; "" if there is none.
        problem: why there is none, and what to do about it, as Markdown.
    """

    address: str = ""
    problem: str = ""


def room(url: str, listens: str | None, port: int) -> Room | None:
    """Return how a room reaches the page at a URL; None where the URL itself does.

    Args:
        url: in the address bar of the browser, without a query.
        listens: what the server was told to listen on; None for everything.
        port: that the server listens on.
    """
    try:
        parts = urlsplit(url)
        opened_port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:  # no browser has such an address
        return None
    if not is_this_computer(parts.hostname or ""):
        return None
    if opened_port != port or (listens or "").startswith("unix:"):
        return Room(problem=TUNNEL)
    address = machine_address()
    if address is None:
        return Room(problem=OFFLINE)
    if listens and not _is_everywhere(listens, address):
        if is_this_computer(listens):
            everywhere = "::" if ":" in address else "0.0.0.0"
            return Room(problem=DEAF.format(everywhere))
        address = listens
    host = f"[{address}]" if ":" in address else address
    return Room(address=parts._replace(netloc=f"{host}:{port}").geturl())


def is_this_computer(host: str) -> bool:
    """Tell whether a host is the computer on which it is typed: localhost, 127.0.0.1, ::1."""
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:  # a name, which is not looked up
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_loopback or address.is_unspecified


def machine_address() -> str | None:
    """Return the address of this machine on its network: IPv4, or IPv6 where there is no other.

    Connecting a datagram socket sends nothing. It makes the system choose the way to an address,
    and with it the address of our own that a packet would carry: on Linux, macOS and Windows.
    """
    for family, anywhere in ANYWHERE:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((anywhere, 9))
                own = probe.getsockname()[0]
        except OSError:  # no such network, or no such family of addresses on this system
            continue
        # An address of the link alone needs the name of the link, or was given by nobody.
        if not (is_this_computer(own) or ipaddress.ip_address(own.partition("%")[0]).is_link_local):
            return own
    return None


def _is_everywhere(listens: str, address: str) -> bool:
    """Tell whether a server listens on all addresses of this kind; "::" takes both kinds."""
    return listens == "::" or (listens == "0.0.0.0" and ":" not in address)
