# SPDX-License-Identifier: Apache-2.0
import pytest

from kerege.sandbox.profile_reading import known_profiles, load_profile


@pytest.mark.parametrize("name", known_profiles())
def test_a_text_falls_back_to_the_countrys_first_language(name: str) -> None:
    profile = load_profile(name)
    first = profile.languages[0]
    assert profile.text(profile.name, "xx") == profile.name[first]
    assert profile.text(profile.name, "en") == profile.name["en"]


@pytest.mark.parametrize("name", known_profiles())
def test_institutions_are_four_and_a_post_office(name: str) -> None:
    kinds = [one.kind for one in load_profile(name).institutions]
    assert kinds.count("post") == 1
    assert len(kinds) == 5
    assert load_profile(name).institutions[0].participant
