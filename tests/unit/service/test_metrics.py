# SPDX-License-Identifier: Apache-2.0
"""Metrics by route template; what a client makes up never becomes a label."""

from kerege.service.metrics import Metrics


def test_requests() -> None:
    metrics = Metrics()
    metrics.begin()
    metrics.begin()
    metrics.end("GET", "/v1/wallets/{wallet:str}", 200, 0.004)
    text = metrics.text().decode()
    assert "kerege_http_requests_under_way 1.0" in text
    label = 'method="GET",route="/v1/wallets/{wallet:str}",status="200"'
    assert f"kerege_http_request_seconds_count{{{label}}} 1.0" in text
    assert f'kerege_http_request_seconds_bucket{{le="0.005",{label}}} 1.0' in text


def test_made_up_methods_and_addresses_share_a_label() -> None:
    metrics = Metrics()
    for number in range(100):
        metrics.begin()
        metrics.end(f"M{number}", "", 404, 0.001)
    text = metrics.text().decode()
    assert 'method="other",route="unknown",status="404"} 100.0' in text


def test_orders_by_outcome() -> None:
    metrics = Metrics()
    metrics.count_order("accepted", 3)
    assert 'kerege_orders_total{code="accepted"} 3.0' in metrics.text().decode()


def test_a_gauge_is_read_when_looked_at() -> None:
    metrics = Metrics()
    size = [1]
    metrics.watch("log_leaves", "Leaves of the log.", lambda: size[0])
    size[0] = 5
    assert "kerege_log_leaves 5.0" in metrics.text().decode()


def test_registries_are_separate() -> None:
    first, second = Metrics(), Metrics()
    first.count_order("accepted")
    assert b'accepted"} 1.0' not in second.text()
