# SPDX-License-Identifier: Apache-2.0
"""A witness on a real socket for tests, and raw requests to it."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from kerege.keys import PrivateKey, SignatureType
from kerege.runtime.clock import ManualClock
from kerege.translog.cosignature import CosignatureVerifier, Cosigner
from kerege.translog.witness import MemoryWitnessStore, Witness, WitnessServer, WitnessStore
from tests.model_log import ModelLog, verifier_of

__all__ = [
    "NOW_S",
    "cosigner",
    "exchange",
    "make_witness",
    "post",
    "serve",
    "verifier_of_cosigner",
]

NOW_S = 1_700_000_000
WAIT_S = 10.0


def cosigner(signature_type: SignatureType = SignatureType.COSIGNATURE_ED25519) -> Cosigner:
    key = PrivateKey(signature_type.algorithm, bytes(32))
    return Cosigner(name="witness.example/w1", signature_type=signature_type, key=key)


def verifier_of_cosigner(made: Cosigner) -> CosignatureVerifier:
    return CosignatureVerifier(
        name=made.name,
        key_id=made.key_id,
        signature_type=made.signature_type,
        public_key=made.key.public_key,
    )


def make_witness(*logs: ModelLog, store: WitnessStore | None = None) -> Witness:
    return Witness(
        cosigners=[cosigner()],
        logs={log.origin: [verifier_of(log.signer)] for log in logs},
        store=store or MemoryWitnessStore(),
        clock=ManualClock(NOW_S * 1_000_000),
    )


@contextmanager
def serve(
    witness: Witness,
    *,
    host: str = "127.0.0.1",
    max_connections: int = 64,
    request_limit_s: float = WAIT_S,
) -> Iterator[tuple[str, int]]:
    """Serve on a free port of this machine; yield its address."""
    server = WitnessServer(
        (host, 0),
        witness,
        max_connections=max_connections,
        request_limit_s=request_limit_s,
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        bound, port = server.server_address[:2]
        yield str(bound), int(port)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def exchange(address: tuple[str, int], request: bytes) -> bytes:
    """Send bytes, then read until the other side closes."""
    with socket.create_connection(address, timeout=WAIT_S) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def post(address: tuple[str, int], body: bytes) -> tuple[int, dict[str, str], bytes]:
    """POST to add-checkpoint; return the status, the headers in lowercase and the body."""
    head = f"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\nContent-Length: {len(body)}\r\n"
    answer = exchange(address, head.encode() + b"Connection: close\r\n\r\n" + body)
    top, _, rest = answer.partition(b"\r\n\r\n")
    status, *lines = top.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return int(status.split(" ")[1]), headers, rest
