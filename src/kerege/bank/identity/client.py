# SPDX-License-Identifier: Apache-2.0
"""Programs that act for a customer: web pages, phone apps, command-line tools. Pure.

All are public clients (RFC 6749 section 2.1): what runs on somebody's device keeps no secret, so
that PKCE and exact redirect URIs protect the code, rotation and DPoP the tokens.
"""

import ipaddress
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Annotated, Final
from urllib.parse import SplitResult, urlsplit

from msgspec import Meta, Struct

from kerege.errors import KeregeError

__all__ = ["SCOPES", "Client", "ClientBook", "MalformedClient", "allows_redirect"]

SCOPES: Final = ("openid", "profile", "wallets", "payments")
"""Who one is (`openid`, with the name `profile`), seeing wallets and paying."""

_MAX_CLIENTS: Final = 200
_MAX_REDIRECTS: Final = 16

_Id = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]*$(?!\n)", max_length=40)]


class MalformedClient(KeregeError):
    """A client's registration that is not accepted; `place` names the member."""


class Client(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A registered program. `name` is shown to the customer on the sign-in page.

    `redirect_uris` are compared as they are written; only for loopback addresses the port is free
    (RFC 8252 section 7.3). `bound`: every request must prove a key (DPoP, RFC 9449).
    """

    id: _Id
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    redirect_uris: tuple[str, ...]
    scopes: tuple[str, ...] = SCOPES
    bound: bool = False


class ClientBook:
    """The clients of a bank. Immutable."""

    def __init__(self, clients: Iterable[Client]) -> None:
        """Raises `MalformedClient`."""
        listed = tuple(clients)
        if len(listed) > _MAX_CLIENTS:
            raise MalformedClient(f"at most {_MAX_CLIENTS} clients", place="clients")
        for client in listed:
            _check(client)
        self.clients: Mapping[str, Client] = MappingProxyType(
            {client.id: client for client in listed}
        )
        if len(self.clients) != len(listed):
            raise MalformedClient("an id stands twice", place="clients")

    def find(self, client: str) -> Client | None:
        """The client of this id, if it is registered."""
        return self.clients.get(client)


def allows_redirect(client: Client, uri: str) -> bool:
    """Whether a code may be sent to `uri`: RFC 9700 section 2.1, "exact string matching"."""
    return any(
        uri == registered or _is_same_loopback(registered, uri)
        for registered in client.redirect_uris
    )


def _is_same_loopback(registered: str, uri: str) -> bool:
    known = _loopback(registered)
    given = _loopback(uri)
    if known is None or given is None or "#" in uri:
        return False
    # Put together again, for `urlsplit` forgives what another reader may not.
    here = f"http://{_bracketed(given)}{_port_text(given)}{given.path}"
    rest = f"?{given.query}" if given.query else ""
    return uri == here + rest and (known.hostname, known.path, known.query) == (
        given.hostname,
        given.path,
        given.query,
    )


def _bracketed(parts: SplitResult) -> str:
    host = parts.hostname or ""
    return f"[{host}]" if ":" in host else host


def _port_text(parts: SplitResult) -> str:
    return "" if parts.port is None else f":{parts.port}"


def _loopback(uri: str) -> SplitResult | None:
    """The parts of an http URI of a loopback address (not a name: RFC 8252 section 8.3)."""
    try:
        parts = urlsplit(uri)
        is_loopback = ipaddress.ip_address(parts.hostname or "").is_loopback
        port = parts.port
    except ValueError:
        return None
    return parts if parts.scheme == "http" and is_loopback and port != 0 else None


def _check(client: Client) -> None:
    if not 1 <= len(client.redirect_uris) <= _MAX_REDIRECTS:
        raise MalformedClient(f"1 to {_MAX_REDIRECTS}", place=f"{client.id}.redirect_uris")
    for uri in client.redirect_uris:
        if not _is_registrable(uri):
            raise MalformedClient(
                "https, http of a loopback address, or an app's own scheme with a dot in it; no"
                " fragment",
                place=f"{client.id}.redirect_uris",
            )
    for scope in client.scopes:
        if scope not in SCOPES:
            raise MalformedClient(f"one of {', '.join(SCOPES)}", place=f"{client.id}.scopes")


def _is_registrable(uri: str) -> bool:
    """RFC 8252 sections 7.1 to 7.3. `javascript:` and `data:` have no dot in their schemes."""
    if not uri.isascii() or not uri.isprintable() or " " in uri or "#" in uri or "\\" in uri:
        return False
    try:
        parts = urlsplit(uri)
        host, user = parts.hostname, parts.username
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(host) and user is None
    return _loopback(uri) is not None or ("." in parts.scheme and not parts.netloc)
