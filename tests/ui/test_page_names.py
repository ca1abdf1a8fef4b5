"""A text that names a page takes the name from its entry (portal.ui.pages), and tells nobody to ask themselves."""

import re

import pytest

from portal.ui import pages
from tests.test_repository import ROOT


def test_no_text_writes_the_name_of_a_page_by_hand():
    source = (ROOT / "locale/en/LC_MESSAGES/django.po").read_text()
    texts = "".join(re.findall(r'^msgid ((?:".*"\n)+)', source, re.M))
    named = [str(title) for title in pages.titles().values() if f"“{title}”" in texts]
    assert named == []


def test_a_link_has_the_title_of_the_page():
    assert pages.link("duty_hours", "990101100201") == ('<a href="/desk/duty/hours/?center=990101100201">开放时间</a>')
    assert str(pages.quoted("duty_hours")) == "“开放时间”"


def test_a_page_that_no_table_names_has_no_name():
    with pytest.raises(KeyError):
        pages.title("healthz")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "closed", "asks"),
    [
        ("cadre", "/manage/", "中心负责人"),
        ("manager", "/oversight/", "乡镇工作人员"),
        ("officer", "/desk/tickets/", "县级管理员"),
        ("county_official", "/desk/", "系统管理员"),
    ],
)
def test_nobody_is_told_to_ask_themselves(request, who, closed, asks, signed_in, center):
    page = signed_in(request.getfixturevalue(who)).get(closed)
    assert (page.status_code, f"请找{asks}给您开通" in page.content.decode()) == (403, True)
