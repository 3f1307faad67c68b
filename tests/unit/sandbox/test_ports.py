# SPDX-License-Identifier: Apache-2.0
import socket

import pytest

from kerege.sandbox import ports as module
from kerege.sandbox.ports import NoPort, choose_ports


def test_names_get_ports_of_their_own_and_keep_them() -> None:
    first = choose_ports(["core", "bank"], before={})
    assert len(set(first.values())) == 2
    assert choose_ports(["bank", "core"], before=first) == first


def test_a_port_that_somebody_took_is_replaced() -> None:
    first = choose_ports(["core", "bank"], before={})
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first["core"]))
        taken.listen()
        second = choose_ports(["core", "bank"], before=first)
    assert second["core"] not in first.values()
    assert second["bank"] == first["bank"]


def test_where_none_is_free_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_is_free", lambda _port: False)
    with pytest.raises(NoPort, match="core"):
        choose_ports(["core"], before={})
