# SPDX-License-Identifier: Apache-2.0
"""A witness: cosigns a log's checkpoints as long as the log only grows (C2SP tlog-witness)."""

from kerege.translog.witness.client import (
    WitnessAheadError,
    WitnessClientError,
    WitnessEndpoint,
    request_cosignature,
)
from kerege.translog.witness.http import WitnessServer
from kerege.translog.witness.panel import WitnessPanel
from kerege.translog.witness.request import RequestError
from kerege.translog.witness.rules import LogState, Refusal, Refused
from kerege.translog.witness.service import Cosigned, Witness
from kerege.translog.witness.store import (
    MemoryWitnessStore,
    SqliteWitnessStore,
    WitnessStore,
    WitnessStoreError,
)

__all__ = [
    "Cosigned",
    "LogState",
    "MemoryWitnessStore",
    "Refusal",
    "Refused",
    "RequestError",
    "SqliteWitnessStore",
    "Witness",
    "WitnessAheadError",
    "WitnessClientError",
    "WitnessEndpoint",
    "WitnessPanel",
    "WitnessServer",
    "WitnessStore",
    "WitnessStoreError",
    "request_cosignature",
]
