# SPDX-License-Identifier: Apache-2.0
"""`kerege log witness`: make a witness's keys, show them, run its server."""

import logging
import signal
import threading
from pathlib import Path
from types import FrameType

import click

from kerege.errors import KeregeError
from kerege.keys import (
    KeyEncodingError,
    NamedPrivateKey,
    PrivateKey,
    SignatureType,
    load_note_key,
    save_note_key,
)
from kerege.runtime.clock import SystemClock
from kerege.translog.cosignature import Cosigner
from kerege.translog.note import NoteVerifier, parse_verifier_key
from kerege.translog.witness import SqliteWitnessStore, Witness, WitnessServer

__all__ = ["ListenError", "witness"]

_KEY_TYPES = {
    "ed25519": SignatureType.COSIGNATURE_ED25519,
    "ml-dsa-44": SignatureType.COSIGNATURE_ML_DSA_44,
}

_PATH = click.Path(dir_okay=False, path_type=Path)
_key_option = click.option(
    "--key",
    "key_paths",
    type=_PATH,
    required=True,
    multiple=True,
    help="File of a witness key; may be given several times.",
)


class ListenError(KeregeError):
    """An address that cannot be listened on."""


@click.group()
def witness() -> None:
    """Cosign a log's checkpoints, as long as the log only grows."""


@witness.command()
@click.option("--name", required=True, help="The key's name, such as witness.example/w1.")
@click.option("--key", "key_path", type=_PATH, required=True, help="The new key file.")
@click.option(
    "--type",
    "key_type",
    type=click.Choice(sorted(_KEY_TYPES)),
    default="ed25519",
    show_default=True,
    help="The kind of cosignature.",
)
def init(name: str, key_path: Path, key_type: str) -> None:
    """Make a key and print its verifier key, which others need to trust it."""
    signature_type = _KEY_TYPES[key_type]
    private_key = PrivateKey.generate(signature_type.algorithm)
    key = NamedPrivateKey(name=name, signature_type=signature_type, private_key=private_key)
    _as_cosigner(key)
    save_note_key(key_path, key)
    click.echo(key.public.to_vkey())


@witness.command()
@_key_option
def vkey(key_paths: tuple[Path, ...]) -> None:
    """Print the verifier keys of key files."""
    for path in key_paths:
        click.echo(load_note_key(path).public.to_vkey())


@witness.command()
@_key_option
@click.option(
    "--log-key",
    "log_keys",
    required=True,
    multiple=True,
    metavar="VKEY",
    help="Verifier key of a log to follow, named as its origin; may be given several times.",
)
@click.option("--state", type=_PATH, required=True, help="File that remembers what was cosigned.")
@click.option("--listen", default="127.0.0.1:7380", show_default=True, help="Address, host:port.")
def run(key_paths: tuple[Path, ...], log_keys: tuple[str, ...], state: Path, listen: str) -> None:
    """Serve add-checkpoint until told to stop (SIGTERM, SIGINT).

    Never run two witnesses with one key on different state files, and never restore the state
    file from a backup: the witness could then be made to cosign two histories.
    """
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    cosigners = [_as_cosigner(load_note_key(path)) for path in key_paths]
    logs = _group_by_origin(log_keys)
    store = SqliteWitnessStore(state)
    try:
        following = Witness(cosigners=cosigners, logs=logs, store=store, clock=SystemClock())
        with _open_server(listen, following) as server:
            host, port = server.server_address[:2]
            click.echo(f"witness listening on {_show_address(str(host), int(port))}")
            _serve_until_signal(server)
    finally:
        store.close()
    click.echo("witness stopped")


def _as_cosigner(key: NamedPrivateKey) -> Cosigner:
    return Cosigner(name=key.name, signature_type=key.signature_type, key=key.private_key)


def _group_by_origin(vkeys: tuple[str, ...]) -> dict[str, list[NoteVerifier]]:
    logs: dict[str, list[NoteVerifier]] = {}
    for number, text in enumerate(dict.fromkeys(vkeys), start=1):
        try:
            verifier = parse_verifier_key(text)
        except KeyEncodingError as error:
            raise KeyEncodingError(
                error.message, place=f"--log-key {number}", remedy=error.remedy
            ) from error
        logs.setdefault(verifier.name, []).append(verifier)
    return logs


def _open_server(listen: str, following: Witness) -> WitnessServer:
    host, _, port = listen.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        raise ListenError("an address is host:port", place="--listen")
    try:
        return WitnessServer((host.strip("[]"), int(port)), following)
    except OSError as error:
        raise ListenError(
            f"cannot listen on {listen}: {error.strerror}",
            place="--listen",
            remedy="free the port or choose another",
        ) from error


def _show_address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _serve_until_signal(server: WitnessServer) -> None:
    """Serve until SIGTERM or SIGINT; requests under way end when the server is closed."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        # `shutdown` waits for `serve_forever`, which this handler interrupts: not from here.
        threading.Thread(target=server.shutdown).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    server.serve_forever()
