# SPDX-License-Identifier: Apache-2.0
"""The wallet library: keys, orders, receipts. What it signs it keeps before it sends.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> from kerege.wallet import MemoryBank, Purse
>>> folder = TemporaryDirectory()
>>> bank = MemoryBank("altyn-bank")
>>> with Purse(Path(folder.name), lambda _: bank.line("aru")) as purse:
...     tea = purse.create("tea", bank="http://bank.example")
...     answer = tea.open(bank="altyn-bank", assets=["KZT"], owner_kind="person", tier="basic")
...     bank.give(tea.id, 500_00)
...     shop = bank.make_wallet(alias="@bakery")
...     tea.pay("@bakery", 450_00, asset="KZT").verdict.code
'accepted'
>>> bank.balance(shop)
45000
>>> folder.cleanup()

`HttpBank` is the line to a real bank; `MemoryBank` its twin for tests, yours too.
"""

from kerege.wallet.http_bank import HttpBank, Tokens
from kerege.wallet.joining import Joining
from kerege.wallet.keyring import KeyFolder, Keyring, MemoryKeys
from kerege.wallet.line import BankLine, BankRefused, BankUnreachable, SessionEnded
from kerege.wallet.memory_bank import MemoryBank
from kerege.wallet.payout import pay_out
from kerege.wallet.purse import Purse
from kerege.wallet.receipts import CheckedReceipt, ReceiptMismatch, check_receipt
from kerege.wallet.sending import StillUnanswered
from kerege.wallet.sessions import Session, SignIn, SignInFailed, TerminalSignIn
from kerege.wallet.store import KnownWallet, Stage, StoredOrder, WalletFileError
from kerege.wallet.supply import SupplyTold, SupplyUnsound, check_supply, supply_told
from kerege.wallet.wallet import DEFAULT_LIFETIME_S, PayeeUnknown, Wallet, shares_of
from kerege.wallet.wire import Answer, Notice, Payee, StandingRequest, Statement, WalletState

__all__ = [
    "DEFAULT_LIFETIME_S",
    "Answer",
    "BankLine",
    "BankRefused",
    "BankUnreachable",
    "CheckedReceipt",
    "HttpBank",
    "Joining",
    "KeyFolder",
    "Keyring",
    "KnownWallet",
    "MemoryBank",
    "MemoryKeys",
    "Notice",
    "Payee",
    "PayeeUnknown",
    "Purse",
    "ReceiptMismatch",
    "Session",
    "SessionEnded",
    "SignIn",
    "SignInFailed",
    "Stage",
    "StandingRequest",
    "Statement",
    "StillUnanswered",
    "StoredOrder",
    "SupplyTold",
    "SupplyUnsound",
    "TerminalSignIn",
    "Tokens",
    "Wallet",
    "WalletFileError",
    "WalletState",
    "check_receipt",
    "check_supply",
    "pay_out",
    "shares_of",
    "supply_told",
]
