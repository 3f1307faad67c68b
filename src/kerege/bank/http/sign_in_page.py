# SPDX-License-Identifier: Apache-2.0
"""The sign-in page: two short forms, no script, in the person's language. Pure."""

from collections.abc import Mapping
from html import escape
from typing import Final

from kerege.bank.identity.provider import Page

__all__ = ["sign_in_page"]

_TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    "kk": {
        "title": "Банкке кіру",
        "for": "{client} бағдарламасы сіздің атыңыздан кіргісі келеді.",
        "phone": "Телефон нөміріңіз",
        "code": "SMS арқылы келген код",
        "go": "Жалғастыру",
        "cancel": "Бас тарту",
        "phone_malformed": "Нөмірді халықаралық түрде жазыңыз: +, ел коды, нөмір.",
        "too_many_codes": "Код тым жиі сұралды. {wait} с күтіңіз.",
        "code_wrong": "Код дұрыс емес.",
        "code_spent": "Бұл код енді жарамайды. Жаңасын сұраңыз.",
        "openid": "сіздің кім екеніңізді білу",
        "profile": "атыңызды көру",
        "wallets": "әмияндарыңызды көру",
        "payments": "сіздің атыңыздан төлеу",
    },
    "ru": {
        "title": "Вход в банк",
        "for": "Программа {client} просит разрешения войти от вашего имени.",
        "phone": "Ваш номер телефона",
        "code": "Код из SMS",
        "go": "Продолжить",
        "cancel": "Отказаться",
        "phone_malformed": "Напишите номер в международном виде: +, код страны, номер.",
        "too_many_codes": "Коды запрашивались слишком часто. Подождите {wait} с.",
        "code_wrong": "Неверный код.",
        "code_spent": "Этот код больше не действует. Запросите новый.",
        "openid": "знать, кто вы",
        "profile": "видеть ваше имя",
        "wallets": "видеть ваши кошельки",
        "payments": "платить от вашего имени",
    },
    "en": {
        "title": "Sign in to the bank",
        "for": "The program {client} asks to act for you.",
        "phone": "Your telephone number",
        "code": "The code we sent you",
        "go": "Continue",
        "cancel": "Cancel",
        "phone_malformed": "Write the number internationally: +, the country's code, the number.",
        "too_many_codes": "Too many codes were asked for. Wait {wait} s.",
        "code_wrong": "The code is wrong.",
        "code_spent": "This code no longer counts. Ask for another.",
        "openid": "to know who you are",
        "profile": "to see your name",
        "wallets": "to see your wallets",
        "payments": "to pay in your name",
    },
}

_STYLE: Final = (
    "body{font:1.1rem/1.5 system-ui,sans-serif;max-width:26rem;margin:3rem auto;padding:0 1rem;"
    "color:#1b2a35;background:#fff}input,button{font:inherit;width:100%;box-sizing:border-box;"
    "padding:.7rem;margin:.4rem 0;border:1px solid #5b6b77;border-radius:.4rem}"
    "button{background:#00607a;color:#fff;border:0}button.no{background:#fff;color:#1b2a35;"
    "border:1px solid #5b6b77}.problem{border-left:.3rem solid #b3261e;padding-left:.7rem}"
)


def sign_in_page(page: Page, language: str) -> str:
    """The HTML of `page`; it is accessible without styles, and has no script."""
    words = _TEXTS.get(language, _TEXTS["en"])
    scopes = "".join(f"<li>{escape(words[scope])}</li>" for scope in page.scopes)
    problem = ""
    if page.problem:
        told = words[page.problem].replace("{wait}", str(page.wait_s))
        problem = f'<p class="problem" role="alert">{escape(told)}</p>'
    client = escape(words["for"].replace("{client}", page.client))
    token = f'<input type="hidden" name="form_token" value="{escape(page.form_token)}">'
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(words["title"])}'
        f"</title><style>{_STYLE}</style></head><body><main><h1>{escape(words['title'])}</h1>"
        f"<p>{client}</p><ul>{scopes}</ul>{problem}"
        f'<form method="post" action="/oauth/sign-in/{page.step}">{token}'
        f"{_field(page.step, words[page.step])}"
        f"<button>{escape(words['go'])}</button></form>"
        f'<form method="post" action="/oauth/sign-in/cancel">{token}'
        f'<button class="no">{escape(words["cancel"])}</button></form></main></body></html>'
    )


def _field(step: str, label: str) -> str:
    kind, fill = ("tel", "tel") if step == "phone" else ("text", "one-time-code")
    return (
        f'<label for="it">{escape(label)}</label>'
        f'<input id="it" name="{step}" type="{kind}" autocomplete="{fill}" required autofocus>'
    )
