# SPDX-License-Identifier: Apache-2.0
"""Two libraries nobody here wrote read our codes and we theirs: bakong-khqr and promptparse.

They come from npm, at pinned versions, into pytest's cache folder, which is never committed.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kerege.money import ISO4217, Amount
from kerege.qr import (
    PROFILES,
    DataObject,
    Details,
    LocalName,
    MerchantCode,
    PercentTip,
    QrError,
    account_object,
    find_faults,
    parse,
    read_merchant_code,
    schemes_in,
    write_merchant_code,
)

PEERS = ("bakong-khqr@1.0.20", "promptparse@1.6.0")
INSTALL_TIMEOUT_S = 120
ANSWER_TIMEOUT_S = 30

Ask = Callable[[list[str]], dict[str, Any]]  # the peers' JSON

KZ = PROFILES["KZ"]
OURS = MerchantCode(
    accounts=(account_object(KZ, "@nan"),),
    category="5462",
    currency=KZ.currency,
    country="KZ",
    name="Nan",
    city="Almaty",
    dynamic=True,
    amount=Amount(1234_50, KZ.currency),
    tip=PercentTip(1000),
    details=Details(bill_number="B-1", terminal_label="T2"),
    local_name=LocalName(language="KK", name="Нан Әлемі", city="Алматы"),
    others=(DataObject("65", "Ұ"),),
)
KHQR = replace(
    OURS,
    accounts=(DataObject("29", "0010sokha@bank"),),
    currency=ISO4217.by_code("KHR"),
    country="KH",
    city="Phnom Penh",
    dynamic=False,
    amount=None,
    tip=None,
    local_name=LocalName(language="KM", name="សុខា"),
    others=(),
)


@pytest.fixture(scope="module")
def ask(request: pytest.FixtureRequest) -> Ask:
    """Ask the peers; skips, with the reason, where they cannot be had."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip(reason="bakong-khqr and promptparse were not asked: no node or npm here")
    assert request.config.cache is not None
    folder = request.config.cache.mkdir("-".join(PEERS).replace("@", "-"))
    _install(npm, folder)

    def answer(payloads: list[str]) -> dict[str, Any]:
        done = subprocess.run(
            [node, str(Path(__file__).with_name("qr_peers.cjs"))],
            input=json.dumps({"payloads": payloads}),
            env={**os.environ, "NODE_PATH": str(folder / "node_modules")},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=ANSWER_TIMEOUT_S,
            check=True,
        )
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    return answer


def _install(npm: str, folder: Path) -> None:
    """Put the peers into `folder`, once; a half-finished attempt is repeated."""
    finished = folder / "installed"
    if finished.exists():
        return
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--save-exact"]
    try:
        subprocess.run(
            [npm, "install", "--prefix", str(folder), *options, *PEERS],
            capture_output=True,
            text=True,
            timeout=INSTALL_TIMEOUT_S,
            check=True,
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        said = error.stderr or str(error)
        pytest.skip(reason=f"npm could not bring {', '.join(PEERS)}: {str(said)[-300:]}")
    finished.touch()


def test_we_read_what_they_write(ask: Ask) -> None:
    written = ask([])["written"]
    for scheme, texts in written.items():
        judged = ask(texts)["judged"]
        assert len(texts) == 4
        for text, judgement in zip(texts, judged, strict=True):
            payload = parse(text)
            assert payload.write() == text
            assert [one.id for one in schemes_in(payload)] == [scheme]
            *theirs, crc = judgement["promptparse"]
            assert [[item.tag, item.value] for item in payload.objects] == theirs
            assert crc == ["63", text[-4:]]


def test_khqr_codes_keep_every_rule_and_mean_the_same(ask: Ask) -> None:
    texts = ask([])["written"]["bakong"]
    for text, judgement in zip(texts, ask(texts)["judged"], strict=True):
        assert find_faults(parse(text)) == ()
        _same_meaning(read_merchant_code(parse(text)), judgement["bakong"])


def test_they_read_what_we_write(ask: Ask) -> None:
    payloads = [write_merchant_code(code) for code in (OURS, KHQR)]
    judged = ask([payload.write() for payload in payloads])["judged"]
    for payload, judgement in zip(payloads, judged, strict=True):
        *theirs, _crc = judgement["promptparse"]
        assert [[item.tag, item.value] for item in payload.objects] == theirs
    assert judged[1]["bakongValid"] is True
    _same_meaning(KHQR, judged[1]["bakong"])


def test_all_refuse_a_changed_code(ask: Ask) -> None:
    text = write_merchant_code(replace(KHQR, local_name=None)).write()
    changed = [text.replace("sokha", "sokhb"), text[:-4] + "0000", text[:-1]]
    for payload, judgement in zip(changed, ask(changed)["judged"], strict=True):
        with pytest.raises(QrError):
            parse(payload)
        assert judgement["promptparse"] is None
        assert judgement["bakongValid"] is False


def _same_meaning(code: MerchantCode, theirs: dict[str, str | None]) -> None:
    """Their names for what we read."""
    amount = theirs["transactionAmount"]
    assert theirs["pointofInitiationMethod"] == ("12" if code.dynamic else "11")
    assert theirs["merchantCategoryCode"] == code.category
    assert theirs["transactionCurrency"] == code.currency.number
    assert (code.amount is None) == (amount is None)
    if code.amount is not None and amount is not None:
        assert code.amount.minor == round(float(amount) * 100)
    assert theirs["countryCode"] == code.country
    assert theirs["merchantName"] == code.name
    assert theirs["merchantCity"] == code.city
    assert theirs["billNumber"] == code.details.bill_number
    assert theirs["terminalLabel"] == code.details.terminal_label
    local = code.local_name
    assert theirs["merchantNameAlternateLanguage"] == (local.name if local else None)
