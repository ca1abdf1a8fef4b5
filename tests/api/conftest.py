"""Calling the API as an external system: JSON, no session."""

import uuid

import pytest
from django.test import Client

from centers.models import Membership
from centers.services import tokens
from portal.accounts.models import User

ROOT = "/api/v1/"
KEY = "5f2c1f0e-9d0b-4f57-8f0a-6b8f0f6b1f11"


class Api:
    def __init__(self, secret: str = ""):
        self.client = Client(headers={"Authorization": f"Bearer {secret}"} if secret else {})

    def get(self, path: str, **query):
        return self.client.get(ROOT + path, query)

    def post(self, path: str, body: dict | None = None, **headers):
        return self.client.post(ROOT + path, body or {}, content_type="application/json", headers=headers)

    def book(self, slot, key: str | None = None, **changes):
        """As a rule Wang Guilan books her pension check-up."""
        body = {"slot": slot if isinstance(slot, int) else slot.pk, "item": "yanglao-renzheng"}
        body |= {"name": "王桂兰", "phone": "13800005678", **changes}
        return self.post("appointments", body, **{"Idempotency-Key": key or str(uuid.uuid4())})


@pytest.fixture
def api(db):
    return Api()


@pytest.fixture
def api_of():
    """`api_of(user)`: calls with a token for the role that the user holds."""

    def caller(user: User) -> Api:
        _token, secret = tokens.issue(membership=Membership.objects.get(user=user), name="县热线")
        return Api(secret)

    return caller
