# SPDX-License-Identifier: Apache-2.0
"""Registered programs; redirect tricks are in `test_provider`."""

import pytest

from kerege.bank.identity.client import Client, ClientBook, MalformedClient, allows_redirect

OK = "https://app.example/cb"


@pytest.mark.parametrize(
    "uri",
    [
        OK,
        "https://app.example",
        "http://127.0.0.1/cb",
        "http://[::1]/cb",
        "com.example.app:/cb",
        "https://app.example/cb?tenant=1",
    ],
)
def test_addresses_that_may_be_registered(uri: str) -> None:
    book = ClientBook([Client(id="app", name="App", redirect_uris=(uri,))])
    assert allows_redirect(book.clients["app"], uri)


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "http://app.example/cb",
        "javascript:alert(1)",
        "data:text/html,x",
        "myapp:/cb",
        "cb",
        "https:///cb",
        "https://app.example/cb#f",
        "https://u:p@app.example/",
        "https://[::1",
        "http://localhost/cb",
        "https://app.example/a b",
        "https://app.example\\@x/",
        "//x/cb",
        "com.example.app://host/cb",
        "https://аpp.example/",
        "file:///etc/passwd",
    ],
)
def test_addresses_that_may_not(uri: str) -> None:
    with pytest.raises(MalformedClient):
        ClientBook([Client(id="app", name="App", redirect_uris=(uri,))])


@pytest.mark.parametrize(
    "clients",
    [
        [Client(id="app", name="App", redirect_uris=())],
        [Client(id="app", name="App", redirect_uris=(OK,) * 17)],
        [Client(id="app", name="App", redirect_uris=(OK,), scopes=("admin",))],
        [Client(id="app", name="App", redirect_uris=(OK,))] * 2,
        [Client(id=f"a{each}", name="App", redirect_uris=(OK,)) for each in range(201)],
    ],
)
def test_books_that_are_not_accepted(clients: list[Client]) -> None:
    with pytest.raises(MalformedClient):
        ClientBook(clients)


def test_loopback_of_both_kinds_with_any_port() -> None:
    client = Client(id="t", name="T", redirect_uris=("http://[::1]/cb", "http://127.0.0.1:1/x?y"))
    for uri in ("http://[::1]:9/cb", "http://[::1]/cb", "http://127.0.0.1:2/x?y"):
        assert allows_redirect(client, uri)
    for uri in ("http://[::2]:9/cb", "http://::1:9/cb", "http://127.0.0.1:2/x", "http://[::1]:/cb"):
        assert not allows_redirect(client, uri)
