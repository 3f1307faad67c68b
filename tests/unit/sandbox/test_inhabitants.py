# SPDX-License-Identifier: Apache-2.0
import pytest

from kerege.payments.aliases import normalise_card_token
from kerege.sandbox.inhabitants import MAX_PEOPLE, Firm, Person, check_digit, populate, tax_number
from kerege.sandbox.profile import CheckDigit, Numbers
from kerege.sandbox.profile_reading import known_profiles, load_profile


@pytest.mark.parametrize("country", known_profiles())
def test_the_same_seed_makes_the_same_people_and_another_others(country: str) -> None:
    profile = load_profile(country)
    assert populate(profile, people=50, seed=1) == populate(profile, people=50, seed=1)
    assert populate(profile, people=50, seed=1) != populate(profile, people=50, seed=2)


@pytest.mark.parametrize("country", known_profiles())
def test_nobody_has_a_number_that_could_be_somebodys(country: str) -> None:
    profile = load_profile(country)
    population = populate(profile, people=MAX_PEOPLE, seed=1)
    everyone: list[Person | Firm] = [*population.people]
    everyone += [*population.shops, *population.employers]
    for one in everyone:
        assert one.phone.startswith(profile.phone.prefix + profile.phone.made_up)
        assert len(one.phone) == len(profile.phone.prefix) + profile.phone.digits
        assert one.tax_number.startswith(profile.tax_number.made_up)
        assert len(one.tax_number) == profile.tax_number.digits
    assert len({one.phone for one in everyone}) == len(everyone)
    assert len({one.tax_number for one in everyone}) == len(everyone)
    assert len({one.key for one in everyone}) == len(everyone)


@pytest.mark.parametrize("country", known_profiles())
def test_people_are_what_the_profile_knows(country: str) -> None:
    profile = load_profile(country)
    population = populate(profile, people=200, seed=3)
    tiers = {(tier.owner_kind, tier.name) for tier in profile.tiers}
    banks = {one.id for one in profile.institutions}
    assert {("person", one.tier) for one in population.people} <= tiers
    assert {("firm", one.tier) for one in population.shops} <= tiers
    assert {one.bank for one in population.people} == banks, "no institution stands empty"
    assert {one.bank for one in population.shops} == banks
    assert {one.employer for one in population.people} == set(range(len(population.employers)))
    words = profile.population
    for person in population.people:
        assert words.salary_least_minor <= person.salary_minor <= words.salary_most_minor


@pytest.mark.parametrize("people", [0, -1, MAX_PEOPLE + 1])
def test_a_sandbox_has_so_many_people(people: int) -> None:
    with pytest.raises(ValueError, match="1 to"):
        populate(load_profile("kz"), people=people, seed=1)


def test_a_check_digit_falls_back_to_other_weights_and_then_to_none() -> None:
    rule = CheckDigit(modulus=11, weights=((1, 2), (3, 4)))
    assert check_digit("12", rule) == 5
    assert check_digit("05", rule) == 9, "1*0 + 2*5 is 10: the second weights count"
    assert check_digit("24", CheckDigit(modulus=11, weights=((1, 2),))) is None


def test_a_number_without_a_check_digit_is_passed_over() -> None:
    rule = CheckDigit(modulus=11, weights=((1, 2, 1, 2),))
    numbers = Numbers(digits=5, made_up="9", check_digit=rule)
    for number in range(50):
        digits = tax_number(numbers, number)
        assert digits[4] == str(check_digit(digits[:4], rule))


@pytest.mark.parametrize("country", known_profiles())
def test_pupils_have_a_guardian_of_age_at_the_post_office(country: str) -> None:
    profile = load_profile(country)
    population = populate(profile, people=200, seed=3)
    assert len(population.pupils) == 200 // 7
    posts = {one.id for one in profile.institutions if one.kind == "post"}
    asks = {tier.name: tier.requires for tier in profile.tiers if tier.owner_kind == "person"}
    grown_ups: list[Person | Firm] = [*population.people, *population.shops]
    grown_ups += population.employers
    for pupil in population.pupils:
        guardian = population.people[pupil.guardian]
        assert {pupil.bank, guardian.bank} <= posts
        assert "birth_date" in asks[guardian.tier]
        assert pupil.region == guardian.region
        assert "2014" <= pupil.birth_date[:4] < "2020"
        assert pupil.phone not in {one.phone for one in grown_ups}
        assert normalise_card_token(pupil.card).value == pupil.card.lower()
    assert len({one.card for one in population.pupils}) == len(population.pupils)
    assert len({one.guardian for one in population.pupils}) == len(population.pupils)


def test_few_people_have_no_pupil() -> None:
    assert populate(load_profile("kz"), people=6, seed=1).pupils == ()
