"""Whatever name and number a form accepts, its service and its model accept: no answer is an error of ours."""

import uuid

import pytest
from django import forms
from django.urls import reverse

from appointments.booking.models import Appointment
from appointments.cases.forms import HandOverForm, OpenCaseForm
from appointments.desk.forms import DeskBookingForm, NewResidentForm
from appointments.models import Case, WaitingEntry
from centers.people.forms import HelperForm, WhoForm
from portal.accounts.models import User
from portal.dashboards.people.forms import CorrectionForm, FamilyForm
from portal.ui import names
from portal.ui.forms import Form, NameField, PhoneField
from tests import factories
from tests.appointments import steps, villager

pytestmark = pytest.mark.django_db

NAMES = ["张", "冯〇", "O’Brien", "abcdefghijklmnopqrstuvwxyz", "李\ue863", "𠮷\U00031350", "买" * names.LONGEST]
NUMBERS = ["13800005678", "0399-5551234", "4008001234", "800-810-1234", "12345", "96198", "+86 10 8888 6666"]
ACCEPTED = [*((name, "13800005678") for name in NAMES), *(("王桂兰", number) for number in NUMBERS)]
each = pytest.mark.parametrize(("name", "number"), ACCEPTED)


@pytest.fixture
def desk(signed_in, cadre):
    return signed_in(cadre)


@each
def test_a_new_resident(desk, center, name, number):
    assert desk.post("/desk/book/", {"name": name, "phone": number}).status_code == 302


@each
def test_a_booking_at_the_desk(desk, slot, item, resident, name, number):
    answer = desk.post(
        reverse("desk_book_time", args=[resident.pk, item.code]),
        {"slot": slot.pk, "channel": "phone", "phone": number, "contact_name": name, "party_size": "1", "key": "k"},
    )
    assert answer.status_code == 302 and Appointment.objects.get().contact_name == name


@each
def test_the_waiting_list_at_the_desk(desk, slot, item, resident, name, number):
    for _place in range(3):
        steps.book(slot, item, factories.ResidentFactory(division=resident.division), channel="desk")
    answer = desk.post(
        reverse("desk_book_time", args=[resident.pk, item.code]),
        {
            "slot": slot.pk,
            "channel": "phone",
            "phone": number,
            "contact_name": name,
            "party_size": "1",
            "key": "k",
            "go": "wait",
        },
    )
    assert answer.status_code == 302 and WaitingEntry.objects.get().contact_name == name


@each
def test_a_case_and_whom_it_is_handed_to(desk, center, county, resident, name, number):
    item = factories.ServiceItemFactory(division=county, carried=True)
    answer = desk.post(
        reverse("desk_case_open", args=[resident.pk, item.code]),
        {"source": "walk_in", "phone": number, "contact_name": name, "key": uuid.uuid4().hex},
    )
    assert answer.status_code == 302 and Case.objects.get().contact_name == name


@each
def test_a_booking_for_the_family(client, slot, item, name, number):
    answer = villager.book(
        client, slot, item, who="family", name=name, phone=number, contact_name=name, relation="child"
    )
    assert answer.status_code == 302


def test_an_account_with_a_long_name_books_for_its_family(signed_in, son, resident, slot, item):
    User.objects.filter(pk=son.pk).update(name="a" * 34)
    answer = villager.book(signed_in(son), slot, item, who=f"r{resident.pk}")

    assert answer.status_code == 302 and Appointment.objects.get().contact_name == "a" * 34


@each
def test_a_correction(desk, center, resident, name, number):
    values = {"name": name, "phone": number, "villager_group": "一组"}
    page = desk.post(reverse("desk_correct", args=[resident.pk]), values)

    answer = desk.post(page.wsgi_request.path, page.context["values"] | {"sure": page.context["planned"].version})
    assert answer.status_code == 302


@pytest.mark.parametrize("name", NAMES)
def test_a_family_link(desk, center, resident, name):
    values = {"name": name, "phone": "13900001234", "relation": "child", "agreed": "1"}

    assert desk.post(reverse("desk_family", args=[resident.pk]), values).status_code == 302
    assert User.objects.get(phone="13900001234").name == name


def test_no_form_with_names_or_numbers_is_left_out():
    """Each of these is fed above, or asks for a number only to look it up."""
    fed = {
        NewResidentForm,
        DeskBookingForm,
        OpenCaseForm,
        WhoForm,
        HandOverForm,
        HelperForm,
        CorrectionForm,
        FamilyForm,
    }
    asking = {
        form
        for form in every(Form)
        if any(isinstance(field, NameField | PhoneField) for field in form.base_fields.values())
    }
    elsewhere = {"ExampleForm", "InviteForm", "LookUpForm", "VisitForm", "Visit", "NumberForm"}
    assert {form.__name__ for form in asking - fed} <= elsewhere


def every(form: type[forms.Form]) -> set[type[forms.Form]]:
    return {one for direct in form.__subclasses__() for one in {direct, *every(direct)}}


@each
def test_whom_a_result_is_handed_to(center, county, resident, cadre, name, number):
    """The form's value, as the step's service stores it."""
    item = factories.ServiceItemFactory(division=county, carried=True)
    case = factories.CaseFactory(center=center, item=item, resident=resident, owner=cadre, first_owner=cadre)
    case.handed_over_to, case.phone = NameField().clean(name), PhoneField().clean(number)
    case.clean_fields(exclude=["center", "item", "resident", "appointment", "first_owner", "owner", "backup"])
    case.save()

    assert Case.objects.get(pk=case.pk).handed_over_to == name
