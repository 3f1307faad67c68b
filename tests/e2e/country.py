# SPDX-License-Identifier: Apache-2.0
"""A country for stories: started and ended by the command, lived in by commands, wallets and HTTP.

with running_country(folder) as country:
    aru = country.newcomer("aru", bank="shanyraq-bank", phone="+77990000001", name="Аружан")
    aru.kerege("wallet", "fund", "5000")
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import httpx

from kerege.keys import key_thumbprint, load_private_key, sign_compact
from kerege.payments import ORDER_TYP, Leg, Pay, encode_document
from kerege.runtime import SystemClock, SystemRandomness
from kerege.service import NodeClient
from kerege.wallet import HttpBank, Purse, Session, SignIn, TerminalSignIn, Wallet

__all__ = [
    "ASSET",
    "BANKS",
    "CommandFailed",
    "Country",
    "Customer",
    "eventually",
    "run_kerege",
    "running_country",
]

ASSET = "KZT"
BANKS = ("shanyraq-bank", "uyq-bank", "dala-post")
"""Whom the stories keep of Kazakhstan's institutions: fewer processes start sooner."""

_COMMAND_WITHIN_S = 120
_SOON_S = 20.0
_T = TypeVar("_T")


class CommandFailed(AssertionError):
    """A command did not do what a story asked of it; `told` is its JSON, if it printed any."""

    def __init__(self, arguments: tuple[str, ...], done: subprocess.CompletedProcess[str]) -> None:
        super().__init__(f"kerege {' '.join(arguments)}: {done.stdout}{done.stderr}")
        self.told: dict[str, Any] = {}
        with suppress(ValueError):
            self.told = json.loads(done.stdout)


def run_kerege(*arguments: str, cwd: Path, **environment: str) -> dict[str, Any]:
    """What `kerege ARGUMENTS --json` printed. Raises `CommandFailed`."""
    done = subprocess.run(
        [sys.executable, "-m", "kerege", *arguments, "--json"],
        cwd=cwd,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=_COMMAND_WITHIN_S,
    )
    if done.returncode:
        raise CommandFailed(arguments, done)
    return dict(json.loads(done.stdout))


def eventually(
    look: Callable[[], _T], want: Callable[[_T], bool], *, within_s: float = _SOON_S
) -> _T:
    """What `look` sees once it is as wanted; fails if it is not in time."""
    until = time.monotonic() + within_s
    while not want(seen := look()):
        assert time.monotonic() < until, f"still {seen}"
        time.sleep(0.1)
    return seen


class Customer:
    """Somebody with a purse on this machine, at a bank."""

    def __init__(self, country: "Country", purse: Path, *, bank: str, phone: str) -> None:
        self.country = country
        self.purse = purse
        self.bank = bank
        self.phone = phone

    def kerege(self, *arguments: str) -> dict[str, Any]:
        """A command as this person types it."""
        return run_kerege(
            *arguments,
            cwd=self.country.folder,
            KEREGE_PURSE=str(self.purse),
            KEREGE_BANK=self.country.url(self.bank),
        )

    def sign_in(self) -> None:
        """Sign in at the bank with the code that reaches the telephone."""
        url = self.country.url(self.bank)
        sign_in = SignIn(url, clock=SystemClock(), randomness=SystemRandomness())
        with closing(sign_in), Purse(self.purse, _no_line) as purse:
            TerminalSignIn(sign_in, lambda _: self._code()).run(self.phone, purse.store)

    def _code(self) -> str:
        answer = self.country.http.get(
            f"{self.country.url(self.bank)}/v1/sandbox/codes", params={"phone": self.phone}
        )
        return str(answer.json()["code"])

    @contextmanager
    def wallet(self, name: str = "") -> Iterator[Wallet]:
        """A wallet in this person's own program, for what has no command."""
        with ExitStack() as stack:
            yield self._purse(stack).open(name)

    @contextmanager
    def purse_open(self) -> Iterator[Purse]:
        """The purse itself, in this person's own program."""
        with ExitStack() as stack:
            yield self._purse(stack)

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> httpx.Response:
        """What the bank's interface answers to this person, signed in."""
        with ExitStack() as stack:
            purse = self._purse(stack)
            token = self._session(purse, self.country.url(self.bank)).access_token()
        return self.country.http.request(
            method,
            f"{self.country.url(self.bank)}{path}",
            json=body,
            content=content,
            headers={"authorization": f"Bearer {token}", **(headers or {})},
        )

    def fund(self, amount: int) -> None:
        """Money from outside becomes digital money in the only wallet, minor units."""
        reference = SystemRandomness().draw(12).hex()
        self.country.pay_in(self, amount, reference=reference)
        with self.wallet() as wallet, self.line() as line:
            answer = line.fund(wallet.id, amount, asset=ASSET, key=reference)
        assert answer.verdict.accepted, answer

    def balance(self) -> int:
        """What is in the only wallet now, minor units."""
        with self.wallet() as wallet:
            return wallet.state().balances[0].balance

    def held(self) -> int:
        """What of it is reserved."""
        with self.wallet() as wallet:
            return wallet.state().balances[0].held

    def wallet_id(self) -> str:
        """The only wallet's id, as it is told to those who should pay."""
        with self.wallet() as wallet:
            return wallet.id

    def deposit(self) -> int:
        """What is on the deposit now, minor units."""
        found = self.ask("GET", "/v1/deposit").json()["deposits"]
        return sum(int(each["balance"]) for each in found)

    @contextmanager
    def line(self) -> Iterator[HttpBank]:
        """This person's session at the bank."""
        with ExitStack() as stack:
            purse = self._purse(stack)
            url = self.country.url(self.bank)
            yield stack.enter_context(closing(HttpBank(url, self._session(purse, url))))

    def _purse(self, stack: ExitStack) -> Purse:
        def line_to(url: str) -> HttpBank:
            return stack.enter_context(closing(HttpBank(url, self._session(purse, url))))

        purse = stack.enter_context(Purse(self.purse, line_to))
        return purse

    def _session(self, purse: Purse, url: str) -> Session:
        lock = self.purse / "session.lock"
        return Session(purse.store, url, clock=SystemClock(), lock=lock)


class Country:
    """A country that runs in `folder`; purses of the story's people are in `purses`."""

    def __init__(self, folder: Path, purses: Path, processes: Mapping[str, str]) -> None:
        self.folder = folder
        self.purses = purses
        self._urls = processes
        self.http = httpx.Client(trust_env=False, timeout=30)

    @property
    def policy(self) -> Path:
        """Public keys of log and witnesses: all that a verifier of receipts needs."""
        return self.folder / "policy.txt"

    def url(self, name: str) -> str:
        """Where a process listens."""
        return self._urls[name]

    def kerege(self, *arguments: str) -> dict[str, Any]:
        """A command of whoever runs the country."""
        return run_kerege(*arguments, "--folder", str(self.folder), cwd=self.folder)

    def supply(self) -> dict[str, Any]:
        """What the central bank tells anyone there is of the money."""
        answer = self.http.get(f"{self.url('core')}/v1/supply").json()
        [found] = [each for each in answer["supply"] if each["asset"] == ASSET]
        return dict(found)

    def newcomer(self, purse: str, *, bank: str, phone: str, name: str) -> Customer:
        """Somebody who becomes a customer by telephone alone, with a wallet."""
        person = Customer(self, self.purses / purse, bank=bank, phone=phone)
        person.kerege("wallet", "join", "--phone", phone, "--name", name)
        person.kerege("wallet", "create", purse, "--overflow")
        return person

    def known(
        self,
        purse: str,
        data: Mapping[str, str],
        *,
        bank: str,
        kind: str,
        tier: str,
        **opening: Any,
    ) -> Customer:
        """Somebody whose papers the bank's staff saw; signs in and opens a wallet."""
        person = Customer(self, self.purses / purse, bank=bank, phone=data["phone"])
        self.become_known(person, data, kind=kind, tier=tier)
        with person.purse_open() as opened_purse:
            wallet = opened_purse.create(purse, bank=self.url(bank))
            answer = wallet.open(bank=bank, assets=[ASSET], owner_kind=kind, tier=tier, **opening)
        assert answer.verdict.accepted, answer
        return person

    def become_known(
        self, person: Customer, data: Mapping[str, str], *, kind: str, tier: str
    ) -> None:
        """The staff of a person's bank sees papers; the person signs in there."""
        new = {"kind": kind, "tier": tier, "data": dict(data), "language": "kk"}
        told = self.staff(person.bank, "/v1/staff/customers", {"customers": [new]})
        [opened] = told["customers"]
        assert not opened.get("refused"), opened
        person.sign_in()

    def staff_of_the_core(self, who: str, *arguments: str) -> dict[str, Any]:
        """A command `kerege core ...` of somebody of the central bank."""
        key = self.folder / "central-bank" / "keys" / f"{who}.pem"
        return run_kerege(
            *("core", *arguments),
            cwd=self.folder,
            KEREGE_CORE=self.url("core"),
            KEREGE_STAFF_KEY=str(key),
        )

    def pay_redemption(self, bank: str, amount: int) -> str:
        """A bank pays of its own wallet what it wants to redeem; the order's id."""
        told = self.http.get(f"{self.url('core')}/v1/participants").json()["participants"]
        wallets = {one["id"]: one["wallet"] for one in told}
        [redemption] = [one["wallet"] for one in told if "operator" in one["roles"]]
        key = load_private_key(self.folder / "institutions" / bank / "keys" / "wallet.pem")
        pay = Pay(
            id=f"ord_{SystemClock().now_us() // 1000:012x}{SystemRandomness().draw(10).hex()}",
            wallet=wallets[bank],
            until_us=SystemClock().now_us() + 60_000_000,
            asset=ASSET,
            legs=(Leg(to=redemption, amount=amount),),
        )
        signed = sign_compact(
            encode_document(pay), key, kid=key_thumbprint(key.public_key), typ=ORDER_TYP
        )
        with closing(self.institution(bank)) as client:
            answer = client.post("/v1/orders", {"orders": [signed.decode()]}, dict[str, Any])
        assert answer["verdicts"][0]["code"] == "accepted", answer
        return pay.id

    def pay_in(self, person: Customer, amount: int, *, reference: str) -> None:
        """Money from outside arrives on a deposit, minor units."""
        booking = {"phone": person.phone, "asset": ASSET, "amount": amount, "reference": reference}
        [booked] = self.staff(person.bank, "/v1/staff/deposits", {"bookings": [booking]})[
            "bookings"
        ]
        assert booked == {"code": "accepted"}

    def staff(self, bank: str, path: str, body: object) -> Any:
        """What a bank answers to its staff's signed request."""
        keys = self.folder / "institutions" / bank / "keys"
        with closing(self._signed(self.url(bank), keys / "staff.pem")) as client:
            return client.post(path, body, Any)

    def institution(self, bank: str) -> NodeClient:
        """A bank's own line to the core; close it when done."""
        key = self.folder / "institutions" / bank / "keys" / "requests.pem"
        return self._signed(self.url("core"), key)

    def _signed(self, url: str, key: Path, keyid: str = "") -> NodeClient:
        private = load_private_key(key)
        return NodeClient(
            url,
            clock=SystemClock(),
            randomness=SystemRandomness(),
            key=private,
            keyid=keyid or key_thumbprint(private.public_key),
        )


def _no_line(bank: str) -> HttpBank:
    raise AssertionError(f"{bank} is not asked while signing in")


@contextmanager
def running_country(folder: Path) -> Iterator[Country]:
    """A country of three institutions whose own people are few and keep still."""
    folder.mkdir()
    profile = folder / "profile.toml"
    profile.write_text(_profile(), "utf-8")
    home = folder / "country"
    try:
        state = run_kerege(
            *("up", "--detach", "--country", str(profile), "--people", "3", "--pace", "0.01"),
            *("--folder", str(home)),
            cwd=folder,
        )
        urls = {each["name"]: each["url"] for each in state["processes"]}
        country = Country(home, folder / "purses", urls)
        with closing(country.http):
            yield country
    finally:
        run_kerege("down", "--folder", str(home), cwd=folder)


def _profile() -> str:
    """Kazakhstan with fewer institutions."""
    whole = (files("kerege.sandbox") / "profiles" / "kz.toml").read_text("utf-8")
    head, *institutions = whole.split("[[institutions]]\n")
    last, sep, tail = institutions[-1].partition("[[regions]]\n")
    institutions[-1] = last
    kept = [each for each in institutions if any(f'"{bank}"' in each for bank in BANKS)]
    return "".join(
        f"{part}" for part in (head, *(f"[[institutions]]\n{k}" for k in kept), sep, tail)
    )
