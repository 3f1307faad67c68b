# SPDX-License-Identifier: Apache-2.0
"""Where a webhook may lead: public addresses only, looked up once and then held to.

A customer names the address, and the bank's own machine calls it. Without these rules a customer
could reach what only that machine reaches: its neighbours, its own ports, a cloud's metadata.
"""

import asyncio
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from kerege.errors import KeregeError

__all__ = ["MAX_URL_CHARS", "ForbiddenAddress", "HookUrl", "Resolve", "look_up", "parse_hook_url"]

MAX_URL_CHARS: Final = 500
"""What is kept of an address; longer ones carry data that belongs into the body."""

_PORTS: Final = frozenset({443, 8443})
"""Where HTTPS is served. A free choice of ports would make the bank a scanner of ports."""

_HOST: Final = re.compile(
    r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+"
)
_CHARS: Final = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})"
_TARGET: Final = re.compile(rf"/{_CHARS}*(?:\?(?:{_CHARS}|\?)*)?")
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Gives the IP addresses of a host and port."""


class ForbiddenAddress(KeregeError):
    """An address the bank does not call, or a text that is none."""


@dataclass(frozen=True, slots=True)
class HookUrl:
    """An address taken apart once. `allowed`: named in the sandbox's configuration."""

    scheme: str
    host: str
    port: int
    target: str
    allowed: bool

    @property
    def authority(self) -> str:
        """Host and port as a client writes them into `Host`."""
        usual = {"https": 443, "http": 80}[self.scheme]
        return self.host if self.port == usual else f"{self.host}:{self.port}"


def parse_hook_url(text: str, *, allow: Collection[str] = ()) -> HookUrl:
    """Read an address. `allow` names exceptions as `host:port`, for a sandbox's own shops.

    Raises `ForbiddenAddress`.
    """
    if len(text) > MAX_URL_CHARS or not text.isascii() or not text.isprintable():
        raise ForbiddenAddress(f"an address has at most {MAX_URL_CHARS} ASCII characters")
    try:
        parts = urlsplit(text)
        port = parts.port
        host = (parts.hostname or "").lower()
    except ValueError:
        raise ForbiddenAddress("not an address", remedy="write https://host/path") from None
    if parts.scheme not in ("https", "http") or parts.username is not None or parts.fragment:
        raise ForbiddenAddress("not https://host/path", remedy="no user, password or #")
    port = port or (443 if parts.scheme == "https" else 80)
    allowed = f"{host}:{port}" in allow
    if not allowed:
        _check_public(parts.scheme, host, port)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    segments = target.partition("?")[0].lower().replace("%2e", ".").split("/")
    if _TARGET.fullmatch(target) is None or "." in segments or ".." in segments:
        raise ForbiddenAddress("characters that do not belong in a path")
    return HookUrl(parts.scheme, host, port, target, allowed)


def _check_public(scheme: str, host: str, port: int) -> None:
    if scheme != "https":
        raise ForbiddenAddress("only https is called", remedy="serve it under https")
    if port not in _PORTS:
        raise ForbiddenAddress(f"only ports {', '.join(map(str, sorted(_PORTS)))} are called")
    # An address in digits could only be meant for a machine without a name: none that is public.
    last = host.rpartition(".")[2]
    if _HOST.fullmatch(host) is None or last.isdigit() or len(host) > 253:
        raise ForbiddenAddress("the host is not a name in the public DNS")
    if last in (
        "localhost",
        "local",
        "internal",
        "test",
        "invalid",
        "onion",
        "arpa",
        "lan",
        "home",
    ):
        raise ForbiddenAddress("the host is a name of a private network")


async def look_up(url: HookUrl, resolve: Resolve | None = None) -> str:
    """The one IP address to connect to. Raises `ForbiddenAddress`, also if only some are private.

    Call it for every delivery and connect to what it returns: a name looked up twice may change
    in between.
    """
    try:
        found = await (resolve or _resolve)(url.host, url.port)
    except OSError:
        raise ForbiddenAddress("the host has no address") from None
    if not found:
        raise ForbiddenAddress("the host has no address")
    if not url.allowed:
        for address in found:
            if not _is_public(address):
                raise ForbiddenAddress("the host leads to an address that is not public")
    return found[0]


def _is_public(text: str) -> bool:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is None and address.teredo is not None:
            return False
        if inner is not None:
            return inner.is_global and not inner.is_multicast
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast


async def _resolve(host: str, port: int) -> Sequence[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]
