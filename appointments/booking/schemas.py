"""What `/api/v1/` says of a center and of bookings, and what it takes."""

from datetime import date
from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import AwareDatetime, BaseModel

from appointments.booking.models import Status
from centers.api import CenterRow, Code
from centers.people.forms import LARGEST_PARTY, LONGEST_NOTE
from portal.ui.api import Problem, text
from portal.ui.forms import NameField, PhoneField, TextField

Phone = text(PhoneField(), examples=["13800005678"])
ItemCode = Annotated[str, Field(pattern=r"^[-a-zA-Z0-9_]{1,20}$", examples=["yanglao-renzheng"])]


class Service(Schema):
    code: str
    name: str


class Period(Schema):
    starts_at: AwareDatetime
    ends_at: AwareDatetime


class Day(Schema):
    date: date
    note: str
    openings: list[Period]


class CenterDetail(CenterRow):
    directions: str
    is_open: bool
    hours: list[Day]
    services: list[Service]


class Start(Schema):
    """A time at which the item can begin; `free` people can still book."""

    id: int
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    free: int


class Alternative(Schema):
    center: Code
    center_name: str
    slot: int
    starts_at: AwareDatetime
    free: int


class Refused(Problem):
    """Alternatives when the slot is full, gone, too soon or unstaffed; when it is full also the waiting list's page."""

    alternatives: list[Alternative] = []
    waiting_list: str = ""


class BookingRequest(BaseModel):
    slot: int
    item: ItemCode
    name: text(NameField(), examples=["王桂兰"])
    phone: Phone
    party_size: Annotated[int, Field(ge=1, le=LARGEST_PARTY)] = 1
    channel: Literal["online", "phone", "desk", "api"] = "online"
    note: text(TextField(max_length=LONGEST_NOTE, required=False)) = ""


class Booked(Schema):
    code: str
    status: Status
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    center: Service
    item: Service
    name: Annotated[str, Field(description="只露头尾两个字：王桂兰是王*兰，王芳是王*")]
    party_size: int
    slip: Annotated[str, Field(description="预约单的地址；谁有它，谁就能看这次预约")]


class PhoneBody(BaseModel):
    phone: Phone | None = None


class MoveRequest(PhoneBody):
    slot: int
