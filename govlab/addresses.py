"""Which addresses that people typed may be called: only on the public internet, however they are written."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

PORTS = (443, 8443)
LONGEST = 500

REFUSALS: dict[str, Any] = {
    "malformed": _("This is no address. Type it whole, such as https://example.go.th/hooks."),
    "scheme": _("The address must begin with https://."),
    "credentials": _("An address must hold no user name and no password."),
    "port": _("Use port 443 or 8443, or one from 1024 on."),
    "unknown": _("There is no such name on the internet. Check the address."),
    "inside": _("This address lies inside a network of its own. Only addresses on the public internet are called."),
    "own": _("This address is the portal itself."),
}
"""Why an address is not called."""

CLOSED = [
    ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
        *("2001::/23", "2001:db8::/32", "2620:4f:8000::/48", "3fff::/20"),
    )
]
"""What is not public; written down, as each version of Python knows another part of it. Of IPv6 see also OPEN_6."""
OPEN_6 = ip_network("2000::/3")
"""Where public addresses of IPv6 are."""
WRAPPED = {"::ffff:0:0/96": 0, "64:ff9b::/96": 0, "2002::/16": 80}
"""Networks whose addresses lead to one of IPv4, and by how many bits it stands from the right."""
_NETWORKS = {ip_network(text): shift for text, shift in WRAPPED.items()}
_LAST_IS_NUMBER = re.compile(r"(\d+|0x[0-9a-f]*)", re.I)


class Refused(Exception):
    """The address is not called; `key` of REFUSALS says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@dataclass(frozen=True)
class Target:
    """An address in its parts; `path` with its query, as it goes over the wire."""

    tls: bool
    host: str
    port: int
    path: str

    @property
    def named(self) -> str:
        """What the header Host says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.tls else 80) else f"{host}:{self.port}"


def is_public(text: str) -> bool:
    """Whether this numeric address is one on the public internet, also where it leads to another one inside it."""
    try:
        ip = ip_address(text)
    except ValueError:
        return False
    for network, shift in _NETWORKS.items():
        if ip.version == network.version and ip in network:
            return is_public(str(IPv4Address((int(ip) >> shift) & 0xFFFFFFFF)))
    if any(ip.version == network.version and ip in network for network in CLOSED):
        return False
    if isinstance(ip, IPv6Address):
        return ip in OPEN_6 and ip.scope_id is None and ip.is_global
    return ip.is_global


def parse(address: str) -> Target:
    """The address in its parts; raises Refused for what is none, or is none that may be called. Asks no network."""
    if len(address) > LONGEST or not address.isprintable() or re.search(r"[\s\\]", address):
        raise Refused("malformed")
    try:
        parts = urlsplit(address)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise Refused("malformed") from None
    tls = parts.scheme == "https"
    if not tls and not (parts.scheme == "http" and settings.WEBHOOKS_PLAIN):
        raise Refused("scheme")
    if parts.username is not None or parts.password is not None:
        raise Refused("credentials")
    if not host or parts.fragment or "%" in host:
        raise Refused("malformed")
    port = port if port is not None else 443 if tls else 80
    if port not in PORTS and port < 1024 and (tls or port != 80):
        raise Refused("port")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?")
    return Target(tls, _host(host), port, f"{path}?{query}" if query else path)


def _host(host: str) -> str:
    """The host as it is asked for; raises Refused for a number that is written in an odd way, and for one inside."""
    if ":" not in host:
        try:
            host = host.encode("idna").decode().lower()
        except UnicodeError:
            raise Refused("malformed") from None
    numeric = ":" in host or _LAST_IS_NUMBER.fullmatch(host.rpartition(".")[2])
    if numeric and not is_public(host):
        raise Refused("inside")
    if host == own_host():
        raise Refused("own")
    if host == "localhost" or host.endswith(".localhost"):
        raise Refused("inside")
    return host


def own_host() -> str:
    """The portal's own name."""
    return (urlsplit(settings.PORTAL_URL).hostname or "").rstrip(".").lower()
