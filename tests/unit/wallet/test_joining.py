# SPDX-License-Identifier: Apache-2.0
"""Sign-up from the wallet's side: two requests, and clear refusals."""

import pytest

from kerege.wallet import BankRefused, Joining
from tests.receivers import receiving


def test_code_then_customer() -> None:
    with receiving() as bank:
        view = {"customer": "cus_1", "kind": "person", "tier": "phone", "state": "active"}
        bank.routes["POST /v1/customers/codes"] = (200, {"code_id": "x.y"})
        bank.routes["POST /v1/customers"] = (201, {**view, "language": "kk"})
        joining = Joining(f"http://{bank.authority}/")
        assert joining.send_code("+77015550001") == "x.y"
        joined = joining.join(
            "+77015550001", "Дина", tier="phone", language="kk", code_id="x.y", code="123456"
        )
        assert joined.customer == "cus_1"
        bank.routes["POST /v1/customers"] = (409, {"title": "taken", "code": "phone_taken"})
        with pytest.raises(BankRefused) as caught:
            joining.join("", "", tier="", language="", code_id="", code="")
        assert caught.value.code == "phone_taken"
        joining.close()
