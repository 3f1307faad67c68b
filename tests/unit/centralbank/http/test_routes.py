# SPDX-License-Identifier: Apache-2.0
"""Which routes there are, and which of them want a signature."""

import httpx

from tests.unit.centralbank.http.conftest import Town

PUBLIC = {
    "/health/live",
    "/health/ready",
    "/log/checkpoint",
    "/log/tile/{path}",
    "/metrics",
    "/v1/access-log",
    "/v1/participants",
    "/v1/programmes",
    "/v1/programmes/{programme}",
    "/v1/profile",
    "/v1/supply",
}


def test_only_these_are_open(town: Town) -> None:
    document = httpx.get(f"{town.core.url}/openapi.json", trust_env=False).json()
    unsigned = {
        path
        for path, item in document["paths"].items()
        for operation in item.values()
        if not operation.get("security")
    }
    assert unsigned == PUBLIC


def test_every_signed_route_wants_a_signature(town: Town) -> None:
    document = httpx.get(f"{town.core.url}/openapi.json", trust_env=False).json()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if operation.get("security"):
                url = town.core.url + path.replace("{", "").replace("}", "")
                answer = httpx.request(method.upper(), url, trust_env=False)
                assert answer.status_code == 401, path
