# SPDX-License-Identifier: Apache-2.0
"""What an identity provider says of itself, and where it may stand. Pure."""

import ipaddress
from urllib.parse import urlsplit

from kerege.bank.identity.client import SCOPES
from kerege.errors import KeregeError

__all__ = ["MalformedIssuer", "check_issuer", "describe"]


class MalformedIssuer(KeregeError):
    """An address that cannot be an issuer's."""


def describe(issuer: str) -> dict[str, object]:
    """The provider's metadata: OpenID Connect Discovery 1.0 section 3, RFC 8414 section 2."""
    at = f"{issuer}/oauth"
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{at}/authorize",
        "token_endpoint": f"{at}/token",
        "revocation_endpoint": f"{at}/revoke",
        "userinfo_endpoint": f"{at}/userinfo",
        "jwks_uri": f"{at}/jwks",
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["none"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "code_challenge_methods_supported": ["S256"],
        "dpop_signing_alg_values_supported": ["ES256", "Ed25519"],
        "authorization_response_iss_parameter_supported": True,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "claims_supported": ["sub", "name", "phone_number", "auth_time", "sid"],
    }


def check_issuer(issuer: str) -> None:
    """RFC 8414 section 2: https without query and fragment; http for a loopback address only.

    Raises `MalformedIssuer`.
    """
    try:
        parts = urlsplit(issuer)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise _malformed(issuer) from None
    is_safe = parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(host))
    origin = f"{parts.scheme}://{parts.netloc}{parts.path}"
    if not is_safe or not host or port == 0 or parts.username is not None:
        raise _malformed(issuer)
    if origin != issuer or issuer.endswith("/") or not issuer.isascii():
        raise _malformed(issuer)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _malformed(issuer: str) -> MalformedIssuer:
    return MalformedIssuer(
        "an issuer is an https address, or http of a loopback address, with no / at its end",
        place=issuer[:100],
    )
