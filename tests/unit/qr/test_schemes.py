# SPDX-License-Identifier: Apache-2.0
import pytest

from kerege.qr import PROFILES, SCHEMES, DataObject, Payload, accounts_of, schemes_in


@pytest.mark.parametrize(
    ("tag", "identifier", "scheme"),
    [
        ("26", "kz.kerege", "kerege-kz"),
        ("51", "KZ.Kerege", "kerege-kz"),
        ("26", "kg.kerege", "kerege-kg"),
        ("29", "A000000677010111", "promptpay"),
        ("30", "A000000677010112", "promptpay"),
        ("29", "sokha@bank", "bakong"),
        ("38", "A000000727", "vietqr"),
        ("26", "A000000775", "vnpay"),
        ("26", "BR.GOV.BCB.PIX", "pix"),
        ("26", "jp.or.paymentsjapan", "jpqr"),
        ("25", "kz.kerege", None),
        ("52", "kz.kerege", None),
        ("26", "kz.kerege.evil", None),
        ("26", "kzxkerege", None),
        ("31", "sokha@bank", None),
    ],
)
def test_a_scheme_is_told_by_its_identifier(tag: str, identifier: str, scheme: str | None) -> None:
    template = DataObject(tag, f"00{len(identifier):02}{identifier}")
    found = schemes_in(Payload((template,)))
    assert [one.id for one in found] == ([scheme] if scheme else [])


@pytest.mark.parametrize("value", ["", "x", "0099", "0104@nan", "0001a0001a"])
def test_what_is_no_template_is_of_no_scheme(value: str) -> None:
    assert schemes_in(Payload((DataObject("26", value),))) == ()


def test_a_code_may_be_of_several_schemes() -> None:
    ours, theirs = DataObject("26", "0009kz.kerege"), DataObject("27", "0014br.gov.bcb.pix")
    payload = Payload((theirs, ours))
    assert [scheme.id for scheme in schemes_in(payload)] == ["kerege-kz", "pix"]
    assert accounts_of(payload, PROFILES["KZ"].scheme) == (ours,)


def test_profiles_agree_with_schemes() -> None:
    assert set(PROFILES) == {"KZ", "KG"}
    assert len({scheme.id for scheme in SCHEMES}) == len(SCHEMES)
    for country, profile in PROFILES.items():
        assert profile.country == profile.scheme.country == country
        assert profile.scheme.identifier.fullmatch(profile.identifier)
        assert profile.scheme.first_tag <= profile.account_tag <= profile.scheme.last_tag
        assert "80" <= profile.terms_tag <= "99"
        assert profile.currency.number
