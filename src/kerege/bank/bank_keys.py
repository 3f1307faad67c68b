# SPDX-License-Identifier: Apache-2.0
"""A bank's secrets, from the files of its folder."""

from kerege.bank.settings import BankSettings
from kerege.keys import PrivateKey, RootSecret, load_private_key, load_root_secret

__all__ = ["BankKeys", "load_keys"]


class BankKeys:
    """A bank's secrets, loaded."""

    def __init__(
        self,
        *,
        requests: PrivateKey,
        wallet: PrivateKey,
        tokens: PrivateKey,
        master: RootSecret,
        index: RootSecret,
        directory: RootSecret,
    ) -> None:
        self.requests = requests
        self.wallet = wallet
        self.tokens = tokens
        self.master = master
        self.index = index
        self.directory = directory


def load_keys(settings: BankSettings) -> BankKeys:
    """The keys of `settings`' folder. Raises `KeyFileError`."""
    return BankKeys(
        requests=load_private_key(settings.key_file("requests.pem")),
        wallet=load_private_key(settings.key_file("wallet.pem")),
        tokens=load_private_key(settings.key_file("tokens.pem")),
        master=load_root_secret(settings.key_file("master.secret")),
        index=load_root_secret(settings.key_file("index.secret")),
        directory=load_root_secret(settings.key_file("directory.secret")),
    )
