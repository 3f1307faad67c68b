# SPDX-License-Identifier: Apache-2.0
"""The sign-in page says what it asks in each language, and quotes nothing as markup."""

import pytest

from kerege.bank.http.sign_in_page import sign_in_page
from kerege.bank.identity.provider import Page

SCOPES = ("openid", "profile", "wallets", "payments")


def page(**changes: object) -> Page:
    values: dict[str, object] = {
        "step": "phone",
        "cookie": "c",
        "form_token": "t",
        "client": "Shop",
        "scopes": SCOPES,
    }
    return Page(**{**values, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize(
    "problem", ["", "phone_malformed", "too_many_codes", "code_wrong", "code_spent"]
)
@pytest.mark.parametrize("step", ["phone", "code"])
def test_every_page_can_be_shown(language: str, problem: str, step: str) -> None:
    shown = sign_in_page(page(step=step, problem=problem, wait_s=7), language)
    assert f'lang="{language}"' in shown
    assert f'action="/oauth/sign-in/{step}"' in shown
    assert "{" not in shown.partition("</style>")[2]


def test_a_clients_name_is_no_markup() -> None:
    shown = sign_in_page(page(client="<script>alert(1)</script>"), "en")
    assert "<script" not in shown


def test_an_unknown_language_is_english() -> None:
    assert "Sign in to the bank" in sign_in_page(page(), "de")
