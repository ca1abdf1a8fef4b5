"""The admin: limited to the user's divisions, no deletion of history, phone numbers masked in lists.

That every list, search and row works is tested in tests/access.
"""

import pytest
from auditlog.models import LogEntry
from django.contrib.auth.models import Permission
from django.urls import reverse

from appointments.models import Appointment, Place, ServiceItem, Slot
from assessments.models import Rating
from centers.models import ApiToken, CalendarDay, Center, ClosureNotice, Division, MarketDay, Membership, Resident
from portal.accounts.roles import Role
from portal.notifications.models import Message
from tests import factories
from tests.factories.appointments import at

pytestmark = pytest.mark.django_db

OURS = ("centers", "appointments", "assessments", "notifications")


def page(model, name: str = "changelist", *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


@pytest.fixture
def administrator():
    return factories.UserFactory(username="admin", is_staff=True, is_superuser=True)


@pytest.fixture
def as_superuser(signed_in, administrator):
    return signed_in(administrator)


@pytest.fixture
def as_officer(officer, signed_in):
    """A township officer with access to the admin."""
    officer.is_staff = True
    officer.save()
    officer.user_permissions.set(Permission.objects.filter(content_type__app_label__in=OURS))
    return signed_in(officer)


@pytest.fixture
def rows(center, other_center, resident, item, cadre):
    """One row of everything, in two townships."""
    stranger = factories.ResidentFactory(division=other_center.division, name="石大山", phone="13711112222")
    for place, person in ((center, resident), (other_center, stranger)):
        appointment = factories.AppointmentFactory(center=place, resident=person, item=item)
        slot = factories.PlaceFactory(appointment=appointment).slot
        factories.RatingFactory(appointment=appointment)
        factories.TicketFactory(center=place, appointment=appointment)
        factories.QueueDayFactory(center=place)
        factories.OfflineMarkFactory(center=place)
        factories.ClosureNoticeFactory(center=place)
        factories.RoomFactory(center=place)
        factories.OpeningRuleFactory(center=place)
        factories.MarketDayFactory(rule__division=place.division)
        factories.FamilyLinkFactory(resident=person)
        factories.WaitingEntryFactory(slot=slot, item=item, resident=person)
        factories.HoldFactory(slot=slot)
        factories.LinkUseFactory(appointment=appointment)
        case = factories.CaseFactory(center=place, item=item, resident=person)
        factories.CasePauseFactory(stage=factories.CaseStageFactory(case=case))
        for of_case in (factories.CaseMaterialFactory, factories.CaseTransferFactory, factories.CaseStepFactory):
            of_case(case=case)
        swap = factories.ShiftSwapFactory(shift__staff__center=place)
        factories.LeaveFactory(staff=swap.taker)
        factories.ItemAgentFactory(staff=swap.taker)
        factories.SlotGapFactory(slot=slot)
        factories.PresenceReportFactory(center=place)
    factories.ApiTokenFactory(membership__division=center.division)
    factories.MessageFactory(address=resident.phone)
    factories.CalendarDayFactory()


@pytest.mark.parametrize(
    "model",
    [Center, Division, Appointment, Place, Slot, ServiceItem, Rating, Message, ClosureNotice, Membership, MarketDay],
)
def test_what_was_is_not_deleted(model, as_superuser, rows):
    pk = model._default_manager.values_list("pk", flat=True).first()

    assert as_superuser.post(page(model, "delete", pk), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", [Appointment, Place, Slot, Rating, Message])
def test_history_is_not_written_by_hand(model, as_superuser, rows):
    pk = model._default_manager.values_list("pk", flat=True).first()

    assert as_superuser.get(page(model, "add")).status_code == 403
    assert as_superuser.post(page(model, "change", pk), {}).status_code == 403


def test_an_officer_sees_only_what_lies_within_reach(as_officer, rows):
    said = as_officer.get(page(Appointment)).content.decode()

    assert "柳湾村党群服务中心" in said and "石桥村党群服务中心" not in said


def test_a_row_of_another_township_is_not_there(as_officer, rows):
    foreign = Resident.objects.get(name="石大山")

    answer = as_officer.get(page(Resident, "change", foreign.pk))

    assert answer.status_code == 302 and answer.url == reverse("admin:index")


def test_a_form_does_not_take_a_foreign_place(as_officer, rows, other_center):
    answer = as_officer.post(
        page(Resident, "add"), {"division": other_center.division_id, "name": "新来的", "phone": "13600001111"}
    )

    assert answer.status_code == 200
    assert not Resident.objects.filter(name="新来的").exists()


def test_filters_name_only_townships_within_reach(as_officer, as_superuser, rows):
    assert "石桥镇" not in as_officer.get(page(Resident)).content.decode()
    assert "石桥镇" in as_superuser.get(page(Resident)).content.decode()


@pytest.mark.parametrize("model", [Resident, Appointment, Message])
def test_lists_mask_numbers(model, as_superuser, rows):
    said = as_superuser.get(page(model)).content.decode()

    assert "138****5678" in said and "13800005678" not in said


def test_opening_a_resident_is_on_record(as_superuser, administrator, rows, resident):
    as_superuser.get(page(Resident, "change", resident.pk))

    seen = LogEntry.objects.get(action=LogEntry.Action.ACCESS)
    assert (seen.object_pk, seen.actor) == (str(resident.pk), administrator)


def test_a_day_changed_by_hand_is_no_longer_pending(as_superuser):
    day = factories.CalendarDayFactory(date="2027-01-01", is_pending=True)

    as_superuser.post(page(CalendarDay, "change", day.pk), {"kind": "holiday", "name": "元旦"})

    day.refresh_from_db()
    assert (day.kind, day.is_pending) == ("holiday", False)


def test_a_changed_item_becomes_its_next_version(as_superuser, item):
    form = as_superuser.get(page(ServiceItem, "change", item.pk)).context["adminform"].form
    values = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    values = {name: value for name, value in values.items() if value is not None}

    as_superuser.post(page(ServiceItem, "change", item.pk), {**values, "materials": '["户口本"]', "minutes": 45})

    versions = ServiceItem.objects.filter(code=item.code).order_by("version")
    assert [(one.version, one.minutes, one.valid_to is None) for one in versions] == [(1, 30, False), (2, 45, True)]


class TestClosures:
    def act(self, client, action: str, closure: ClosureNotice):
        data = {"action": action, "_selected_action": closure.pk}
        return client.post(page(ClosureNotice), data, follow=True).content.decode()

    @pytest.fixture
    def closure(self, center, manager):
        factories.OpeningRuleFactory(center=center, weekday=at(3, 9).weekday())
        return factories.ClosureNoticeFactory(
            center=center, starts_at=at(3, 8), ends_at=at(3, 18), requested_by=manager
        )

    def test_an_approval_closes_the_times_and_names_who_is_affected(self, as_officer, closure, slot, resident, item):
        booked = factories.AppointmentFactory(center=closure.center, resident=resident, item=item)

        said = self.act(as_officer, "approve", closure)

        slot.refresh_from_db()
        assert slot.closed_at is not None
        assert "有 1 个预约受影响" in said and f"id__in={booked.pk}" in said

    def test_the_link_shows_the_affected(self, as_officer, closure, resident, item):
        booked = factories.AppointmentFactory(center=closure.center, resident=resident, item=item)

        said = as_officer.get(page(Appointment), {"id__in": str(booked.pk)}).content.decode()

        assert "1 预约" in said or "138****5678" in said

    def test_withdrawing_opens_the_times_again(self, as_officer, closure, slot):
        self.act(as_officer, "approve", closure)
        self.act(as_officer, "withdraw", closure)

        slot.refresh_from_db()
        assert slot.closed_at is None

    def test_a_refusal_is_said_in_words(self, as_superuser, closure):
        assert "批准停开要由管这个中心的乡镇或县里来做" in self.act(as_superuser, "approve", closure)


def test_nobody_hands_out_a_rank_above_their_own(as_officer, village, stranger):
    new = factories.FamilyLinkFactory(resident__division=village).user
    data = {"user": new.pk, "division": village.pk, "title": ""}

    refused = as_officer.post(page(Membership, "add"), {**data, "role": Role.COUNTY})
    allowed = as_officer.post(page(Membership, "add"), {**data, "role": Role.MANAGER})

    assert (refused.status_code, allowed.status_code) == (200, 302)
    assert [held.role for held in Membership.objects.filter(user=new)] == [Role.MANAGER]


def test_a_role_is_revoked_and_its_row_stays(as_officer, cadre):
    held = Membership.objects.get(user=cadre)

    as_officer.post(page(Membership), {"action": "revoke", "_selected_action": held.pk})

    held.refresh_from_db()
    assert held.revoked_at is not None


def test_a_token_is_shown_once_and_only_its_digest_stored(as_superuser, cadre):
    held = Membership.objects.get(user=cadre)

    said = as_superuser.post(
        page(ApiToken, "add"), {"membership": held.pk, "name": "12345热线"}, follow=True
    ).content.decode()

    token = ApiToken.objects.get()
    assert f"抄到对方系统里：{token.start}" in said
    assert "抄到对方系统里" not in as_superuser.get(page(ApiToken)).content.decode()


def test_nobody_gives_a_token_of_a_rank_above_their_own(as_officer, county):
    held = factories.MembershipFactory(division=county, role=Role.COUNTY)

    as_officer.post(page(ApiToken, "add"), {"membership": held.pk, "name": "热线"})

    assert not ApiToken.objects.exists()


def test_a_revoked_token_stays_on_record(as_superuser, cadre):
    token = factories.ApiTokenFactory(membership=Membership.objects.get(user=cadre))

    as_superuser.post(page(ApiToken), {"action": "revoke", "_selected_action": token.pk})

    token.refresh_from_db()
    assert token.revoked_at is not None
