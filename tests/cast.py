"""The named cast, used in nearly every test: invented people in an invented county (prefix 99)."""

import pytest
from django.test import Client

from centers.models import FamilyLink
from portal.accounts.roles import Role
from tests import factories
from tests.factories.appointments import at


@pytest.fixture
def county(db):
    factories.DivisionFactory(code="990000000000", name="演示省")
    factories.DivisionFactory(code="990100000000", name="演示市")
    return factories.DivisionFactory(code="990101000000", name="青禾县")


@pytest.fixture
def township(county):
    return factories.DivisionFactory(code="990101100000", name="柳溪镇")


@pytest.fixture
def other_township(county):
    return factories.DivisionFactory(code="990101101000", name="石桥镇")


@pytest.fixture
def village(township):
    return factories.DivisionFactory(code="990101100201", name="柳湾村村民委员会", pinyin="liuwancun", initials="lwc")


@pytest.fixture
def center(village):
    return factories.CenterFactory(division=village)


@pytest.fixture
def other_center(other_township):
    """A center in another township, outside of our officials' divisions."""
    village = factories.DivisionFactory(code="990101101201", name="石桥村村民委员会")
    return factories.CenterFactory(division=village, name="石桥村党群服务中心", phone="0399-5550202")


@pytest.fixture
def resident(village):
    """Wang Guilan, 76: has a feature phone without internet."""
    return factories.ResidentFactory(division=village, name="王桂兰", phone="13800005678")


@pytest.fixture
def villager(resident):
    user = factories.UserFactory(username="villager", name=resident.name, phone=resident.phone)
    factories.FamilyLinkFactory(user=user, resident=resident, relation=FamilyLink.Relation.SELF)
    return user


@pytest.fixture
def son(resident):
    user = factories.UserFactory(username="family", name="王建军", phone="13900001234")
    factories.FamilyLinkFactory(user=user, resident=resident, relation=FamilyLink.Relation.CHILD)
    return user


@pytest.fixture
def cadre(village):
    return factories.MembershipFactory(user__username="cadre", division=village, role=Role.PROXY_AGENT).user


@pytest.fixture
def manager(village):
    return factories.MembershipFactory(user__username="manager", division=village, role=Role.MANAGER).user


@pytest.fixture
def officer(township):
    return factories.MembershipFactory(user__username="township", division=township, role=Role.TOWNSHIP).user


@pytest.fixture
def county_official(county):
    return factories.MembershipFactory(user__username="county", division=county, role=Role.COUNTY).user


@pytest.fixture
def stranger(other_township):
    """A township officer from next door."""
    return factories.MembershipFactory(user__username="stranger", division=other_township, role=Role.TOWNSHIP).user


@pytest.fixture
def item(county):
    return factories.ServiceItemFactory(division=county, code="yanglao-renzheng")


@pytest.fixture
def slot(center):
    """Three days ahead at nine: two online places and one desk place."""
    return factories.SlotFactory(center=center, starts_at=at(3, 9))


@pytest.fixture
def signed_in():
    """`signed_in(user)`: a client with that person's session."""

    def client_of(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return client_of
