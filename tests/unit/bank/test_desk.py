# SPDX-License-Identifier: Apache-2.0
"""The money side of a bank, stopped and started."""

from kerege.bank.answer import PaymentState
from tests.two_tiers import Branch


def test_a_bank_goes_on_where_it_stopped(branch: Branch) -> None:
    aru = branch.customer("aru", deposit=900)
    branch.fund(aru, 300)
    branch.close()
    again = Branch(branch.country, branch.signer, branch.folder, books=branch.books)
    assert again.desk.recover() == 0
    assert again.desk.tend() == 0
    assert again.deposit("aru").balance == 600
    assert again.fund(aru, 300).state is PaymentState.ACCEPTED
    assert again.fund(aru, 300, key="more").state is PaymentState.ACCEPTED
    assert again.deposit("aru").balance == 300
    again.close()
