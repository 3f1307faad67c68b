# SPDX-License-Identifier: Apache-2.0
"""Value-added tax as a programme has it: rates with dates, its part in a payment. Pure.

>>> [vat_part(50_00, vat=16_00, total=116_00, vat_done=done, done=paid)
...  for paid, done in ((0, 0), (50_00, 6_90))]
[690, 689]
>>> vat_part(16_00, vat=16_00, total=116_00, vat_done=13_79, done=100_00)
221
"""

from kerege.programmes.document import VatTerms

__all__ = ["rates_at", "rounded_vat", "vat_part"]

_WHOLE = 10_000


def rates_at(terms: VatTerms, at_us: int) -> frozenset[int]:
    """Rates in force at an instant, in basis points: of each name the last that has begun."""
    last: dict[str, tuple[int, int]] = {}
    for rate in terms.rates:
        if rate.from_us <= at_us:
            known = last.get(rate.name, (-1, 0))
            last[rate.name] = max(known, (rate.from_us, rate.basis_points))
    return frozenset(basis_points for _, basis_points in last.values())


def rounded_vat(net: int, basis_points: int) -> int:
    """VAT on `net`, rounded half up to the minor unit (EN 16931, BR-CO-17)."""
    return (2 * net * basis_points + _WHOLE) // (2 * _WHOLE)


def vat_part(amount: int, *, vat: int, total: int, vat_done: int, done: int) -> int:
    """How much of `amount` is VAT, where of `total` (with `vat` in it) `done` (with `vat_done`
    in it) was paid before; `amount` is at most what is left. Minor units.

    What is done is always the rounded share of all that was paid: rounding never adds up, and the
    last payment takes exactly what is left.
    """
    share = (2 * vat * (done + amount) + total) // (2 * total)
    net_left = total - vat - (done - vat_done)
    least = max(0, amount - net_left)
    return min(max(share - vat_done, least), amount, vat - vat_done)
