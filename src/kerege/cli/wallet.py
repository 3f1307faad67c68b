# SPDX-License-Identifier: Apache-2.0
"""`kerege wallet`: become a customer, sign in, make wallets, look at them."""

from pathlib import Path
from typing import Final

import click
import msgspec

from kerege.cli.amounts import instant_told
from kerege.cli.language import speaking
from kerege.cli.lazy import LazyGroup
from kerege.cli.purse import (
    OpenPurse,
    amount_of,
    asset_of,
    for_wallet,
    in_purse,
    money,
    opened_purse,
    tell_answer,
)
from kerege.cli.telling import Output, telling
from kerege.cli.usual import USUAL_ASSET
from kerege.errors import KeregeError
from kerege.keys import Algorithm, PrivateKey, encode_base64url, save_private_key
from kerege.payments.holdings import Balance
from kerege.runtime import SystemClock, SystemRandomness
from kerege.wallet import BankRefused, BankUnreachable, Joining, SignIn, TerminalSignIn
from kerege.wallet.http_exchange import Exchange, decode
from kerege.wallet.wire import WalletState

__all__ = ["wallet"]

_ALGORITHMS = {"ed25519": Algorithm.ED25519, "es256": Algorithm.ES256}

_CODES: Final = "/v1/sandbox/codes"

_at_bank = click.option(
    "--bank", required=True, envvar="KEREGE_BANK", show_envvar=True, help="Address of the bank."
)
_phone = click.option("--phone", required=True, help="Your telephone, like +77015550001.")
_code = click.option("--code", default="", help="The code that was sent; asked for if not given.")


class _LatestCode(msgspec.Struct):
    code: str


@click.group(
    cls=LazyGroup,
    commands_by_name={
        "allowance": "kerege.cli.wallet_allowance:allowance",
        "move": "kerege.cli.wallet_move:move",
        "recover": "kerege.cli.wallet_recover:recover",
    },
)
def wallet() -> None:
    """Your wallets: keys on this machine, accounts at a bank."""


@wallet.command()
@_at_bank
@_phone
@click.option("--name", required=True, help="Your name.")
@click.option("--tier", default="phone", show_default=True, help="Which level of customer.")
@in_purse
@speaking
@telling
def join(
    bank: str, phone: str, name: str, tier: str, purse: Path, language: str, output: Output
) -> None:
    """Become a bank's customer and sign in."""
    with opened_purse(purse, language) as opened:
        joining = Joining(bank)
        try:
            code_id = joining.send_code(phone)
            code = _code_of(bank, phone, "")
            joined = joining.join(
                phone, name, tier=tier, language=language, code_id=code_id, code=code
            )
        finally:
            joining.close()
        _sign_in(opened, bank, phone, "")
    output.done(
        f"You are a customer of {bank} ({joined.customer}), and signed in.",
        **msgspec.to_builtins(joined),
    )


@wallet.command()
@_at_bank
@_phone
@_code
@in_purse
@speaking
@telling
def login(bank: str, phone: str, code: str, purse: Path, language: str, output: Output) -> None:
    """Sign in at a bank by a code sent to your telephone."""
    with opened_purse(purse, language) as opened:
        _sign_in(opened, bank, phone, code)
        me = opened.bank(bank).me()
    output.done(f"Signed in at {me.bank} as {me.name}.", **msgspec.to_builtins(me))


@wallet.command()
@_at_bank
@in_purse
@speaking
@telling
def logout(bank: str, purse: Path, language: str, output: Output) -> None:
    """Forget the session at a bank."""
    with opened_purse(purse, language) as opened:
        opened.session(bank).end()
    output.done(f"Signed out of {bank}.", bank=bank)


@wallet.command()
@click.argument("name")
@_at_bank
@click.option("--asset", "assets", multiple=True, default=(USUAL_ASSET,), show_default=True)
@click.option(
    "--key",
    "algorithm",
    type=click.Choice(sorted(_ALGORITHMS)),
    default="ed25519",
    show_default=True,
    help="The kind of key.",
)
@click.option("--sealed", is_flag=True, help="Keep the key under a passphrase, which is asked for.")
@click.option("--overflow", is_flag=True, help="What is above the limit goes to your deposit.")
@click.option("--vat", is_flag=True, help="Of a firm: it is registered for VAT.")
@click.option("--category", default="", help="Of a firm: its merchant category (ISO 18245).")
@click.option(
    "--recovery",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Make a recovery key in this file: keep it elsewhere, for the day this key is lost.",
)
@in_purse
@speaking
@telling
def create(
    name: str,
    bank: str,
    assets: tuple[str, ...],
    algorithm: str,
    sealed: bool,
    overflow: bool,
    vat: bool,
    category: str,
    recovery: Path | None,
    purse: Path,
    language: str,
    output: Output,
) -> None:
    """Make a wallet called NAME: a key here, an account at the bank.

    Cut off half-way, the same command goes on where it stopped.
    """
    with opened_purse(purse, language) as opened:
        me = opened.bank(bank).me()
        begun = [w for w in opened.purse.names() if w.name == name and not w.opened]
        if begun:
            made = opened.wallet(name)
        else:
            passphrase = _new_passphrase() if sealed else None
            made = opened.purse.create(
                name, bank=bank, algorithm=_ALGORITHMS[algorithm], passphrase=passphrase
            )
        answer = made.open(
            bank=me.bank,
            assets=assets,
            owner_kind=me.customer.kind,
            tier=me.customer.tier,
            overflow=overflow,
            vat=vat,
            category=category,
            recovery=None if begun or recovery is None else _new_key(recovery),
        )
    tell_answer(output, answer, done=f"Wallet {name} is open: {made.id}")


@wallet.command(name="list")
@in_purse
@speaking
@telling
def list_wallets(purse: Path, language: str, output: Output) -> None:
    """The wallets in this purse."""
    with opened_purse(purse, language) as opened:
        known = opened.purse.names()
    lines = [
        f"{each.name}  {each.id}  {each.bank}{'' if each.opened else '  (not open yet)'}"
        for each in known
    ]
    output.done(
        "\n".join(lines) or "There is no wallet here yet.", wallets=msgspec.to_builtins(known)
    )


@wallet.command()
@for_wallet
@speaking
@telling
def balance(purse: Path, wallet: str, language: str, output: Output) -> None:
    """What is in a wallet, and what of it may be spent now."""
    with opened_purse(purse, language) as opened:
        known = opened.purse.find(wallet)
        state = opened.bank(known.bank).wallet(known.id)
        deposits = opened.bank(known.bank).deposits()
    lines = [f"{known.name}: {_told(state, language)}"]
    lines += [f"deposit: {money(each.balance, each.asset)}" for each in deposits.deposits]
    output.done(
        "\n".join(lines),
        **msgspec.to_builtins(state),
        deposits=msgspec.to_builtins(deposits.deposits),
    )


@wallet.command()
@for_wallet
@speaking
@telling
def resume(purse: Path, wallet: str, language: str, output: Output) -> None:
    """Find out what became of orders that were not answered, sending them again."""
    with opened_purse(purse, language) as opened:
        answers = opened.wallet(wallet).resume()
    lines = [f"{each.verdict.order}  {each.verdict.code}" for each in answers]
    output.done("\n".join(lines) or "Nothing is unanswered.", answers=msgspec.to_builtins(answers))


@wallet.command()
@click.argument("amount")
@click.option("--asset", default=USUAL_ASSET, show_default=True)
@for_wallet
@speaking
@telling
def fund(amount: str, asset: str, purse: Path, wallet: str, language: str, output: Output) -> None:
    """Turn AMOUNT of your deposit into digital money."""
    minor = amount_of(amount, asset_of(asset))
    key = encode_base64url(SystemRandomness().draw(24))
    with opened_purse(purse, language) as opened:
        known = opened.purse.find(wallet)
        answer = opened.bank(known.bank).fund(known.id, minor, asset=asset, key=key)
    tell_answer(output, answer, done=f"{money(minor, asset)} from the deposit to {known.name}.")


@wallet.command()
@click.argument("amount")
@click.option("--asset", default=USUAL_ASSET, show_default=True)
@for_wallet
@speaking
@telling
def defund(
    amount: str, asset: str, purse: Path, wallet: str, language: str, output: Output
) -> None:
    """Turn AMOUNT of digital money into money on your deposit."""
    minor = amount_of(amount, asset_of(asset))
    with opened_purse(purse, language) as opened:
        answer = opened.wallet(wallet).defund(minor, asset=asset)
    tell_answer(output, answer, done=f"{money(minor, asset)} to the deposit.")


@wallet.command()
@click.option("--seconds", type=click.FloatRange(0), default=0.0, help="How long to wait for more.")
@for_wallet
@speaking
@telling
def watch(seconds: float, purse: Path, wallet: str, language: str, output: Output) -> None:
    """What happened since last time, and what happens while you wait."""
    told = []
    with opened_purse(purse, language) as opened:
        known = opened.purse.find(wallet)
        for notice in opened.purse.watch(known.bank, wait_s=seconds):
            told.append(notice)
            if not output.as_json:
                click.echo(
                    f"{notice.id}  {notice.kind}  {msgspec.json.encode(notice.data).decode()}"
                )
    if output.as_json:
        output.done("", notices=msgspec.to_builtins(told))


def _sign_in(opened: OpenPurse, bank: str, phone: str, code: str) -> None:
    sign_in = SignIn(bank, clock=SystemClock(), randomness=SystemRandomness())
    try:
        TerminalSignIn(sign_in, lambda problem: _code_of(bank, phone, code, problem)).run(
            phone, opened.purse.store
        )
    finally:
        sign_in.close()


def _code_of(bank: str, phone: str, given: str, problem: str = "") -> str:
    """The code: as given, as a sandbox tells it, or as typed."""
    if problem:
        raise KeregeError(problem.replace("_", " "), place="code", remedy="ask for another code")
    if given:
        return given
    return _code_of_sandbox(bank, phone) or str(click.prompt(f"Code sent to {phone}", err=True))


def _code_of_sandbox(bank: str, phone: str) -> str:
    """What a sandbox's telephone shows; empty where telephones are real."""
    exchange = Exchange(bank.rstrip("/"), language="en")
    try:
        body = exchange.fetch("GET", _CODES, query={"phone": phone})
        return decode(body, _LatestCode, place=_CODES).code
    except (BankRefused, BankUnreachable):
        return ""
    finally:
        exchange.close()


def _new_key(file: Path) -> PrivateKey:
    """A key in a new file. Raises `KeyFileError` if there is one already."""
    key = PrivateKey.generate(Algorithm.ED25519)
    save_private_key(file, key)
    return key


def _new_passphrase() -> str:
    return str(click.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True))


def _told(state: WalletState, language: str) -> str:
    if not state.balances:
        return "nothing yet"
    return ", ".join(
        f"{money(each.balance, each.asset)}"
        + (f" (to spend: {money(each.available, each.asset)})" if each.held else "")
        + _purpose(each, language)
        for each in state.balances
    )


def _purpose(balance: Balance, language: str) -> str:
    """Whose money it is, and until when, if it is a programme's."""
    if not balance.mark:
        return ""
    title = balance.title.get(language, balance.programme)  # type: ignore[call-overload]
    return f" {title or f'mark {balance.mark}'}, until {instant_told(balance.ends_us)}"
