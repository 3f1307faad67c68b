# SPDX-License-Identifier: Apache-2.0
import dataclasses

import pytest

from kerege.money import ISO4217, MAX_SCALE, Asset, AssetError, Assets


@pytest.mark.parametrize(
    ("code", "number", "scale"),
    [
        ("KZT", "398", 2),
        ("KGS", "417", 2),
        ("JPY", "392", 0),
        ("BHD", "048", 3),
        ("CLF", "990", 4),
        ("XCG", "532", 2),
    ],
)
def test_iso_4217(code: str, number: str, scale: int) -> None:
    asset = ISO4217.by_code(code)
    assert (asset.number, asset.scale) == (number, scale)
    assert ISO4217.by_number(number) is asset
    assert asset.name
    assert str(asset) == code


def test_the_table_is_whole() -> None:
    assert len(ISO4217) == 165
    assert "KZT" in ISO4217
    assert "XAU" not in ISO4217


@pytest.mark.parametrize("withdrawn", ["HRK", "BGN", "DEM", "ZWL"])
def test_withdrawn_currencies_are_unknown(withdrawn: str) -> None:
    with pytest.raises(AssetError, match=f"no asset has the code {withdrawn}"):
        ISO4217.by_code(withdrawn)


def test_gold_has_no_minor_unit() -> None:
    with pytest.raises(AssetError, match=r"no minor unit.*XAU-G"):
        ISO4217.by_code("XAU")


@pytest.mark.parametrize(
    "code",
    ["", "KZ", "kzt", "KZТ", "1KZ", "-KZ", "KZ-", "K--Z", "KZT\n", "A" * 13, "K_Z", 398, None],
)
def test_malformed_codes(code: object) -> None:
    with pytest.raises(AssetError, match="not an asset code"):
        Asset(code, 2)  # type: ignore[arg-type]
    with pytest.raises(AssetError):
        ISO4217.by_code(code)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "number", ["39", "3980", "٣٩٨", "000", "abc", 398, None, pytest.param(10**5000, id="huge")]
)
def test_unknown_numbers(number: object) -> None:
    with pytest.raises(AssetError, match="no currency has the number"):
        ISO4217.by_number(number)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "scale", [-1, MAX_SCALE + 1, 2.0, True, "2", None, pytest.param(10**5000, id="huge")]
)
def test_malformed_scales(scale: object) -> None:
    with pytest.raises(AssetError, match="scale"):
        Asset("XAU-G", scale)  # type: ignore[arg-type]


def test_malformed_numbers_and_names() -> None:
    with pytest.raises(AssetError, match="number"):
        Asset("XAU-G", 3, "39")
    with pytest.raises(AssetError, match="name"):
        Asset("XAU-G", 3, name="x" * 101)


def test_an_own_asset_joins_the_set() -> None:
    assets = ISO4217.declare("XAU-G", scale=3, name="Gold, gram")
    assert assets.by_code("XAU-G") == Asset("XAU-G", 3)
    assert assets.by_code("KZT") is ISO4217.by_code("KZT")
    assert assets.by_number("398").code == "KZT"
    assert "XAU-G" not in ISO4217


def test_an_own_code_is_declared_once_and_never_looks_like_iso() -> None:
    assets = ISO4217.declare("USD-X", scale=6, name="Stablecoin")
    with pytest.raises(AssetError, match="declared already"):
        assets.declare("USD-X", scale=6, name="Another")
    with pytest.raises(AssetError, match="form of an ISO 4217 code"):
        assets.declare("XAU", scale=3, name="Gold")


def test_a_set_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kerege.money.asset.MAX_ASSETS", len(ISO4217))
    with pytest.raises(AssetError, match="the set holds"):
        ISO4217.declare("USD-X", scale=6, name="Stablecoin")


def test_assets_are_values() -> None:
    assert Asset("KZT", 2, name="Теңге") == ISO4217.by_code("KZT")
    assert Asset("KZT", 2) != Asset("KZT", 3)
    with pytest.raises(dataclasses.FrozenInstanceError):
        ISO4217.by_code("KZT").scale = 3  # type: ignore[misc]
    assert isinstance(ISO4217, Assets)


def test_the_longest_and_shortest() -> None:
    assert Asset("A1B", 0, name="x" * 100).scale == 0
    assert Asset("A" * 12, MAX_SCALE).scale == MAX_SCALE


def test_a_declared_asset_has_its_name_and_keeps_what_the_set_knew() -> None:
    assets = ISO4217.declare("X1Y", scale=0, name="Three, but not letters alone")
    assert assets.by_code("X1Y").name == "Three, but not letters alone"
    with pytest.raises(AssetError, match="no minor unit"):
        assets.by_code("XAU")
    with pytest.raises(AssetError, match="already"):
        assets.declare("ABCD", scale=0, name="a").declare("ABCD", scale=0, name="b")


def test_an_error_quotes_the_beginning_of_what_was_given() -> None:
    with pytest.raises(AssetError, match=r"^'xxxxxxxxxxxxxxxxxxxx' is not an asset code"):
        Asset("x" * 1_000_000, 2)
    with pytest.raises(AssetError, match=r"^int is not an asset code"):
        Asset(10**5000, 2)  # type: ignore[arg-type]


def test_numbers_are_checked_whole() -> None:
    for number in ("39", "3980", "39x", "٣٩٨"):
        with pytest.raises(AssetError, match="has number"):
            Asset("XAU-G", 3, number)
