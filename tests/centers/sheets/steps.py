"""What somebody does with a sheet on its pages."""

import html
import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from centers.models import SheetUpload
from portal.ui.idempotency import new_key
from tests.centers.sheets import xlsx

CENTERS = ["区划代码（或村名）", "名称", "电话", "周一到周五", "周六"]
PEOPLE = ["区划代码", "姓名", "手机号", "职务", "参加排班", "角色"]
RESIDENTS = ["区划代码", "姓名", "电话", "家人姓名", "家人手机号", "是居民的"]


def upload(client, kind: str, *rows: list, data: bytes = b"", name: str = "表.xlsx"):
    """The page that follows."""
    file = SimpleUploadedFile(name, data or xlsx(*rows))
    return client.post(reverse("sheet_kind", args=[kind]), {"key": new_key(), "sheet": file}, follow=True)


def confirm(client):
    return client.post(reverse("sheet_upload", args=[last().pk]), {"checked": "on"}, follow=True)


def bring_in(client, kind: str, *rows: list):
    upload(client, kind, *rows)
    return confirm(client)


def undo(client, pk: int | None = None):
    return client.post(reverse("sheet_undo", args=[pk or last().pk]), follow=True)


def last() -> SheetUpload:
    return SheetUpload.objects.order_by("pk").last()


def said(answer) -> str:
    """The words of the page's main part."""
    main = answer.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main)))
