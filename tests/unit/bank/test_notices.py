# SPDX-License-Identifier: Apache-2.0
"""A teller nobody listens to."""

import sqlalchemy as sa

from kerege.bank.notices import Notice, Silent


def test_silence() -> None:
    notice = Notice(key="k", kind="moved", wallet="w", order="o", at_us=1)
    with sa.create_engine("sqlite://").connect() as connection:
        Silent().tell(connection, [notice])
