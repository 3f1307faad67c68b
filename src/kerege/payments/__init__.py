# SPDX-License-Identifier: Apache-2.0
"""The life of a payment: order documents, what they do to the ledger, why they are refused.

>>> from kerege.payments import Leg, Pay, decode_document, encode_document
>>> payment = Pay(
...     id="ord_0190a3c4d5e67f8091a2b3c4d5e6f708",
...     wallet="wal_7f3a7f3a7f3a7f3a7f3a7f3a7f3a7f3a",
...     until_us=1_800_000_000_000_000,
...     asset="KZT",
...     legs=(Leg(to="wal_00c000c000c000c000c000c000c000c0", amount=450_00),),
... )
>>> decode_document(encode_document(payment)) == payment
True

Pure: no clock, no database, no network. What a document says is signed by a wallet; the core node
(`kerege.centralbank`) turns it into the ledger's transfers with `plan`.
"""

from kerege.payments.documents import (
    MAX_LEGS,
    ORDER_TYP,
    REQUEST_TYP,
    Amend,
    Attest,
    CancelMandate,
    Capture,
    Contract,
    Document,
    Fund,
    Hold,
    Leg,
    MalformedDocument,
    Mandate,
    Open,
    Pay,
    Pull,
    Refund,
    Rehome,
    Rekey,
    Release,
    Request,
    Reward,
    TopUp,
    Unfund,
    decode_document,
    decode_request,
    encode_document,
)
from kerege.payments.ids import (
    MalformedName,
    ParticipantId,
    RequestId,
    WalletId,
    format_request_id,
    format_wallet_id,
    parse_participant_id,
    parse_request_id,
    parse_wallet_id,
)
from kerege.payments.planning import plan
from kerege.payments.refusal import Refusal
from kerege.payments.scene import ALLOWANCE_ASSET, Past, Plan, Refused, Scene, WalletFacts
from kerege.payments.verdict import ACCEPTED, Verdict, refused_verdict, verdict_of

__all__ = [
    "ACCEPTED",
    "ALLOWANCE_ASSET",
    "MAX_LEGS",
    "ORDER_TYP",
    "REQUEST_TYP",
    "Amend",
    "Attest",
    "CancelMandate",
    "Capture",
    "Contract",
    "Document",
    "Fund",
    "Hold",
    "Leg",
    "MalformedDocument",
    "MalformedName",
    "Mandate",
    "Open",
    "ParticipantId",
    "Past",
    "Pay",
    "Plan",
    "Pull",
    "Refund",
    "Refusal",
    "Refused",
    "Rehome",
    "Rekey",
    "Release",
    "Request",
    "RequestId",
    "Reward",
    "Scene",
    "TopUp",
    "Unfund",
    "Verdict",
    "WalletFacts",
    "WalletId",
    "decode_document",
    "decode_request",
    "encode_document",
    "format_request_id",
    "format_wallet_id",
    "parse_participant_id",
    "parse_request_id",
    "parse_wallet_id",
    "plan",
    "refused_verdict",
    "verdict_of",
]
