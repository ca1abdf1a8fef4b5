"""However a name and a number are typed, and wherever: one person is written down, and that one is found."""

import itertools
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from appointments.models import Appointment
from centers.models import Resident
from centers.people import residents
from portal.ui import names, numbers
from tests import factories
from tests.api.conftest import Api
from tests.appointments import villager
from tests.centers import sheets
from tests.factories.appointments import at

# Of each how it is stored, and the parts between which people put something.
NAMES = {
    "李四": ["李", "四"],
    "冯〇": ["冯", "〇"],
    "买买提·艾力": ["买买提", "·", "艾力"],
    "O’Brien": ["O", "’", "Brien"],
    "李\ue863": ["李", "\ue863"],
    "𠮷": ["𠮷"],
}
NUMBERS = {
    "13800005678": ["138", "0000", "5678"],
    "03995551234": ["0399", "555", "1234"],
    "4008001234": ["400", "8001234"],
}
SPACES = ["", " ", "　", "   ", "\u00a0", "\u200b"]
DOTS, APOSTROPHES = "·•‧･", "’'"
DASHES = ["", "-", " ", "—", "－", "　"]


@st.composite
def spelled_names(draw, name: str) -> str:
    parts = [
        draw(st.sampled_from(DOTS)) if part == "·" else draw(st.sampled_from(APOSTROPHES)) if part == "’" else part
        for part in NAMES[name]
    ]
    between = "" if "’" in NAMES[name] else None
    typed = "".join(part + (draw(st.sampled_from(SPACES)) if between is None else "") for part in parts)
    return draw(st.sampled_from(["", " ", "　"])) + typed


@st.composite
def spelled_numbers(draw, number: str) -> str:
    typed = draw(st.sampled_from(DASHES)).join(NUMBERS[number])
    prefixes = ["", "+86 ", "0086-"] if not number.startswith("0") else [""]
    prefixes += ["86 "] if number.startswith("1") else []
    typed = draw(st.sampled_from(prefixes)) + typed
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    return typed.translate(wide) if draw(st.booleans()) else typed


@st.composite
def people(draw):
    name, number = draw(st.sampled_from(sorted(NAMES))), draw(st.sampled_from(sorted(NUMBERS)))
    spell = st.tuples(spelled_names(name), spelled_numbers(number))
    return name, number, draw(st.lists(spell, min_size=6, max_size=6))


@pytest.fixture
def world(center, item, cadre, signed_in, client, settings):
    settings.RATE_LIMITS = False
    settings.BOOKING_LIMIT_PER_PERSON_AND_DAY = settings.BOOKING_LIMIT_PER_PHONE_AND_DAY = 1000
    admin = signed_in(factories.UserFactory(username="admin", is_staff=True, is_superuser=True))
    return World(center, item, signed_in(cadre), admin, client)


class World:
    """The entrances: each takes a name and a number as they are typed."""

    def __init__(self, center, item, desk, admin, visitor):
        self.center, self.item, self.desk, self.admin, self.visitor = center, item, desk, admin, visitor
        self.moments = (at(3 + day, hour) for day in itertools.count() for hour in range(8, 20))

    def slot(self):
        return factories.SlotFactory(center=self.center, starts_at=next(self.moments))

    def by_service(self, name, phone):
        residents.find_or_create(division=self.center.division, name=name, phone=phone)

    def by_desk(self, name, phone):
        answer = self.desk.post("/desk/book/", {"name": name, "phone": phone})
        assert answer.status_code == 302, answer.content.decode()

    def by_form(self, name, phone):
        answer = villager.book(self.visitor, self.slot(), self.item, name=name, phone=phone)
        assert answer.status_code == 302, answer.content.decode()

    def by_api(self, name, phone):
        answer = Api().book(self.slot(), name=name, phone=phone, key=str(uuid.uuid4()))
        assert answer.status_code == 201, answer.content.decode()

    def by_sheet(self, name, phone):
        data = sheets.xlsx(["区划代码", "姓名", "电话"], [self.center.code, name, phone])
        upload = {"import_file": SimpleUploadedFile("list.xlsx", data), "resource": "0"}
        preview = self.admin.post(reverse("admin:centers_resident_import"), upload)
        self.admin.post(reverse("admin:centers_resident_process_import"), preview.context["confirm_form"].initial)

    def by_admin(self, name, phone):
        """Refused for who is listed already."""
        given_in = {"division": self.center.division_id, "name": name, "phone": phone}
        assert self.admin.post(reverse("admin:centers_resident_add"), given_in).status_code in (200, 302)

    def found(self, typed: str) -> list[set[int]]:
        """By the desk and by the admin."""
        at_desk = self.desk.get("/desk/book/", {"q": typed}).context["found"]
        listed = self.admin.get(reverse("admin:centers_resident_changelist"), {"q": typed}).context["cl"].queryset
        return [{one.pk for one in at_desk}, set(listed.values_list("pk", flat=True))]


@pytest.mark.django_db
# Each example is twenty requests; making a failing one smaller would be thousands.
@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(who=people())
def test_every_entrance_leads_to_one_person(world, who):
    name, number, spellings = who
    entrances = [world.by_service, world.by_desk, world.by_form, world.by_api, world.by_sheet, world.by_admin]
    for entrance, (typed, dialled) in zip(entrances, spellings, strict=True):
        entrance(typed, dialled)

    one = Resident.objects.get(name_key=name, phone=number)
    assert (names.key(one.name), one.phone) == (names.key(name), number)
    assert set(Appointment.objects.filter(resident=one).values_list("phone", flat=True)) == {number}
    searched = [part for spelling in spellings[:3] for part in spelling] + [number[-7:]]
    assert [typed for typed in searched if not all(one.pk in found for found in world.found(typed))] == []


@given(st.text(max_size=40))
def test_spelling_twice_changes_nothing(text):
    assert names.clean(names.clean(text)) == names.clean(text)
    assert names.key(names.key(text)) == names.key(text) == names.key(names.clean(text))
    assert numbers.canonical(numbers.canonical(text)) == numbers.canonical(text)


@given(st.text("0123456789+-() ８六", max_size=20))
def test_a_number_spelled_twice_changes_nothing(text):
    assert numbers.canonical(numbers.canonical(text)) == numbers.canonical(text)
    assert numbers.written(numbers.written(text)) == numbers.written(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("李　四", "李四"),
        ("王   五", "王五"),
        ("买买提•艾力", "买买提·艾力"),
        ("买买提 · 艾力", "买买提‧艾力"),
        ("O'Brien", "O’Brien"),
        ("ANNA MÜLLER", "Anna Müller"),
    ],
)
def test_what_is_one_name_has_one_key(one, other):
    assert names.key(one) == names.key(other)


@pytest.mark.parametrize(("one", "other"), [("张伟", "张玮"), ("冯〇", "冯零"), ("阿依", "阿依·古丽"), ("李", "季")])
def test_what_are_two_names_stay_two(one, other):
    assert names.key(one) != names.key(other)
