# SPDX-License-Identifier: Apache-2.0
"""What a bank's API answers that no other node does: codes, statuses, words. Data."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kerege.bank.alias import AliasRefusal
from kerege.bank.card import CardUnfit
from kerege.bank.core_line import CoreUnreachable
from kerege.bank.custody import NotInCustody
from kerege.bank.customer import CustomerRefusal, UnknownCustomer
from kerege.bank.deposits import UnknownAsset
from kerege.bank.disputes import NotDisputable
from kerege.bank.guardian_limits import UnfitLimits
from kerege.bank.joining import CodeNotRight, TierNeedsStaff, TooManyCodesAsked
from kerege.bank.moving import NotMoving
from kerege.bank.ownership import NothingHere
from kerege.bank.peer_cases import CaseRefused
from kerege.bank.personal_data import MalformedPersonalData
from kerege.bank.requests import RequestRefused
from kerege.bank.screening import AlreadyDecided
from kerege.bank.screening_list import MalformedList
from kerege.bank.tiers import UnknownTier
from kerege.bank.wallets import OpeningRefused
from kerege.bank.webhook_address import ForbiddenAddress
from kerege.bank.webhooks import TooManyWebhooks
from kerege.errors import KeregeError
from kerege.ledger import Overloaded
from kerege.money import AssetError
from kerege.payments.aliases import MalformedAlias
from kerege.service import ProblemKind

__all__ = ["BANK_CODES", "BANK_KINDS"]


def _kind(
    status: int, *, en: tuple[str, str], kk: tuple[str, str], ru: tuple[str, str]
) -> ProblemKind:
    return ProblemKind(status, MappingProxyType({"en": en, "kk": kk, "ru": ru}))


BANK_KINDS: Final[Mapping[str, ProblemKind]] = MappingProxyType(
    {
        CustomerRefusal.STATE_FORBIDS.value: _kind(
            403,
            en=("The customer may not do this now", "Ask your bank."),
            kk=("Клиентке қазір бұған болмайды", "Банкіңізге хабарласыңыз."),
            ru=("Клиенту сейчас это недоступно", "Обратитесь в свой банк."),
        ),
        CustomerRefusal.TIER_NEEDS_MORE.value: _kind(
            422,
            en=("This level asks for more data", "Give what `place` names."),
            kk=("Бұл деңгейге қосымша дерек керек", "`place` атағанды беріңіз."),
            ru=("Для этого уровня нужно больше данных", "Укажите то, что названо в `place`."),
        ),
        CustomerRefusal.PHONE_TAKEN.value: _kind(
            409,
            en=("There is a customer with this telephone", "Sign in instead."),
            kk=("Бұл телефонмен клиент бар", "Оның орнына жүйеге кіріңіз."),
            ru=("Клиент с этим телефоном уже есть", "Войдите вместо этого."),
        ),
        CustomerRefusal.TAX_NUMBER_TAKEN.value: _kind(
            409,
            en=("There is a customer with this tax number", "Ask your bank."),
            kk=("Бұл салық нөмірімен клиент бар", "Банкіңізге хабарласыңыз."),
            ru=("Клиент с этим налоговым номером уже есть", "Обратитесь в свой банк."),
        ),
        CustomerRefusal.GUARDIAN_UNFIT.value: _kind(
            422,
            en=("This guardian cannot be one here", "Name an adult customer."),
            kk=("Бұл адам қамқоршы бола алмайды", "Кәмелеттік жастағы клиентті атаңыз."),
            ru=("Этот человек не может быть опекуном", "Назовите совершеннолетнего клиента."),
        ),
        CustomerRefusal.HAS_WARDS.value: _kind(
            409,
            en=("The customer answers for children", "Give them another guardian first."),
            kk=("Клиент балаларға жауапты", "Алдымен басқа қамқоршы тағайындаңыз."),
            ru=("Клиент отвечает за детей", "Сначала назначьте им другого опекуна."),
        ),
        CustomerRefusal.HAS_WALLETS.value: _kind(
            409,
            en=("The customer has wallets", "Empty and close or move them first."),
            kk=("Клиенттің әмияндары бар", "Алдымен оларды босатып, жабыңыз."),
            ru=("У клиента есть кошельки", "Сначала опустошите и закройте их."),
        ),
        CustomerRefusal.WALLET_TAKEN.value: _kind(
            409,
            en=("The wallet is another's", "Make a new one."),
            kk=("Әмиян басқаныкі", "Жаңасын жасаңыз."),
            ru=("Кошелёк чужой", "Создайте новый."),
        ),
        AliasRefusal.CUSTOMER_NOT_ACTIVE.value: _kind(
            403,
            en=("The customer may not do this now", "Ask your bank."),
            kk=("Клиентке қазір бұған болмайды", "Банкіңізге хабарласыңыз."),
            ru=("Клиенту сейчас это недоступно", "Обратитесь в свой банк."),
        ),
        AliasRefusal.WALLET_NOT_YOURS.value: _kind(
            404,
            en=("You have no such wallet", "Name one of your wallets."),
            kk=("Сізде мұндай әмиян жоқ", "Өз әмияныңызды атаңыз."),
            ru=("У вас нет такого кошелька", "Назовите свой кошелёк."),
        ),
        AliasRefusal.NOT_YOURS.value: _kind(
            403,
            en=("The bank does not know this number as yours", "Have the bank note it first."),
            kk=("Банк бұл нөмірді сіздікі деп білмейді", "Алдымен банкке тіркетіңіз."),
            ru=("Банк не знает этот номер как ваш", "Сначала сообщите его банку."),
        ),
        AliasRefusal.RESERVED.value: _kind(
            422,
            en=("This name looks like an institution's", "Choose another."),
            kk=("Бұл атау мекеме атына ұқсайды", "Басқасын таңдаңыз."),
            ru=("Это имя похоже на название учреждения", "Выберите другое."),
        ),
        AliasRefusal.TOO_MANY.value: _kind(
            409,
            en=("You have as many aliases as are allowed", "Give one up first."),
            kk=("Бүркеншік аттар саны шегіне жетті", "Алдымен біреуінен бас тартыңыз."),
            ru=("Псевдонимов уже максимум", "Сначала откажитесь от одного."),
        ),
        AliasRefusal.TOO_OFTEN.value: _kind(
            429,
            en=("Aliases were claimed too often today", "Try again tomorrow."),
            kk=("Бүгін тым жиі сұралды", "Ертең қайталаңыз."),
            ru=("Сегодня псевдонимы запрашивали слишком часто", "Повторите завтра."),
        ),
        AliasRefusal.TAKEN.value: _kind(
            409,
            en=("The alias leads to somebody else's wallet", "Choose another."),
            kk=("Бұл бүркеншік ат бос емес", "Басқасын таңдаңыз."),
            ru=("Псевдоним занят", "Выберите другой."),
        ),
        "code_not_right": _kind(
            422,
            en=("The code is wrong or no longer counts", "Try again, or ask for another code."),
            kk=("Код қате не мерзімі өткен", "Қайталаңыз не жаңа код сұраңыз."),
            ru=("Код неверен или устарел", "Повторите или запросите новый код."),
        ),
        "tier_needs_staff": _kind(
            422,
            en=("This level is opened at the bank", "Choose a simpler level, or visit the bank."),
            kk=("Бұл деңгей банкте ашылады", "Қарапайым деңгейді таңдаңыз не банкке барыңыз."),
            ru=("Этот уровень открывают в банке", "Выберите проще или придите в банк."),
        ),
        "opening_refused": _kind(
            422,
            en=("The bank does not open this wallet", "Correct what `place` names, sign again."),
            kk=("Банк бұл әмиянды ашпайды", "`place` атағанды түзетіп, қайта қол қойыңыз."),
            ru=("Банк не открывает этот кошелёк", "Исправьте `place` и подпишите снова."),
        ),
        "request_refused": _kind(
            422,
            en=("The bank does not keep this request", "Correct what `place` names."),
            kk=("Банк бұл сұранысты сақтамайды", "`place` атағанды түзетіңіз."),
            ru=("Банк не принимает этот запрос", "Исправьте то, что названо в `place`."),
        ),
        "address_forbidden": _kind(
            422,
            en=("This address is not called", "Give a public https address."),
            kk=("Бұл мекенжайға хабар жіберілмейді", "Ашық https мекенжайын беріңіз."),
            ru=("На этот адрес уведомления не идут", "Укажите публичный адрес https."),
        ),
        "dispute_refused": _kind(
            422,
            en=("The case does not go on like this", "See `place` for the rule."),
            kk=("Дауды бұлай жалғастыруға болмайды", "Ережені `place` атайды."),
            ru=("Так спор продолжить нельзя", "Правило названо в `place`."),
        ),
        "not_disputable": _kind(
            422,
            en=("There is nothing to dispute", "Name a payment this wallet made."),
            kk=("Дауласатын төлем жоқ", "Осы әмиян жасаған төлемді атаңыз."),
            ru=("Оспаривать нечего", "Укажите платёж, сделанный этим кошельком."),
        ),
        "not_moving": _kind(
            422,
            en=("The wallet does not move like this", "Correct what `place` names."),
            kk=("Әмиян бұлай көшпейді", "`place` атағанды түзетіңіз."),
            ru=("Так кошелёк не переходит", "Исправьте то, что названо в `place`."),
        ),
        "limits_unfit": _kind(
            422,
            en=("These limits contradict each other", "Let payment, day and month rise."),
            kk=("Бұл шектер бір-біріне қайшы", "Төлем, тәулік, ай шегі өсе берсін."),
            ru=("Эти лимиты противоречат друг другу", "Пусть платёж, сутки, месяц растут."),
        ),
        "card_unfit": _kind(
            422,
            en=("The card cannot be used like this", "Correct what `place` names."),
            kk=("Картаны бұлай пайдалануға болмайды", "`place` атағанды түзетіңіз."),
            ru=("Так карту использовать нельзя", "Исправьте то, что названо в `place`."),
        ),
        "not_in_custody": _kind(
            409,
            en=("The bank keeps no key for this wallet", "Sign on the device that has it."),
            kk=("Бұл әмиянның кілті банкте емес", "Кілті бар құрылғыда қол қойыңыз."),
            ru=("Ключ этого кошелька не у банка", "Подпишите на устройстве, где он хранится."),
        ),
        "already_decided": _kind(
            409,
            en=("Somebody else has decided otherwise", "Look at the case again."),
            kk=("Басқа адам өзгеше шешкен", "Істі қайта қараңыз."),
            ru=("Кто-то другой решил иначе", "Посмотрите дело ещё раз."),
        ),
        "list_unusable": _kind(
            422,
            en=("The list cannot be used", "Correct what `place` names."),
            kk=("Тізімді пайдалануға болмайды", "`place` атағанды түзетіңіз."),
            ru=("Список использовать нельзя", "Исправьте то, что названо в `place`."),
        ),
        "too_many_webhooks": _kind(
            409,
            en=("There are as many webhooks as are allowed", "Remove one first."),
            kk=("Вебхуктар саны шегіне жетті", "Алдымен біреуін алып тастаңыз."),
            ru=("Вебхуков уже максимум", "Сначала удалите один."),
        ),
    }
)
"""By code, beside those of every node."""

BANK_CODES: Final[Mapping[type[KeregeError], str]] = MappingProxyType(
    {
        AlreadyDecided: "already_decided",
        AssetError: "request_invalid",
        CardUnfit: "card_unfit",
        CaseRefused: "dispute_refused",
        CodeNotRight: "code_not_right",
        CoreUnreachable: "unavailable",
        ForbiddenAddress: "address_forbidden",
        MalformedAlias: "request_invalid",
        MalformedList: "list_unusable",
        MalformedPersonalData: "request_invalid",
        NotDisputable: "not_disputable",
        NotInCustody: "not_in_custody",
        NotMoving: "not_moving",
        NothingHere: "not_found",
        OpeningRefused: "opening_refused",
        Overloaded: "unavailable",
        RequestRefused: "request_refused",
        TierNeedsStaff: "tier_needs_staff",
        TooManyCodesAsked: "too_many_requests",
        TooManyWebhooks: "too_many_webhooks",
        UnfitLimits: "limits_unfit",
        UnknownAsset: "request_invalid",
        UnknownCustomer: "not_found",
        UnknownTier: "request_invalid",
    }
)
"""By class of error."""
