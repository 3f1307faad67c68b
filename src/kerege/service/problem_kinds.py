# SPDX-License-Identifier: Apache-2.0
"""The problems every node may answer with: code, status, and words in each language. Data."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kerege.service.problems import ProblemKind

__all__ = ["PROBLEM_KINDS"]


def _kind(
    status: int, *, en: tuple[str, str], kk: tuple[str, str], ru: tuple[str, str]
) -> ProblemKind:
    return ProblemKind(status, MappingProxyType({"en": en, "kk": kk, "ru": ru}))


PROBLEM_KINDS: Final[Mapping[str, ProblemKind]] = MappingProxyType(
    {
        "request_invalid": _kind(
            400,
            en=("The request cannot be read", "Correct what the detail names and send it again."),
            kk=("Сұрауды оқу мүмкін емес", "Көрсетілген жерді түзетіп, қайта жіберіңіз."),
            ru=("Запрос не удаётся прочитать", "Исправьте указанное место и отправьте снова."),
        ),
        "signature_missing": _kind(
            401,
            en=("The request is not signed as it must be", "Sign it: see request-signature.md."),
            kk=("Сұрауға тиісті қолтаңба қойылмаған", "Қол қойыңыз: request-signature.md."),
            ru=("Запрос не подписан как следует", "Подпишите его: см. request-signature.md."),
        ),
        "signature_invalid": _kind(
            401,
            en=("The signature does not verify", "Check the key and that nothing was changed."),
            kk=("Қолтаңба расталмады", "Кілтті және сұраудың өзгермегенін тексеріңіз."),
            ru=("Подпись не подтверждается", "Проверьте ключ и неизменность запроса."),
        ),
        "signature_not_current": _kind(
            401,
            en=("The signature is over or not yet valid", "Set the clock and sign again."),
            kk=("Қолтаңбаның уақыты сәйкес емес", "Сағатты түзетіп, қайта қол қойыңыз."),
            ru=("Срок подписи истёк или не наступил", "Проверьте часы и подпишите снова."),
        ),
        "signature_replayed": _kind(
            401,
            en=("This signed request was received before", "Sign again with a new nonce."),
            kk=("Бұл қол қойылған сұрау бұрын келген", "Жаңа nonce қойып, қайта қол қойыңыз."),
            ru=("Этот подписанный запрос уже получен", "Подпишите снова с новым nonce."),
        ),
        "sign_in_required": _kind(
            401,
            en=("You are not signed in", "Sign in and send it again."),
            kk=("Сіз жүйеге кірмегенсіз", "Жүйеге кіріп, қайта жіберіңіз."),
            ru=("Вы не вошли в систему", "Войдите и отправьте снова."),
        ),
        "not_allowed": _kind(
            403,
            en=("You may not do this", "Ask whoever grants this right."),
            kk=("Бұған құқығыңыз жоқ", "Құқық беретін мекемеге жүгініңіз."),
            ru=("У вас нет на это права", "Обратитесь к тому, кто даёт это право."),
        ),
        "institution_suspended": _kind(
            403,
            en=("The institution is suspended", "Ask the operator of this node."),
            kk=("Мекеменің қызметі тоқтатылған", "Түйін операторына жүгініңіз."),
            ru=("Участие учреждения приостановлено", "Обратитесь к оператору узла."),
        ),
        "not_found": _kind(
            404,
            en=("There is nothing here", "Check the address and the ids in it."),
            kk=("Мұнда ештеңе жоқ", "Мекенжай мен идентификаторларды тексеріңіз."),
            ru=("Здесь ничего нет", "Проверьте адрес и идентификаторы в нём."),
        ),
        "method_not_allowed": _kind(
            405,
            en=("This address does not take that method", "Use a method named in Allow."),
            kk=("Бұл мекенжай ондай әдісті қабылдамайды", "Allow өрісіндегі әдісті қолданыңыз."),
            ru=("Этот метод здесь не принимается", "Используйте метод из поля Allow."),
        ),
        "request_too_slow": _kind(
            408,
            en=("The request did not arrive in time", "Send it again, whole."),
            kk=("Сұрау уақытында келмеді", "Толық күйінде қайта жіберіңіз."),
            ru=("Запрос не пришёл вовремя", "Отправьте его целиком ещё раз."),
        ),
        "conflict": _kind(
            409,
            en=("This does not fit what is there already", "Look at what is there first."),
            kk=("Бұл бұрыннан барға қайшы", "Алдымен барын қараңыз."),
            ru=("Это противоречит тому, что уже есть", "Сначала посмотрите, что есть."),
        ),
        "body_too_large": _kind(
            413,
            en=("The body is too large", "Send less at once."),
            kk=("Сұраудың денесі тым үлкен", "Бөліп жіберіңіз."),
            ru=("Тело запроса слишком велико", "Отправьте меньше за раз."),
        ),
        "address_too_long": _kind(
            414,
            en=("The address is too long", "Shorten the path or the query."),
            kk=("Мекенжай тым ұзын", "Жолды немесе параметрлерді қысқартыңыз."),
            ru=("Адрес слишком длинный", "Сократите путь или параметры."),
        ),
        "media_type_wrong": _kind(
            415,
            en=("The body is of another kind than is taken here", "Send application/json."),
            kk=("Сұрау денесінің түрі сәйкес емес", "application/json жіберіңіз."),
            ru=("Тело запроса не того типа", "Отправьте application/json."),
        ),
        "too_many_requests": _kind(
            429,
            en=("Too many requests", "Wait as long as Retry-After says."),
            kk=("Сұрау тым көп", "Retry-After көрсеткен уақыт күтіңіз."),
            ru=("Слишком много запросов", "Подождите, сколько указано в Retry-After."),
        ),
        "headers_too_large": _kind(
            431,
            en=("The header fields are too large", "Send fewer or shorter ones."),
            kk=("Тақырып өрістері тым үлкен", "Азырақ не қысқарақ жіберіңіз."),
            ru=("Поля заголовка слишком велики", "Отправьте меньше или короче."),
        ),
        "internal_error": _kind(
            500,
            en=("This is a fault of ours", "Send it again later; tell us the instance."),
            kk=("Бұл — біздің қате", "Кейінірек қайталаңыз; instance мәнін хабарлаңыз."),
            ru=("Это наша ошибка", "Повторите позже; сообщите нам instance."),
        ),
        "unavailable": _kind(
            503,
            en=("Not possible at the moment", "Send the same again in a moment."),
            kk=("Қазір мүмкін емес", "Сәлден соң дәл осыны қайта жіберіңіз."),
            ru=("Сейчас это невозможно", "Отправьте то же самое чуть позже."),
        ),
    }
)
"""By code. A node adds its own; codes are never renamed."""
