# SPDX-License-Identifier: Apache-2.0
"""What a bank knows of its customers' aliases, and what may be refused. Pure."""

from enum import StrEnum, unique

from msgspec import Struct

__all__ = ["AliasRefusal", "AliasState", "ListedAlias", "NamedWallet", "Shows", "TooManyQuestions"]


@unique
class AliasRefusal(StrEnum):
    """Why an alias is not given, in order of precedence (first match wins)."""

    CUSTOMER_NOT_ACTIVE = "alias_customer_not_active"
    WALLET_NOT_YOURS = "alias_wallet_not_yours"
    NOT_YOURS = "alias_not_yours"
    """A number that is not known to be the customer's own."""
    RESERVED = "alias_reserved"
    """A nickname that looks like an institution's."""
    TOO_MANY = "alias_too_many"
    TOO_OFTEN = "alias_too_often"
    TAKEN = "alias_taken"


@unique
class AliasState(StrEnum):
    """Where an alias stands between this bank and the directory."""

    CLAIMING = "claiming"
    """The directory has not confirmed yet."""
    LISTED = "listed"
    RELEASING = "releasing"


@unique
class Shows(StrEnum):
    """What an owner lets payers see."""

    MASKED = "masked"
    """First letters: `А*** Н.`"""
    NOTHING = "nothing"


class ListedAlias(Struct, frozen=True):
    """A customer's alias: what it is as its owner writes it (of a card its end), the wallet it
    leads to, and the directory's tag."""

    kind: str
    shown: str
    wallet: str
    state: AliasState
    tag: str


class NamedWallet(Struct, frozen=True):
    """Where an alias leads: a wallet, the bank that keeps it, the name its owner shows (or
    nothing)."""

    wallet: str
    bank: str
    name: str = ""


class TooManyQuestions(Struct, frozen=True):
    """No more resolving for this customer for `wait_s` seconds."""

    wait_s: int
