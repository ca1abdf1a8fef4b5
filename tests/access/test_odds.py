"""How likely it is that somebody guesses a secret, computed from the limits; docs/security.md publishes the figures.

A month has 30 days. Its windows of a day are 31 and those of a week 5, for whoever begins at the end of one: no more
full counts of a sliding window fit into it.
"""

import re
from math import ceil
from pathlib import Path

import pytest
from allauth.account import app_settings
from allauth.core.internal import ratelimit
from django.conf import settings

from appointments.booking import look_up
from appointments.booking.models import CODES
from portal.accounts import codes, familiar, invitations, password_throttle
from portal.ui import signing

WINDOWS_OF_A_DAY, WINDOWS_OF_A_WEEK = 31, ceil(30 / 7)
SECURITY = Path("docs/security.md")
# A TOTP code is valid for 30 s, and as many steps before and after as MFA_TOTP_TOLERANCE says.
LIVE_TOTP = 2 * settings.MFA_TOTP_TOLERANCE + 1
NAMES_OF_AN_ACCOUNT = 2  # its login name and its number


def of_bookings() -> float:
    """To open one of a person's bookings, whoever guesses from wherever: all places, its owner's, all strangers.

    A guess costs k tries and is right with the chance k / CODES, so it is the same for every k.
    """
    a_week = look_up.COST_PER_PHONE + (familiar.PLACES + 1) * look_up.COST_PER_PLACE
    return a_week * WINDOWS_OF_A_WEEK / CODES


def of_a_network(k: int) -> float:
    """That one network opens a booking of anybody, where each number has k live codes."""
    return min(look_up.LOOKUPS_PER_ADDRESS_AND_DAY * WINDOWS_OF_A_DAY * k / CODES, 1)


def of_strangers_at_a_number(k: int) -> float:
    guesses = min(look_up.LOOKUPS_PER_PHONE * WINDOWS_OF_A_DAY, look_up.COST_PER_PHONE // k * WINDOWS_OF_A_WEEK)
    return guesses * k / CODES


def of_codes_by_sms() -> float:
    return codes.PER_PHONE_AND_DAY * codes.MAX_GUESSES * WINDOWS_OF_A_DAY / codes.CODES


def of_second_factors() -> float:
    """By somebody who knows the password already."""
    rates = ratelimit.parse_rates(app_settings.RATE_LIMITS["login_failed"])
    a_day = min(rate.amount for rate in rates if rate.duration == 86_400)
    return a_day * LIVE_TOTP * WINDOWS_OF_A_DAY / 1_000_000


def of_a_link() -> float:
    """Of one message, by somebody who tries a thousand a second and does not care for refusals."""
    return 1000 * 30 * 86_400 / len(signing.ALPHABET) ** signing.SHORT


def of_slips(live: int, networks: int) -> float:
    """To open the account of anybody who has a slip, where as many are valid at once."""
    guesses = invitations.TRIES_PER_ADDRESS_AND_DAY * WINDOWS_OF_A_DAY * networks
    return guesses * live / len(invitations.ALPHABET) ** invitations.LENGTH


def days_for(words: int, a_day: int) -> int:
    return words // a_day


def test_it_is_at_most_one_percent_a_month_for_any_one_person():
    assert of_bookings() + of_codes_by_sms() + of_second_factors() <= 0.01


@pytest.mark.parametrize("k", [1, 2, 3, 10, 100, 500])
def test_strangers_alone_are_within_it_for_any_number_of_live_codes(k):
    assert of_strangers_at_a_number(k) <= look_up.COST_PER_PHONE * WINDOWS_OF_A_WEEK / CODES


def published() -> str:
    (_limits, seconds), a_day = password_throttle.PER_NAME, password_throttle.PER_NAME[0]
    assert seconds == 86_400
    of_network = password_throttle.PER_NAME_AND_NETWORK[-1][0]
    from_everywhere = a_day + familiar.PLACES * of_network
    return "\n".join(
        [
            "| What is guessed | Odds in 30 days |",
            "|---|---|",
            "| a booking of one person, by everybody together, however many of its codes are live |"
            f" {of_bookings():.2%} |",
            *(
                f"| a booking of one person, by strangers alone, {k} live code{'s' * (k > 1)} |"
                f" {of_strangers_at_a_number(k):.2%} |"
                for k in (1, 3, 10)
            ),
            *(
                f"| a booking of anybody, by one network, {k} live code{'s' * (k > 1)} a number |"
                f" {of_a_network(k):.2%} |"
                for k in (1, 3)
            ),
            f"| a code by SMS of one person | {of_codes_by_sms():.2%} |",
            f"| a second factor, by somebody who knows the password | {of_second_factors():.2%} |",
            f"| the three together, for one person | {of_bookings() + of_codes_by_sms() + of_second_factors():.2%} |",
            f"| the link of one message, at a thousand tries a second | {of_a_link():.4%} |",
            f"| one of 5,000 invitation slips, by a thousand networks | {of_slips(5000, 1000):.4%} |",
            "",
            "| 10,000 passwords tried at one account by | Days |",
            "|---|---|",
            f"| one network | {days_for(10_000, NAMES_OF_AN_ACCOUNT * of_network)} |",
            f"| an address range (IPv4 /24, IPv6 /48) |"
            f" {days_for(10_000, NAMES_OF_AN_ACCOUNT * password_throttle.PER_NAME_AND_RANGE[0])} |",
            f"| all networks together | {days_for(10_000, NAMES_OF_AN_ACCOUNT * a_day)} |",
            f"| all networks, among them all from which the owner signs in |"
            f" {days_for(10_000, NAMES_OF_AN_ACCOUNT * from_everywhere)} |",
        ]
    )


def test_the_published_figures_follow_from_the_limits():
    told = re.search(r"^## Odds of guessing$(.+?)^## ", SECURITY.read_text(), re.DOTALL | re.MULTILINE)[1]

    assert published() in told, f"docs/security.md should say:\n\n{published()}"
