# SPDX-License-Identifier: Apache-2.0
"""The problems only the core answers with: code, status, and words in each language. Data."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from kerege.service import ProblemKind

__all__ = ["CORE_KINDS"]


def _kind(
    status: int, *, en: tuple[str, str], kk: tuple[str, str], ru: tuple[str, str]
) -> ProblemKind:
    return ProblemKind(status, MappingProxyType({"en": en, "kk": kk, "ru": ru}))


CORE_KINDS: Final[Mapping[str, ProblemKind]] = MappingProxyType(
    {
        "alias_unknown": _kind(
            404,
            en=("No wallet is listed under this alias", "Ask the payee for another way."),
            kk=("Бұл атаумен әмиян тіркелмеген", "Алушыдан басқа жолын сұраңыз."),
            ru=("Под этим именем кошелька нет", "Спросите у получателя другой способ."),
        ),
        "alias_taken": _kind(
            409,
            en=(
                "This alias leads to a wallet at another institution",
                "Have its owner release it there first.",
            ),
            kk=("Бұл атау басқа мекемедегі әмиянға тіркелген", "Иесі алдымен сонда босатсын."),
            ru=(
                "Это имя ведёт к кошельку в другом учреждении",
                "Пусть владелец сначала освободит его там.",
            ),
        ),
        "too_many_aliases": _kind(
            409,
            en=("Too many aliases lead to this wallet", "Release one first."),
            kk=("Бұл әмиянға тіркелген атау тым көп", "Алдымен біреуін босатыңыз."),
            ru=("К этому кошельку ведёт слишком много имён", "Сначала освободите одно."),
        ),
        "wallet_unknown": _kind(
            404,
            en=("You keep no such wallet", "Check the wallet's id."),
            kk=("Сізде мұндай әмиян жоқ", "Әмиян идентификаторын тексеріңіз."),
            ru=("У вас нет такого кошелька", "Проверьте идентификатор кошелька."),
        ),
        "proposal_unknown": _kind(
            404,
            en=("There is no such proposal", "Check its id."),
            kk=("Мұндай ұсыныс жоқ", "Идентификаторын тексеріңіз."),
            ru=("Такого предложения нет", "Проверьте его идентификатор."),
        ),
        "proposal_text_invalid": _kind(
            400,
            en=("The signed text is not a proposal or approval", "See docs/core-api.md."),
            kk=("Қол қойылған мәтін ұсыныс та, мақұлдау да емес", "docs/core-api.md қараңыз."),
            ru=("Подписанный текст — не предложение и не одобрение", "См. docs/core-api.md."),
        ),
        "proposal_key_unknown": _kind(
            403,
            en=("The key is not that of staff in office", "Sign with your own key."),
            kk=("Бұл кілт қызметкердікі емес", "Өз кілтіңізбен қол қойыңыз."),
            ru=("Ключ не принадлежит действующему сотруднику", "Подпишите своим ключом."),
        ),
        "proposal_signature_invalid": _kind(
            400,
            en=("The text's signature does not verify", "Sign the text as it is sent."),
            kk=("Мәтіннің қолтаңбасы расталмады", "Мәтінге сол күйінде қол қойыңыз."),
            ru=("Подпись текста не подтверждается", "Подпишите текст таким, как отправляете."),
        ),
        "proposal_id_reused": _kind(
            409,
            en=("This id has another proposal", "Take a new id."),
            kk=("Бұл идентификатормен басқа ұсыныс бар", "Жаңа идентификатор алыңыз."),
            ru=("Под этим номером другое предложение", "Возьмите новый идентификатор."),
        ),
        "proposal_expired": _kind(
            409,
            en=("The proposal was not approved in time", "Propose it again."),
            kk=("Ұсыныс уақытында мақұлданбады", "Қайта ұсыныңыз."),
            ru=("Предложение не одобрили вовремя", "Предложите снова."),
        ),
        "proposal_settled": _kind(
            409,
            en=("The proposal was settled already", "See what became of it."),
            kk=("Ұсыныс бойынша шешім қабылданған", "Нәтижесін қараңыз."),
            ru=("По предложению уже есть решение", "Посмотрите его исход."),
        ),
        "proposal_times_invalid": _kind(
            400,
            en=("The proposal's times do not fit", "Correct its beginning or its end."),
            kk=("Ұсыныстың мерзімдері сәйкес емес", "Басын не аяғын түзетіңіз."),
            ru=("Сроки предложения не сходятся", "Исправьте его начало или конец."),
        ),
        "proposal_personal_data": _kind(
            400,
            en=("The reason names a person", "Leave it out: the core keeps no personal data."),
            kk=("Себебінде жеке дерек бар", "Алып тастаңыз: мұнда жеке дерек сақталмайды."),
            ru=("В причине есть личные данные", "Уберите их: здесь они не хранятся."),
        ),
        "proposal_own": _kind(
            403,
            en=("You cannot approve your own proposal", "Ask a colleague."),
            kk=("Өз ұсынысыңызды мақұлдай алмайсыз", "Әріптесіңізден сұраңыз."),
            ru=("Своё предложение одобрить нельзя", "Попросите коллегу."),
        ),
        "proposal_digest_differs": _kind(
            409,
            en=("The approval is of another text", "Read the proposal and approve it again."),
            kk=("Мақұлдау басқа мәтінге берілген", "Ұсынысты оқып, қайта мақұлдаңыз."),
            ru=("Одобрен другой текст", "Прочтите предложение и одобрите снова."),
        ),
        "too_many_proposals": _kind(
            409,
            en=("Too many proposals are open", "Settle some first."),
            kk=("Ашық ұсыныс тым көп", "Алдымен кейбірін шешіңіз."),
            ru=("Открытых предложений слишком много", "Сначала решите часть из них."),
        ),
    }
)
"""By code; codes are never renamed."""
