"""Lists of the admin answer by what they show and by the filters that they name, and tell nothing of hidden columns."""

import pytest
from django.contrib import admin
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import ModelAdmin
from django.contrib.auth.models import Permission
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models.constants import LOOKUP_SEP
from django.test import RequestFactory
from django.urls import reverse

from appointments.models import Appointment
from centers.models import Center, Division, FamilyLink, Membership, Resident
from portal.accounts.models import User
from portal.accounts.viewing import AccessLogged
from portal.ui.columns import NumberField, OfficeNumberField
from portal.ui.searching import ListedOnly
from tests import factories
from tests.centers.test_admin_scope import administrator, as_officer, as_superuser, page, rows  # noqa: F401

pytestmark = pytest.mark.django_db

# Of everybody to read: centers, divisions and their items stand on public pages.
PUBLIC = {"center", "division", "serviceitem", "itemdraft", "itemoptout", "grouptag", "roomfunction", "calendarday"}
LOOKUPS = ("", "__exact", "__regex", "__startswith", "__contains", "__in", "__gt", "__isnull", "__range")
EVERY = sorted(admin.site._registry.items(), key=lambda entry: entry[0]._meta.label)


def every(check):
    return pytest.mark.parametrize(("model", "pages"), EVERY, ids=[model._meta.label for model, _ in EVERY])(check)


def paths_of(model, depth: int = 2, before: str = "") -> list[str]:
    """Each column, and those of the rows that point at it or that it points at."""
    found = []
    for field in model._meta.get_fields():
        if getattr(field, "hidden", False) or (field.is_relation and field.related_model is None):
            continue
        name = field.name  # of rows that point here: the name that a query has for them
        found.append(before + name)
        if field.is_relation and depth > 1:
            found += paths_of(field.related_model, depth - 1, f"{before}{name}{LOOKUP_SEP}")
    return found


def named_filters(pages: ModelAdmin, request) -> set[str]:
    """What the filters of the page put into its addresses."""
    listed = pages.get_changelist_instance(request)
    names = {name for spec in listed.filter_specs for name in spec.expected_parameters()}
    for one in pages.get_list_filter(request):
        if isinstance(one, type):
            names.add(one.parameter_name)
        elif isinstance(one, str):
            names |= {f"{one}{end}" for end in ("", "__exact", "__isnull", "__id__exact", "__isempty")}
    return names


@every
def test_no_list_filters_by_what_is_not_named(model, pages, administrator):  # noqa: F811
    assert isinstance(pages, ListedOnly)
    request = RequestFactory().get("/")
    request.user = administrator
    named = named_filters(pages, request)
    answered = []
    for path in paths_of(model):
        for lookup in LOOKUPS:
            if path + lookup in named:
                continue
            request = RequestFactory().get("/", {path + lookup: "1"})
            request.user = administrator
            try:
                pages.get_changelist_instance(request)
            except DisallowedModelAdminLookup:
                continue
            answered.append(path + lookup)
    assert answered == []


@every
def test_no_search_compares_what_is_not_shown(model, pages, administrator):  # noqa: F811
    request = RequestFactory().get("/")
    request.user = administrator
    shown = set(pages.get_list_display(request))
    wrong = [path for path in pages.get_search_fields(request) if not is_shown(model, shown, path)]
    assert wrong == []


def is_shown(model, shown: set, path: str) -> bool:
    """In a column, in what a column calls the row it points at, to everybody, as its mask shows it, or whole."""
    if path.startswith("="):  # a whole code, which whoever searches has in hand
        return path.rpartition("__")[2].lstrip("=") == "code"
    steps = path.split(LOOKUP_SEP)
    if steps[-1] in ("number_seen", "name_seen"):
        return {"number_seen": "hidden_phone", "name_seen": "hidden_name"}[steps[-1]] in shown
    if steps[-1] == "startswith":
        steps.pop()
    owner = model
    for step in steps[:-1]:
        owner = owner._meta.get_field(step).related_model
    if owner._meta.model_name in PUBLIC or steps[0] in shown:
        return True
    return (model._meta.model_name, path) in {("logentry", "changes"), ("logentry", "object_repr")} | NAMED_BY_ROWS


# Columns that call the row by what is searched.
NAMED_BY_ROWS = {
    ("logentry", "actor__username"),
    ("logentry", "actor__name"),
    ("apitoken", "membership__user__name"),
    ("group", "name"),
}


@every
def test_no_list_is_ordered_by_what_is_not_shown(model, pages, administrator):  # noqa: F811
    request = RequestFactory().get("/", {"o": ".".join(map(str, range(40)))})
    request.user = administrator
    ordered = pages.get_changelist_instance(request).queryset.query.order_by
    hidden = [leaf for name in ordered if isinstance(name, str) for leaf in leaves(model, name.lstrip("-"))]
    assert [
        field for field in hidden if isinstance(field, NumberField) and not isinstance(field, OfficeNumberField)
    ] == []
    secret = [field for field in hidden if field.name in ("link", "key", "code", "digest", "name_key")]
    assert [field for field in secret if field.model._meta.model_name not in PUBLIC] == []


def leaves(model, path: str) -> list[models.Field]:
    if path == "pk":
        return []
    try:
        step, _, rest = path.partition(LOOKUP_SEP)
        field = model._meta.get_field(step)
    except FieldDoesNotExist:
        return []  # an annotation of the list
    if rest:
        return leaves(field.related_model, rest)
    if not field.is_relation:
        return [field]
    return [one for name in field.related_model._meta.ordering for one in leaves(field.related_model, name.lstrip("-"))]


@every
def test_whoever_opens_a_number_in_full_is_on_record(model, pages):
    numbers = [
        field
        for field in model._meta.concrete_fields
        if (isinstance(field, NumberField) and not isinstance(field, OfficeNumberField))
        or (field.is_relation and field.related_model is Resident)
    ]
    assert not numbers or isinstance(pages, AccessLogged)
    assert not numbers or not any(isinstance(column, str) and column == "phone" for column in pages.list_display)


ASKED = [
    ("appointments_appointment", {"link__regex": "^A"}),
    ("appointments_appointment", {"phone__regex": "^138"}),
    ("appointments_appointment", {"resident__phone__startswith": "1"}),
    ("appointments_case", {"link__startswith": "A"}),
    ("appointments_ticket", {"key__gt": "a"}),
    ("centers_resident", {"phone__regex": "^138"}),
    ("centers_resident", {"name__startswith": "王"}),
    ("centers_staff", {"calendar_key__regex": "^a"}),
    ("centers_apitoken", {"digest__startswith": "a"}),
    ("centers_membership", {"user__phone__regex": "^138"}),
    ("centers_membership", {"user__password__startswith": "p"}),
    ("accounts_user", {"password__startswith": "p"}),
    ("accounts_user", {"phone__startswith": "1"}),
    ("notifications_message", {"address__startswith": "1"}),
]


@pytest.mark.parametrize(("listed", "asked"), ASKED, ids=lambda value: str(value))
@pytest.mark.parametrize("how", [{}, {"_popup": "1"}, {"_facets": "True"}, {"o": "1"}], ids=str)
def test_a_list_refuses_the_question(as_superuser, listed, asked, how):  # noqa: F811
    assert as_superuser.get(reverse(f"admin:{listed}_changelist"), asked | how).status_code == 400


def test_an_export_refuses_the_question_as_well(as_superuser):  # noqa: F811
    form = {"format": "0", "resource": "0"}
    for asked in ("phone__regex=^138", "name__startswith=王"):
        assert as_superuser.post(page(Resident, "export") + f"?{asked}", form).status_code == 400


def test_no_list_names_a_resident_in_full(as_superuser, rows, resident):  # noqa: F811
    # The audit log, of administrators only, says whose row was opened.
    models = [model for model, _pages in EVERY if model._meta.label != "auditlog.LogEntry"]
    listed = {model._meta.label: as_superuser.get(page(model)).content.decode() for model in models}

    assert [label for label, html in listed.items() if resident.name in html or resident.phone in html] == []
    assert "王*兰" in listed["centers.Resident"] and "王*兰" in listed["centers.FamilyLink"]


def found(client, model, typed: str) -> int:
    return client.get(page(model), {"q": typed}).context["cl"].result_count


def test_a_search_by_number_compares_the_digits_that_are_shown(as_superuser, resident):  # noqa: F811
    assert [found(as_superuser, Resident, typed) for typed in ("5678", "13800005678", "138 0000 5678")] == [1, 1, 1]
    assert [found(as_superuser, Resident, typed) for typed in ("5679", "13900005678")] == [0, 0]
    # What is hidden makes no difference.
    assert {found(as_superuser, Resident, f"{digit}5678") for digit in range(10)} == {1}
    assert {found(as_superuser, Resident, f"138{digit}0005678") for digit in range(10)} == {1}


def test_a_search_by_name_compares_the_characters_that_are_shown(as_superuser, resident):  # noqa: F811
    assert [found(as_superuser, Resident, typed) for typed in ("王桂兰", "王", "王某兰")] == [1, 1, 1]
    assert [found(as_superuser, Resident, typed) for typed in ("桂", "兰", "王桂", "王桂香", "王兰", "李桂兰")] == [
        0
    ] * 6


def test_a_code_is_found_whole_only(as_superuser, rows):  # noqa: F811
    code = Appointment.objects.values_list("code", flat=True)[0]
    assert found(as_superuser, Appointment, code) == 1
    assert [found(as_superuser, Appointment, code[:digits]) for digits in range(1, 6)] == [0] * 5


def test_a_popup_hands_out_primary_keys_only(as_superuser):  # noqa: F811
    for field in ("phone", "name", "name_key"):
        assert as_superuser.get(page(Resident), {"_popup": "1", "_to_field": field}).status_code == 400


def choices(client, model, field: str, term: str) -> list[str]:
    asked = {"app_label": "centers", "model_name": model, "field_name": field, "term": term}
    return [one["text"] for one in client.get(reverse("admin:autocomplete"), asked).json()["results"]]


def test_a_choice_of_residents_is_masked_as_their_list_is(as_officer, resident):  # noqa: F811
    assert choices(as_officer, "familylink", "resident", "5678") == ["王*兰 138****5678"]
    assert choices(as_officer, "familylink", "resident", "95678") == ["王*兰 138****5678"]
    assert choices(as_officer, "familylink", "resident", "5679") == []

    form = as_officer.post(page(FamilyLink, "add"), {"resident": resident.pk}).content.decode()
    assert "王*兰" in form and "王桂兰" not in form


@pytest.fixture
def two_users(as_officer, officer, center, other_center):  # noqa: F811
    officer.user_permissions.add(*Permission.objects.filter(content_type__app_label="accounts"))
    ours = factories.MembershipFactory(division=center.division, user__name="自家人").user
    theirs = factories.MembershipFactory(division=other_center.division, user__name="外乡人", user__phone="13700001111")
    return ours, theirs.user


def test_accounts_are_bounded_by_division(as_officer, two_users):  # noqa: F811
    ours, theirs = two_users
    listed = as_officer.get(page(User)).content.decode()

    assert "自家人" in listed and "外乡人" not in listed
    assert choices(as_officer, "membership", "user", "人") == ["自家人"]
    assert as_officer.get(page(User, "change", ours.pk)).status_code == 200
    assert as_officer.get(page(User, "change", theirs.pk)).status_code == 302


def test_a_foreign_account_gets_no_role_by_its_number_in_the_form(as_officer, two_users, center):  # noqa: F811
    _ours, theirs = two_users
    given = {"user": theirs.pk, "division": center.division_id, "role": "agent", "title": ""}

    answer = as_officer.post(page(Membership, "add"), given)

    assert answer.status_code == 200 and "外乡人" not in answer.content.decode()
    assert not Membership.objects.filter(user=theirs, division=center.division).exists()


def test_a_strangers_number_in_a_list_of_residents_opens_no_account(as_officer, two_users, village):  # noqa: F811
    factories.ResidentFactory(division=village, name="谁", phone="13700001111")

    assert "外乡人" not in as_officer.get(page(User)).content.decode()


def test_control_places_are_still_found_by_what_they_are_called(as_superuser, center):  # noqa: F811
    assert found(as_superuser, Center, "柳湾") == 1
    assert found(as_superuser, Division, "9901011002") == 1


def test_a_long_number_from_abroad_is_searched_for(signed_in):
    client = signed_in(factories.UserFactory(is_staff=True, is_superuser=True))

    assert client.get(reverse("admin:centers_resident_changelist"), {"q": "12345678901234567890"}).status_code == 200
    assert client.get(reverse("admin:centers_resident_changelist"), {"p": "12345678901234567890"}).status_code == 400


OF_NO_DAY = ("0", "99", "99999999999", "-1", "-99999999999", "9" * 30, "1e1", "\uff11", "")


@every
def test_a_part_of_no_day_is_refused(as_superuser, model, pages):  # noqa: F811
    day = pages.date_hierarchy or "day"
    parts = {f"{day}__year": "2026", f"{day}__month": "12", f"{day}__day": "31"}
    asked = [parts | {part: value} for part in parts for value in OF_NO_DAY]
    if pages.date_hierarchy:
        assert as_superuser.get(page(model), parts).status_code == 200

    assert {as_superuser.get(page(model), one).status_code for one in asked} == {400}


@every
def test_no_number_breaks_a_filter_whatever_its_sign(as_superuser, model, pages):  # noqa: F811
    named = [one[0] if isinstance(one, tuple) else getattr(one, "parameter_name", one) for one in pages.list_filter]
    huge = ("9" * 30, "-" + "9" * 30, "+" + "9" * 30, f"-{2**63 + 1}")
    asked = [{name + end: value} for name in named for end in ("", "__exact", "__in") for value in huge]

    assert {as_superuser.get(page(model), one).status_code for one in asked} <= {400}
