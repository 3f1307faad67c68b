# SPDX-License-Identifier: Apache-2.0
"""Check a receipt with public keys alone: `python check_a_receipt.py RECEIPT POLICY ORDER SIGNED`.

RECEIPT and POLICY are files (a bank and a central bank hand them out), ORDER is the order's id,
SIGNED the file of what the wallet signed. No network, no bank, no core.
"""

import sys
from pathlib import Path

from kerege.errors import KeregeError
from kerege.runtime import SystemClock
from kerege.translog.policy_text import parse_policy
from kerege.translog.trust import PolicyAt
from kerege.wallet import check_receipt


def main(receipt: str, policy: str, order: str, signed: str) -> int:
    """Say what the log proves, or why it proves nothing."""
    now_s = SystemClock().now_us() // 1_000_000
    try:
        checked = check_receipt(
            Path(receipt).read_bytes(),
            order_id=order,
            evidence=Path(signed).read_bytes(),
            trust=PolicyAt(parse_policy(Path(policy).read_bytes()), now_s=now_s),
        )
    except KeregeError as fault:
        print("do not rely on it:", fault)
        return 1
    print(f"accepted; leaf {checked.leaf} of {checked.origin}, of {checked.log_size} then")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:5]))
