# SPDX-License-Identifier: Apache-2.0
"""What a provider says of itself, and where it may stand."""

import pytest
from authlib.oidc.discovery import OpenIDProviderMetadata  # type: ignore[import-untyped]

from kerege.bank.identity.discovery import MalformedIssuer, check_issuer, describe


def test_another_library_finds_nothing_wrong() -> None:
    metadata = OpenIDProviderMetadata(describe("https://bank.example"))
    # It knows RS256 as mandatory, which OAuth 2.1 and every verifier in use have left behind.
    claims = [name for name in metadata.REGISTRY_KEYS if "id_token_signing" not in name]
    for name in claims:
        getattr(metadata, f"validate_{name}", lambda: None)()


@pytest.mark.parametrize(
    "issuer",
    [
        "https://bank.example",
        "https://bank.example/kz",
        "http://127.0.0.1:8101",
        "http://[::1]:8101",
        "http://localhost:8101",
    ],
)
def test_where_a_provider_may_stand(issuer: str) -> None:
    check_issuer(issuer)


@pytest.mark.parametrize(
    "issuer",
    [
        "",
        "bank.example",
        "http://bank.example",
        "https://bank.example/",
        "https://",
        "ftp://x",
        "https://bank.example?x",
        "https://bank.example#x",
        "https://u@bank.example",
        "https://bаnk.example",
        "http://127.0.0.1.evil.example",
        "https://[::1",
        "https://x:0",
        "https://x:99999",
        "HTTPS://bank.example",
        "http://10.0.0.1",
    ],
)
def test_where_it_may_not(issuer: str) -> None:
    with pytest.raises(MalformedIssuer):
        check_issuer(issuer)
