# SPDX-License-Identifier: Apache-2.0
"""What the commands of a country say in Russian."""

from collections.abc import Mapping
from typing import Final

__all__ = ["TEXTS"]

TEXTS: Final[Mapping[str, str]] = {
    "up.made": "$country: $money ($asset), в папке $folder",
    "up.found": "$country продолжает с того же места: $money ($asset), в папке $folder",
    "up.step.keys": "ключи и настройки",
    "up.step.core": "ядро центрального банка и свидетели",
    "up.step.founding": "учреждения допущены, деньги выпущены",
    "up.step.banks": "учреждения",
    "up.step.payment": "первый платёж",
    "up.first_payment": (
        "Первый платёж через $seconds с после запуска: $payer, получатель $payee, сумма $amount."
    ),
    "up.again": "Всё снова работает через $seconds с после запуска.",
    "up.where": "где",
    "up.what": "что",
    "up.who": "кто",
    "up.next": "Дальше, в другом терминале:",
    "up.next.status": "кто где работает и сколько денег в обращении",
    "up.next.supply": "деньги в обращении, доказанные по открытому журналу",
    "up.next.load": "200 платежей в секунду в течение десяти секунд",
    "up.end": "Ctrl-C завершает; `$command` продолжает, `$command --reset` начинает заново.",
    "up.detached": "Страна работает сама; `$command` завершает её.",
    "up.living": "присоединились $joined из $people, платежей $payments, отказов $refused",
    "up.ending": "Завершение: сначала люди, последним центральный банк.",
    "up.ended": "Завершено. `$command` продолжает с того же места.",
    "down.ended": "Страна завершена; `$command` продолжает с того же места.",
    "reset.done": "$folder: страна удалена со всем, что в ней было.",
    "reset.ask": "Удалить страну в папке $folder со всем, что в ней есть?",
    "reset.kept": "Ничего не удалено.",
    "shops.scan": "$name, банк: $bank. Отсканируйте или оплатите то, что в коде: `kerege pay --qr`",
    "status.title": "$country, в папке $folder, работает $time",
    "status.supply": "в обращении",
    "status.log": "открытый журнал: записей $leaves, подписей свидетелей под ними $witnesses",
    "status.no_log": "открытый журнал: контрольной точки ещё нет",
    "status.people": "люди: присоединились $joined из $people, платежей $payments",
    "stage.waiting": "скоро запустится снова",
    "stage.starting": "запускается",
    "stage.ready": "работает",
    "stage.failed": "не запускается",
    "stage.left": "завершается",
    "stage.dead": "не отвечает",
    "column.name": "имя",
    "column.role": "что",
    "column.stage": "состояние",
    "column.url": "где",
    "column.process": "процесс",
    "column.restarts": "перезапуски",
    "column.memory": "память",
    "role.core": "ядро центрального банка",
    "role.bank": "банк",
    "role.post": "почта",
    "role.payments": "платёжная компания",
    "role.witness": "свидетель",
    "role.people": "люди и магазины",
    "supply.told": "Центральный банк: выпущено $issued, погашено $redeemed, в обращении $left",
    "supply.reserves": "резервы за ними: $reserves",
    "supply.log": "Записей в журнале: $leaves; контрольную точку подписали свидетели: $witnesses.",
    "supply.audit": (
        "Проверка всей книги сходится: поручений $orders, переводов $transfers, все остатки"
        " пересчитаны, корень тот же."
    ),
    "supply.backed": "Каждая единица обеспечена резервами.",
    "issue.proposed": "1. $who предлагает: выпустить $amount для $bank, основание: $reason",
    "issue.approved": "2. $who одобряет.",
    "issue.done": "Выпущено. $bank может передать деньги дальше; в обращении: $left.",
    "load.running": "отправка",
    "load.preparing": "готовятся плательщики: $count",
    "load.outcomes": "что стало с платежами: $sent за $seconds с",
    "load.rate": "ответов в секунду: $rate; половина за $p50 мс, 99 % за $p99 мс",
    "load.again": "Отправлены повторно, каждый под тем же номером, так как ответа не было: $again.",
    "load.unanswered": "Остались без ответа: $count.",
    "load.kind": "   $kind ответов $count, принято $accepted; половина за $p50 мс, 99 % за $p99 мс",
    "load.not_sent": "Не отправлены, слишком много было в пути: $count.",
    "load.chart": "График в файле $file.",
}
"""By key; `$name` is replaced."""
