"""`/api/v1/centers`: searching centers."""

from typing import Annotated

from django.core.paginator import Paginator
from django.http import HttpRequest, JsonResponse
from ninja import Field, Query, Router, Schema

from centers.former_codes import division_at
from centers.models import Center
from portal.ui.api import PROBLEMS, answer, text
from portal.ui.forms import TextField

PER_PAGE = 20
Code = Annotated[str, Field(pattern=r"^\d{12}$", examples=["990101100201"])]
Words = text(TextField(max_length=40, required=False))

router = Router(tags=["centers"])


class CenterRow(Schema):
    code: Code
    name: str
    address: str
    phone: str


class CenterList(Schema):
    items: list[CenterRow]
    count: int


@router.get("centers", response={200: CenterList, **PROBLEMS}, operation_id="findCenters", summary="查中心")
def centers(
    request: HttpRequest,
    q: Words = "",
    under: Annotated[str, Field(pattern=r"^(\d{12})?$")] = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> JsonResponse:
    """By name, pinyin, initials or the start of a code (`q`), within a division (`under`), twenty a page.

    Codes that a center or division had before are understood; the rows name the present ones.
    """
    found = Center.objects.open_to_public().search(q)
    if under:
        there = division_at(under)
        found = found.within(there.code if there else under)
    rows = Paginator(found.select_related("division").order_by("division__code"), PER_PAGE)
    here = rows.page(page) if page <= rows.num_pages else []
    return answer({"items": [row(center) for center in here], "count": rows.count})


def row(center: Center) -> dict:
    return {"code": center.code, "name": center.name, "address": center.address, "phone": center.phone}
