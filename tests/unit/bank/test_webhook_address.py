# SPDX-License-Identifier: Apache-2.0
"""A webhook leads to a public address, whatever a customer writes or a name server says."""

import asyncio
from collections.abc import Sequence

import pytest

from kerege.bank.webhook_address import ForbiddenAddress, HookUrl, look_up, parse_hook_url


def look(url: str, *addresses: str, allow: Sequence[str] = ()) -> str:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    return asyncio.run(look_up(parse_hook_url(url, allow=allow), resolve))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://shop.example", HookUrl("https", "shop.example", 443, "/", allowed=False)),
        (
            "https://Shop.Example:8443/a/b?c=d%20e",
            HookUrl("https", "shop.example", 8443, "/a/b?c=d%20e", allowed=False),
        ),
    ],
)
def test_public_addresses_are_taken(text: str, expected: HookUrl) -> None:
    assert parse_hook_url(text) == expected


def test_the_usual_port_is_not_written() -> None:
    assert parse_hook_url("https://shop.example:443/").authority == "shop.example"
    assert parse_hook_url("https://shop.example:8443/").authority == "shop.example:8443"


@pytest.mark.parametrize(
    "text",
    [
        "http://shop.example/",
        "ftp://shop.example/",
        "file:///etc/passwd",
        "gopher://shop.example/",
        "javascript:alert(1)",
        "//shop.example/",
        "shop.example",
        "",
        "https://",
        "https:///path",
        "https://user@shop.example/",
        "https://user:secret@shop.example/",
        "https://shop.example@127.0.0.1/",
        "https://shop.example/#part",
        "https://shop.example:22/",
        "https://shop.example:99999/",
        "https://shop.example:x/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fe80::1%25eth0]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://localhost/",
        "https://a.localhost/",
        "https://core/",
        "https://db.internal/",
        "https://printer.local/",
        "https://x.onion/",
        "https://1.0.0.127.in-addr.arpa/",
        "https://shop..example/",
        "https://-shop.example/",
        "https://shop.example./",
        "https://shop.example/a b",
        "https://shop.example/\r\nhost: x",
        "https://shop.example/\x00",
        "https://shop.example/../admin",
        "https://shop.example/%2e%2E/admin",
        "https://дүкен.example/",
        "https://shop。example/",
        "https://shop.example/" + "a" * 500,
        "https://" + "a" * 64 + ".example/",
        "https://" + "a." * 130 + "example/",
        "https://[",
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(ForbiddenAddress):
        parse_hook_url(text)


def test_a_sandbox_may_name_its_own() -> None:
    url = parse_hook_url("http://127.0.0.1:8090/hook", allow=["127.0.0.1:8090"])
    assert (url.scheme, url.authority, url.allowed) == ("http", "127.0.0.1:8090", True)
    with pytest.raises(ForbiddenAddress):
        parse_hook_url("http://127.0.0.1:8091/hook", allow=["127.0.0.1:8090"])


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1"])
def test_a_public_address_is_returned(address: str) -> None:
    assert look("https://shop.example/", address) == address


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2002:a00:1::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "fec0::1",
        "not an address",
    ],
)
def test_a_name_that_leads_inside_is_refused(address: str) -> None:
    with pytest.raises(ForbiddenAddress, match="not public"):
        look("https://shop.example/", address)


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(ForbiddenAddress):
        look("https://shop.example/", "93.184.216.34", "10.0.0.1")


def test_a_name_without_an_address_is_refused() -> None:
    with pytest.raises(ForbiddenAddress, match="no address"):
        look("https://shop.example/")


def test_what_is_allowed_by_name_may_be_private() -> None:
    allow = ["127.0.0.1:8090"]
    assert look("http://127.0.0.1:8090/", "127.0.0.1", allow=allow) == "127.0.0.1"
