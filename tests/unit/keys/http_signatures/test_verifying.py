# SPDX-License-Identifier: Apache-2.0
"""Requests under attack: each change is refused, with the component or field that shows it."""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import replace

import pytest

from kerege.keys import Algorithm, InvalidSignatureError, PrivateKey, PublicKey
from kerege.keys.http_signatures import (
    HttpRequest,
    HttpSignatureError,
    MemoryNonces,
    NoncesExhaustedError,
    ReplayedRequestError,
    SignatureNotCurrentError,
    verify_head,
    verify_request,
)
from kerege.keys.http_signatures.base import signature_base
from kerege.keys.http_signatures.message import component_value
from tests.requests import (
    KEY,
    KEYID,
    KEYS,
    NONCE,
    NOW_S,
    ORDER,
    field_of,
    signed,
    verify,
    with_field,
    without_field,
)

ALGORITHMS = sorted(KEYS)
GROUP_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
PARAMETERS = f';created={NOW_S};expires={NOW_S + 60};nonce="{NONCE}";keyid="{KEYID}";tag="kerege"'


def signed_by_hand(
    components: list[str],
    request: HttpRequest = ORDER,
    *,
    parameters: str = PARAMETERS,
    label: str = "sig1",
) -> HttpRequest:
    """A request signed in good order, over whatever components and parameters."""
    listed = " ".join(f'"{name}"' for name in components)
    text = f"({listed}){parameters}"
    base = signature_base([(name, component_value(request, name)) for name in components], text)
    signature = base64.b64encode(KEY.sign(base)).decode()
    added = [("Signature-Input", f"{label}={text}"), ("Signature", f"{label}=:{signature}:")]
    return replace(request, headers=[*request.headers, *added])


def digest_of(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def with_digest(digest: str) -> HttpRequest:
    return replace(ORDER, headers=[*ORDER.headers, ("Content-Digest", digest)])


EVERYTHING = ["@method", "@authority", "@path", "@query", "content-type", "content-digest"]


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_what_was_signed_comes_back(algorithm: Algorithm) -> None:
    key = KEYS[algorithm]
    verified = verify(signed(key=key), key=key)
    assert verified.keyid == KEYID
    assert (verified.method, verified.authority) == ("POST", "core.example")
    assert (verified.path, verified.query) == ("/orders", "wait=1")
    assert verified.headers == {
        "content-type": "application/jose",
        "content-digest": digest_of(ORDER.body),
    }
    assert verified.body == ORDER.body
    assert (verified.created_s, verified.expires_s) == (NOW_S, NOW_S + 60)
    assert verified.nonce == NONCE


def test_a_request_without_a_body() -> None:
    bare = HttpRequest("GET", "core.example", "/supply", "", headers=[], body=b"")
    verified = verify(signed(bare))
    assert (verified.body, verified.query, dict(verified.headers)) == (b"", "", {})


def test_proxies_may_change_what_means_the_same() -> None:
    request = signed()
    changed = replace(
        request,
        authority="CORE.example",
        headers=[
            ("Via", "1.1 proxy"),
            *((name.title(), f"  {value}\t") for name, value in reversed(request.headers)),
        ],
    )
    assert verify(changed).authority == "core.example"


CHANGES: dict[str, tuple[dict[str, object], type[Exception]]] = {
    "method": ({"method": "PUT"}, InvalidSignatureError),
    "authority": ({"authority": "bank-b.example"}, InvalidSignatureError),
    "port": ({"authority": "core.example:8443"}, InvalidSignatureError),
    "path": ({"path": "/orders/x"}, InvalidSignatureError),
    "path, slash": ({"path": "/orders/"}, InvalidSignatureError),
    "path, encoded": ({"path": "/%6frders"}, InvalidSignatureError),
    "path, case": ({"path": "/Orders"}, InvalidSignatureError),
    "path, dots": ({"path": "/x/../orders"}, HttpSignatureError),
    "query": ({"query": "wait=2"}, InvalidSignatureError),
    "query dropped": ({"query": ""}, InvalidSignatureError),
    "query added to": ({"query": "wait=1&x"}, InvalidSignatureError),
    "query into path": ({"path": "/orders?wait=1", "query": ""}, HttpSignatureError),
    "body": ({"body": b"eyJ.eyJ.sih"}, HttpSignatureError),
    "body dropped": ({"body": b""}, HttpSignatureError),
    "body added to": ({"body": ORDER.body + b"\n"}, HttpSignatureError),
}


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize(("changed", "error"), CHANGES.values(), ids=CHANGES)
def test_a_changed_request_is_refused(
    algorithm: Algorithm, changed: dict[str, object], error: type[Exception]
) -> None:
    key = KEYS[algorithm]
    request = replace(signed(key=key), **changed)  # type: ignore[arg-type]
    with pytest.raises(error):
        verify(request, key=key)


def test_a_body_may_not_be_added_to_a_request_without() -> None:
    bare = replace(ORDER, headers=[], body=b"")
    with pytest.raises(HttpSignatureError, match="not covered"):
        verify(replace(signed(bare), body=b"x"))
    smuggled = replace(signed(bare), body=b"x")
    digest = ("Content-Digest", digest_of(b"x"))
    headers = [*smuggled.headers, digest, ("Content-Type", "application/jose")]
    with pytest.raises(HttpSignatureError, match="not covered"):
        verify(replace(smuggled, headers=headers))


@pytest.mark.parametrize("name", ["Idempotency-Key", "Content-Encoding"])
def test_a_field_that_changes_the_meaning_may_not_be_added(name: str) -> None:
    request = signed()
    with pytest.raises(HttpSignatureError, match=f"{name.lower()}: not covered"):
        verify(replace(request, headers=[*request.headers, (name, "x")]))


@pytest.mark.parametrize("missing", EVERYTHING)
def test_every_required_component_is_insisted_on(missing: str) -> None:
    request = with_digest(digest_of(ORDER.body))
    kept = [name for name in EVERYTHING if name != missing]
    with pytest.raises(HttpSignatureError, match=f"{missing}: not covered"):
        verify(signed_by_hand(kept, request))


def test_a_signature_over_nothing_is_refused() -> None:
    with pytest.raises(HttpSignatureError, match="@method: not covered"):
        verify(signed_by_hand([]))


def test_components_in_another_order_are_fine_if_signed_so() -> None:
    request = with_digest(digest_of(ORDER.body))
    verify(signed_by_hand(EVERYTHING[::-1], request))
    verify(signed_by_hand([*EVERYTHING, "accept"], request))


REWRITTEN: list[tuple[str, Callable[[str], str]]] = [
    ("reordered", lambda text: text.replace('"@method" "@authority"', '"@authority" "@method"')),
    ("repeated", lambda text: text.replace('"@method"', '"@method" "@method"')),
    ("dropped", lambda text: text.replace(' "content-digest"', "")),
    ("added", lambda text: text.replace('"content-digest"', '"content-digest" "accept"')),
    ("later", lambda text: text.replace(f"expires={NOW_S + 60}", f"expires={NOW_S + 61}")),
    ("earlier", lambda text: text.replace(f"created={NOW_S}", f"created={NOW_S - 1}")),
    ("other nonce", lambda text: text.replace(NONCE, NONCE + "x")),
    ("no nonce", lambda text: text.replace(f';nonce="{NONCE}"', "")),
    ("no expiry", lambda text: text.replace(f";expires={NOW_S + 60}", "")),
    ("no tag", lambda text: text.replace(';tag="kerege"', "")),
    ("other tag", lambda text: text.replace('tag="kerege"', 'tag="other"')),
    ("spaces", lambda text: text.replace(";created", "; created")),
    ("reordered parameters", lambda text: text.replace(';tag="kerege"', "", 1) + ';tag="kerege"x'),
    ("alg named", lambda text: text + ';alg="ed25519"'),
    ("alg confused", lambda text: text + ';alg="hmac-sha256"'),
    ("unknown parameter", lambda text: text + ";x=1"),
    ("parameter twice", lambda text: text + f";created={NOW_S}"),
    ("component with req", lambda text: text.replace('"@method"', '"@method";req')),
]


@pytest.mark.parametrize(("what", "change"), REWRITTEN, ids=[what for what, _ in REWRITTEN])
def test_a_rewritten_signature_input_is_refused(what: str, change: Callable[[str], str]) -> None:
    request = with_field(signed(), "signature-input", change)
    assert request != signed(), what
    with pytest.raises((HttpSignatureError, InvalidSignatureError)):
        verify(request)


@pytest.mark.parametrize(
    "digest",
    [
        "md5=:EuP9tF2bW1Ud3cqTXOYaaw==:",
        f"{digest_of(ORDER.body)}, md5=:EuP9tF2bW1Ud3cqTXOYaaw==:",
        f"md5=:EuP9tF2bW1Ud3cqTXOYaaw==:, {digest_of(ORDER.body)}",
        digest_of(ORDER.body).replace("sha-256", "sha-512"),
        digest_of(ORDER.body).replace("sha-256", "SHA-256"),
        digest_of(b"other"),
        f"{digest_of(b'other')}, {digest_of(ORDER.body)}",
        digest_of(ORDER.body).replace("=:", ":", 1),
        "",
    ],
)
def test_another_digest_is_refused_though_it_is_signed(digest: str) -> None:
    with pytest.raises(HttpSignatureError, match="content-digest: not the body's"):
        verify(signed_by_hand(EVERYTHING, with_digest(digest)))


@pytest.mark.parametrize("name", ["signature-input", "signature", "content-digest", "content-type"])
@pytest.mark.parametrize("place", [0, 99])
def test_a_field_sent_twice_is_refused(name: str, place: int) -> None:
    request = signed()
    headers = list(request.headers)
    headers.insert(place, (name.upper(), field_of(request, name)))
    with pytest.raises(HttpSignatureError, match=f"{name}: sent more than once"):
        verify(replace(request, headers=headers))


@pytest.mark.parametrize("name", ["signature-input", "signature", "content-digest", "content-type"])
@pytest.mark.parametrize("put_in", ["\r\n ", "\r\n", "\n\t", "\x00", "ж", "\r\nX-Evil: 1\r\n"])
def test_folded_and_injected_fields_are_refused(name: str, put_in: str) -> None:
    request = with_field(signed(), name, lambda value: f"{value[:9]}{put_in}{value[9:]}")
    with pytest.raises(HttpSignatureError, match=f"{name}: "):
        verify(request)


@pytest.mark.parametrize("name", ["signature-input", "signature", "content-digest", "content-type"])
def test_a_field_dropped_is_refused(name: str) -> None:
    with pytest.raises(HttpSignatureError, match=f"{name}: "):
        verify(without_field(signed(), name))


def test_fields_too_long_are_refused_before_they_are_read() -> None:
    for name in ("signature-input", "signature", "content-type"):
        with pytest.raises(HttpSignatureError, match=f"{name}: at most"):
            verify(with_field(signed(), name, lambda value: value + "x" * 5000))


@pytest.mark.parametrize(
    ("now_s", "message"),
    [(NOW_S - 31, "in the future"), (NOW_S + 60, "over for 0 s"), (NOW_S + 9999, "over for")],
)
def test_a_request_out_of_its_time_is_refused(now_s: int, message: str) -> None:
    with pytest.raises(SignatureNotCurrentError, match=message):
        verify(signed(), now_s=now_s)


def test_a_signature_that_holds_too_long_is_refused() -> None:
    long = PARAMETERS.replace(f"expires={NOW_S + 60}", f"expires={NOW_S + 301}")
    request = signed_by_hand(EVERYTHING, with_digest(digest_of(ORDER.body)), parameters=long)
    with pytest.raises(SignatureNotCurrentError, match="1 to 300 seconds"):
        verify(request)


@pytest.mark.parametrize("now_s", [NOW_S, NOW_S + 59, NOW_S - 30])
def test_a_replayed_request_is_refused(now_s: int) -> None:
    nonces = MemoryNonces()
    verify(signed(), nonces=nonces)
    with pytest.raises(ReplayedRequestError):
        verify(signed(), nonces=nonces, now_s=now_s)
    verify(signed(nonce="another-nonce-of-a"), nonces=nonces)


def test_a_nonce_is_remembered_as_long_as_the_request_could_come_back() -> None:
    """Even if the verifier's clock is set back by as much as clocks may differ."""
    nonces = MemoryNonces()
    verify(signed(), nonces=nonces)
    verify(
        signed(nonce="another-nonce-of-a", created_s=NOW_S + 80), nonces=nonces, now_s=NOW_S + 85
    )
    with pytest.raises(ReplayedRequestError):
        verify(signed(), nonces=nonces, now_s=NOW_S + 59)


def test_a_replay_with_the_other_s_is_a_replay() -> None:
    key = KEYS[Algorithm.ES256]
    request = signed(key=key)

    def change(field: str) -> str:
        signature = base64.b64decode(field.removeprefix("kerege=:").removesuffix(":"))
        s = GROUP_ORDER - int.from_bytes(signature[32:])
        changed = base64.b64encode(signature[:32] + s.to_bytes(32)).decode()
        return f"kerege=:{changed}:"

    nonces = MemoryNonces()
    verify(request, key=key, nonces=nonces)
    again = with_field(request, "signature", change)
    verify(again, key=key)
    with pytest.raises(ReplayedRequestError):
        verify(again, key=key, nonces=nonces)


def test_only_the_holder_of_a_key_can_use_up_its_nonces() -> None:
    nonces = MemoryNonces(per_key=1)
    forged = signed(key=PrivateKey(Algorithm.ED25519, bytes([8]) * 32))
    with pytest.raises(InvalidSignatureError):
        verify(forged, nonces=nonces)
    with pytest.raises(HttpSignatureError, match="content-digest"):
        verify(replace(signed(), body=b"x"), nonces=nonces)
    verify(signed(), nonces=nonces)
    with pytest.raises(NoncesExhaustedError):
        verify(signed(nonce="another-nonce-of-a"), nonces=nonces)


def test_a_key_not_registered_is_refused_by_name() -> None:
    with pytest.raises(HttpSignatureError, match="keyid: no key is registered"):
        verify_request(signed(), find_key=lambda _keyid: None, nonces=MemoryNonces(), now_s=NOW_S)


@pytest.mark.parametrize(
    "key",
    [
        PrivateKey(Algorithm.ED25519, bytes([8]) * 32).public_key,
        KEYS[Algorithm.ES256].public_key,
        PrivateKey(Algorithm.ML_DSA_44, bytes([7]) * 32).public_key,
    ],
    ids=str,
)
def test_another_key_does_not_verify(key: PublicKey) -> None:
    with pytest.raises(InvalidSignatureError):
        verify_request(signed(), find_key=lambda _keyid: key, nonces=MemoryNonces(), now_s=NOW_S)


@pytest.mark.parametrize(
    ("alg", "is_right"),
    [("ed25519", True), ("ecdsa-p256-sha256", False), ("hmac-sha256", False), ("none", False)],
)
def test_the_key_decides_the_algorithm(alg: str, *, is_right: bool) -> None:
    request = signed_by_hand(
        EVERYTHING, with_digest(digest_of(ORDER.body)), parameters=f'{PARAMETERS};alg="{alg}"'
    )
    if is_right:
        verify(request)
    else:
        with pytest.raises(InvalidSignatureError, match="alg: "):
            verify(request)


def test_a_proxy_s_signature_beside_ours_is_not_looked_at() -> None:
    request = signed()
    both = with_field(
        with_field(request, "signature-input", lambda text: f'{text}, proxy=("@method");tag="p"'),
        "signature",
        lambda text: f"proxy=:AAAA:, {text}",
    )
    verify(both)


@pytest.mark.parametrize(
    ("inputs", "signatures", "message"),
    [
        ("", ", x=:AAAA:", "signature: not the labels"),
        (', x=("@method")', "", "signature: not the labels"),
        (', x=("@method")', ", y=:AAAA:", "signature: not the labels"),
        (', x=("@method");tag="kerege"', ", x=:AAAA:", "not 2"),
        (', kerege=("@method")', ", kerege=:AAAA:", "kerege stands twice"),
        (", a=(), b=(), c=(), d=()", ", a=::, b=::, c=::, d=::", "at most 4"),
    ],
)
def test_signatures_that_do_not_match_are_refused(
    inputs: str, signatures: str, message: str
) -> None:
    request = with_field(signed(), "signature-input", lambda text: text + inputs)
    request = with_field(request, "signature", lambda text: text + signatures)
    with pytest.raises(HttpSignatureError, match=message):
        verify(request)


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(64), bytes(65), bytes(128)])
def test_other_bytes_are_no_signature(signature: bytes) -> None:
    text = f"kerege=:{base64.b64encode(signature).decode()}:"
    with pytest.raises(InvalidSignatureError):
        verify(with_field(signed(), "signature", lambda _: text))


def test_a_head_before_its_body() -> None:
    request = signed(ORDER)
    head = verify_head(
        replace(request, body=b""), has_body=True, find_key=lambda _: KEY.public_key, now_s=NOW_S
    )
    assert (head.keyid, head.authority) == (KEYID, ORDER.authority)
    nonces = MemoryNonces()
    with pytest.raises(HttpSignatureError, match="not the body's"):
        head.take_body(b"another", nonces=nonces, now_s=NOW_S)
    assert head.take_body(ORDER.body, nonces=nonces, now_s=NOW_S).body == ORDER.body
    with pytest.raises(ReplayedRequestError):
        head.take_body(ORDER.body, nonces=nonces, now_s=NOW_S)


def test_a_body_nobody_announced() -> None:
    request = signed(HttpRequest("GET", "core.example", "/supply", "", headers=[], body=b""))
    head = verify_head(request, has_body=False, find_key=lambda _: KEY.public_key, now_s=NOW_S)
    with pytest.raises(HttpSignatureError, match="not covered"):
        head.take_body(b"surprise", nonces=MemoryNonces(), now_s=NOW_S)
    with pytest.raises(HttpSignatureError, match="not covered"):
        verify_head(request, has_body=True, find_key=lambda _: KEY.public_key, now_s=NOW_S)
