# SPDX-License-Identifier: Apache-2.0
"""What the commands of a country say in Kazakh."""

from collections.abc import Mapping
from typing import Final

__all__ = ["TEXTS"]

TEXTS: Final[Mapping[str, str]] = {
    "up.made": "$country: $money ($asset), $folder қалтасында",
    "up.found": "$country тоқтаған жерінен жалғасады: $money ($asset), $folder қалтасында",
    "up.step.keys": "кілттер мен баптаулар",
    "up.step.core": "орталық банктің өзегі және куәгерлер",
    "up.step.founding": "мекемелерге рұқсат берілді, ақша шығарылды",
    "up.step.banks": "мекемелер",
    "up.step.payment": "бірінші төлем",
    "up.first_payment": (
        "Бірінші төлем іске қосылғаннан кейін $seconds с өткенде: $payer, алушы $payee, сома"
        " $amount."
    ),
    "up.again": "Іске қосылғаннан кейін $seconds с өткенде бәрі қайта жұмыс істейді.",
    "up.where": "қайда",
    "up.what": "не",
    "up.who": "кім",
    "up.next": "Әрі қарай, басқа терминалда:",
    "up.next.status": "кім қайда жұмыс істейді және айналымда қанша ақша бар",
    "up.next.supply": "ашық журнал бойынша дәлелденген айналымдағы ақша",
    "up.next.load": "он секунд бойы секундына 200 төлем",
    "up.end": "Ctrl-C аяқтайды; `$command` жалғастырады, `$command --reset` жаңадан бастайды.",
    "up.detached": "Ел өздігінен жұмыс істейді; оны `$command` аяқтайды.",
    "up.living": "$people адамның $joined қосылды, төлем $payments, бас тарту $refused",
    "up.ending": "Аяқталуда: алдымен адамдар, соңында орталық банк.",
    "up.ended": "Аяқталды. `$command` тоқтаған жерінен жалғастырады.",
    "down.ended": "Ел аяқталды; `$command` тоқтаған жерінен жалғастырады.",
    "reset.done": "$folder: ел ішіндегі барлығымен бірге жойылды.",
    "reset.ask": "$folder қалтасындағы елді ішіндегі барлығымен бірге жою керек пе?",
    "reset.kept": "Ештеңе жойылған жоқ.",
    "shops.scan": "$name, банк: $bank. Сканерлеңіз не кодтағыны төлеңіз: `kerege pay --qr`",
    "status.title": "$country, $folder қалтасында, $time жұмыс істеп тұр",
    "status.supply": "айналымда",
    "status.log": "ашық журнал: жазба $leaves, бақылау нүктесіне қол қойған куәгерлер: $witnesses",
    "status.no_log": "ашық журнал: бақылау нүктесі әлі жоқ",
    "status.people": "адамдар: $people ішінен $joined қосылды, төлем $payments",
    "stage.waiting": "жақында қайта іске қосылады",
    "stage.starting": "іске қосылуда",
    "stage.ready": "жұмыс істеп тұр",
    "stage.failed": "іске қосылмайды",
    "stage.left": "аяқталуда",
    "stage.dead": "жауап бермейді",
    "column.name": "аты",
    "column.role": "не",
    "column.stage": "күйі",
    "column.url": "қайда",
    "column.process": "процесс",
    "column.restarts": "қайта іске қосу",
    "column.memory": "жады",
    "role.core": "орталық банктің өзегі",
    "role.bank": "банк",
    "role.post": "пошта",
    "role.payments": "төлем компаниясы",
    "role.witness": "куәгер",
    "role.people": "адамдар мен дүкендер",
    "supply.told": "Орталық банк: шығарылды $issued, өтелді $redeemed, айналымда $left",
    "supply.reserves": "олардың артындағы резервтер: $reserves",
    "supply.log": "Журналдағы жазба: $leaves; бақылау нүктесіне қол қойған куәгерлер: $witnesses.",
    "supply.audit": (
        "Бүкіл кітапты тексеру сәйкес келеді: тапсырма $orders, аударым $transfers, барлық қалдық"
        " қайта есептелді, түбір бірдей."
    ),
    "supply.backed": "Әр бірлік резервтермен қамтамасыз етілген.",
    "issue.proposed": "1. $who ұсынады: $bank үшін $amount шығару, негізі: $reason",
    "issue.approved": "2. $who мақұлдайды.",
    "issue.done": "Шығарылды. $bank енді ақшаны әрі қарай бере алады; айналымда: $left.",
    "load.running": "жіберу",
    "load.preparing": "төлеушілер дайындалуда: $count",
    "load.outcomes": "$seconds с ішіндегі $sent төлемнің нәтижесі",
    "load.rate": "секундына жауап: $rate; жартысы $p50 мс ішінде, 99 % $p99 мс ішінде",
    "load.again": "Жауап келмегендіктен сол нөмірмен қайта жіберілді: $again.",
    "load.unanswered": "Мүлде жауап алмады: $count.",
    "load.kind": "   $kind жауап $count, қабылданды $accepted; жартысы $p50 мс, 99 % $p99 мс",
    "load.not_sent": "Жіберілмеді, жолда тым көп болды: $count.",
    "load.chart": "Сызба $file файлында.",
}
"""By key; `$name` is replaced."""
