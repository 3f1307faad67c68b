# SPDX-License-Identifier: Apache-2.0
"""The inspector's view over HTTP: for staff and the authority's bank, and nobody else."""

from collections.abc import Iterator

import pytest

from kerege.payments.vat_claims import OpenClaims
from kerege.programmes.vat_graph import VatGraph
from kerege.sandbox.shipped_programmes import shipped_programme
from kerege.service import Refused
from tests.cores import Core
from tests.funders import activate_at, meals


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Core]:
    with Core(tmp_path_factory.mktemp("core")) as core:
        core.bank("altyn-bank")
        core.admit("qala-bank")
        authority = core.open("altyn-bank", owner_kind="agency", tier="agency")
        now_us = core.clock.now_us()
        terms = shipped_programme(
            "digital-vat", asset="KZT", funder=authority.id, starts_us=0, ends_us=4 * 10**15
        )
        activate_at(core.node.register, terms, authority.key, now_us=now_us)
        other = meals(authority, starts_us=0, ends_us=4 * 10**15)
        activate_at(core.node.register, other, authority.key, now_us=now_us)
        yield core


@pytest.mark.parametrize(("what", "kind"), [("graph", VatGraph), ("claims", OpenClaims)])
def test_it_is_for_staff_and_the_authoritys_bank(
    core: Core, what: str, kind: type[VatGraph] | type[OpenClaims]
) -> None:
    path = f"/v1/programmes/digital-vat/vat/{what}"
    for name in ("altyn-bank", "staff-aru"):
        with core.client(name) as client:
            assert client.get(path, kind).is_complete
    asked = [
        ("qala-bank", path, 403),
        ("", path, 401),
        ("staff-aru", f"/v1/programmes/other/vat/{what}", 404),
        ("staff-aru", f"/v1/programmes/school-meals/vat/{what}", 404),
        ("staff-aru", f"/v1/programmes/School/vat/{what}", 400),
    ]
    for name, where, status in asked:
        with core.client(name) as client, pytest.raises(Refused) as caught:
            client.get(where, kind)
        assert caught.value.status == status
