# SPDX-License-Identifier: Apache-2.0
from kerege.keys import RootSecret
from kerege.sandbox.made_up_keys import MadeUpKeys


def test_a_name_has_its_key_and_wallet_again_and_nobody_elses() -> None:
    first, again = (MadeUpKeys(RootSecret(bytes(32))) for _ in range(2))
    other = MadeUpKeys(RootSecret(bytes(31) + b"\x01"))
    assert first.key("person-0001").public_key == again.key("person-0001").public_key
    assert first.wallet("person-0001") == again.wallet("person-0001")
    wallets = {
        keys.wallet(name) for keys in (first, other) for name in ("person-0001", "firm-0001")
    }
    keys = {
        keys.key(name).public_key.encoded
        for keys in (first, other)
        for name in ("person-0001", "firm-0001")
    }
    assert (len(wallets), len(keys)) == (4, 4)
