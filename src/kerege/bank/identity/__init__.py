# SPDX-License-Identifier: Apache-2.0
"""Signing in at a bank: OAuth 2.1 code flow with PKCE, OpenID Connect, sessions, DPoP.

>>> from kerege.bank.identity.client import Client, ClientBook, allows_redirect
>>> book = ClientBook([Client(id="tool", name="Tool", redirect_uris=("http://127.0.0.1/done",))])
>>> allows_redirect(book.clients["tool"], "http://127.0.0.1:4711/done")
True
>>> allows_redirect(book.clients["tool"], "http://127.0.0.1.evil.example/done")
False

`provider.IdentityProvider` is all of it; the layer that serves HTTP only carries values.
"""

__all__: list[str] = []
