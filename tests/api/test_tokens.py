"""API tokens: permissions and divisions of the membership."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from appointments.models import Appointment
from centers.models import ApiToken
from centers.services import tokens
from tests import factories
from tests.api.conftest import KEY, Api
from tests.appointments.steps import book, taken
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("channel", ["phone", "desk", "api", "online"])
def test_a_cadre_books_for_others(api_of, cadre, slot, item, channel):
    assert api_of(cadre).book(slot, channel=channel).status_code == 201

    made = Appointment.objects.get()
    assert (made.channel, made.booked_by) == (channel, cadre)


def test_a_caller_gets_the_desks_place_when_the_public_ones_are_gone(api_of, cadre, slot, item, resident):
    book(slot, item, resident, party_size=2)

    assert api_of(cadre).book(slot, name="李四", phone="13900001234", channel="phone").status_code == 201
    assert taken(slot) == (2, 1)


@pytest.mark.parametrize("channel", ["phone", "desk", "api"])
def test_without_a_token_only_online(api, slot, item, channel):
    answer = api.book(slot, channel=channel)

    assert (answer.status_code, answer.json()["code"]) == (401, "token_needed")


def test_a3_a_slot_out_of_reach_is_not_found(api_of, cadre, other_center, item):
    """A3."""
    slot = factories.SlotFactory(center=other_center, starts_at=at(3, 9))

    for channel in ("phone", "online"):
        assert api_of(cadre).book(slot, channel=channel).status_code == 404
    assert taken(slot) == (0, 0)


def test_a_role_without_the_right_is_told_so(api_of, officer, slot, item):
    answer = api_of(officer).book(slot, channel="phone")

    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_token_reaches_no_farther_than_its_membership(cadre, village, other_center, item):
    """Its user may hold a role elsewhere too."""
    _token, secret = tokens.issue(membership=cadre.memberships.get(), name="县热线")
    factories.MembershipFactory(user=cadre, division=other_center.division)

    assert Api(secret).book(factories.SlotFactory(center=other_center), channel="phone").status_code == 404


def test_a_call_center_is_not_held_to_the_limits_of_one_address(api_of, cadre, center, item):
    slot = factories.SlotFactory(center=center, starts_at=at(3, 9), online_places=50)
    caller = api_of(cadre)

    answers = [caller.book(slot, phone=f"138000056{number:02d}", channel="phone") for number in range(41)]

    assert {answer.status_code for answer in answers} == {201}


@pytest.fixture
def booked(slot, item, resident):
    return book(slot, item, resident)


def test_a_cadre_cancels_for_a_caller(api_of, cadre, booked):
    assert api_of(cadre).post(f"appointments/{booked.code}/cancel", {"phone": booked.phone}).status_code == 200

    booked.refresh_from_db()
    assert (booked.cancelled_by, booked.cancel_typed_by) == ("villager", cadre)


def test_an_officer_looks_and_does_not_touch(api_of, officer, booked):
    caller = api_of(officer)

    assert caller.get(f"appointments/{booked.code}", phone=booked.phone).status_code == 200
    assert caller.post(f"appointments/{booked.code}/cancel", {"phone": booked.phone}).status_code == 403


def test_a3_a_strangers_token_finds_nothing(api_of, stranger, booked):
    """A3: with the right number and code."""
    caller = api_of(stranger)

    unknown = caller.get(f"appointments/{booked.code}", phone="13911112222")
    for answer in (
        caller.get(f"appointments/{booked.code}", phone=booked.phone),
        caller.post(f"appointments/{booked.code}/cancel", {"phone": booked.phone}),
        caller.post(f"appointments/{booked.code}/move", {"phone": booked.phone, "slot": 1}),
    ):
        assert (answer.status_code, answer.json()) == (404, unknown.json())


# A token's life


@pytest.mark.parametrize(
    "header", ["Bearer wrong", "Bearer ", "Bearer", "Basic abc", "wrong", "Bearer \0", "Bearer 令牌"]
)
def test_a_wrong_token_is_refused_and_not_overlooked(api, slot, item, header):
    api.client.defaults["HTTP_AUTHORIZATION"] = header

    answer = api.book(slot)

    assert (answer.status_code, answer.json()["code"]) == (401, "bad_token")
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("ended", ["token", "role", "user"])
def test_a2_a_revoked_token_role_or_user_is_refused_on_the_next_call(cadre, slot, item, ended):
    """A2."""
    membership = cadre.memberships.get()
    token, secret = tokens.issue(membership=membership, name="县热线")
    caller = Api(secret)
    assert caller.book(slot, key=KEY, channel="phone").status_code == 201

    if ended == "token":
        tokens.revoke(token=token)
    elif ended == "role":
        membership.revoked_at = timezone.now()
        membership.save()
    else:
        cadre.is_active = False
        cadre.save()

    assert caller.book(slot, key=KEY, channel="phone").status_code == 401


def test_the_secret_is_nowhere_to_be_read(cadre):
    token, secret = tokens.issue(membership=cadre.memberships.get(), name="县热线")

    assert secret.startswith(token.start)
    assert secret not in str(ApiToken.objects.values())


def test_when_a_token_was_last_used_is_known(cadre, slot, item):
    token, secret = tokens.issue(membership=cadre.memberships.get(), name="县热线")

    Api(secret).book(slot)

    token.refresh_from_db()
    assert token.last_used_at is not None


# The command


def test_the_command_gives_out_a_token_that_works(cadre, slot, item, capsys):
    call_command("api_token", "create", "--user", "cadre", "--name", "县热线")

    secret = capsys.readouterr().out.split()[-1]
    assert Api(secret).book(slot, channel="phone").status_code == 201


def test_the_command_lists_and_revokes(cadre, capsys):
    token, secret = tokens.issue(membership=cadre.memberships.get(), name="县热线")

    call_command("api_token", "list")
    listed = capsys.readouterr().out
    call_command("api_token", "revoke", "--id", str(token.pk))

    assert token.start in listed and secret not in listed
    assert tokens.recognise(secret) is None


@pytest.mark.parametrize(
    "wrong", [["create", "--user", "nobody"], ["create", "--user", "son"], ["create"], ["revoke", "--id", "0"]]
)
def test_the_command_says_what_is_missing(db, wrong):
    factories.UserFactory(username="son")

    with pytest.raises(CommandError):
        call_command("api_token", *wrong)


def test_of_several_roles_one_is_chosen(cadre, other_center):
    factories.MembershipFactory(user=cadre, division=other_center.division)

    with pytest.raises(CommandError, match="990101101201"):
        call_command("api_token", "create", "--user", "cadre")
    call_command("api_token", "create", "--user", "cadre", "--division", other_center.code)

    assert ApiToken.objects.get().membership.division == other_center.division
