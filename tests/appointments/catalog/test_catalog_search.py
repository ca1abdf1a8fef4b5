"""People find an item by the words that they use, typed as they type them."""

import pytest

from appointments.catalog import search, starter
from appointments.models import Category, ServiceItem
from tests import factories


@pytest.fixture
def items(county):
    starter.adopt(division=county)


def best(words: str) -> str:
    return next((item.code for item in search.search(None, words)), "")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("养老认证", "yanglao-renzheng"),
        ("养老金认证", "yanglao-renzheng"),
        ("刷脸", "yanglao-renzheng"),
        ("ylrz", "yanglao-renzheng"),
        ("YLRZ", "yanglao-renzheng"),
        ("yanglaorenzheng", "yanglao-renzheng"),
        ("yang lao ren zheng", "yanglao-renzheng"),
        ("ｙｌｒｚ", "yanglao-renzheng"),
        ("养老　认证", "yanglao-renzheng"),
        ("养老金的认证", "yanglao-renzheng"),
        ("我想办养老认证", "yanglao-renzheng"),
        ("高龄补贴", "gaoling-jintie"),
        ("８０岁", "gaoling-jintie"),
        ("glbt", "gaoling-jintie"),
        ("生孩子", "shengyu-dengji"),
        ("准生证怎么办", "shengyu-dengji"),
        ("低保", "dibao"),
        ("医保", "yibao-canbao"),
        ("残疾证", "canji-zheng"),
        ("建房", "zhaijidi-jianfang"),
        ("怎么给孩子上户口", "hukou-dengji"),
        ("调解", "renmin-tiaojie"),
        ("tiaojie", "renmin-tiaojie"),
        ("最低生活保障申请", "dibao"),
        ("电费", "shuidian-jiaofei"),
    ],
)
def test_everyday_words_find(items, words, code):
    assert best(words) == code


def test_a_category_finds_all_of_its_items(items):
    found = search.search(None, "退役军人")
    assert {"youdai-zheng", "youfu-daiyu"} <= {item.code for item in found}


@pytest.mark.parametrize("words", ["飞机票", "zzzz", "x" * 300, "。。。。" * 20 + "飞"])
def test_what_nobody_does_finds_nothing(items, words):
    assert search.search(None, words) == []


@pytest.mark.parametrize("words", ["", "   ", "，。", "\u200b", "%_'\"\\"])
def test_no_words_list_everything_by_category(items, words):
    found = search.search(None, words)
    assert len(found) == 47
    assert list(dict.fromkeys(item.category for item in found)) == list(Category.values)


@pytest.mark.parametrize("words", ["", "养老认证"])
def test_a_search_is_one_query(items, center, django_assert_num_queries, words):
    with django_assert_num_queries(1):
        search.search(center, words)


def test_a_center_finds_what_its_own_county_does(items, center):
    factories.ServiceItemFactory(division__code="990102000000", division__name="白榆县", code="elsewhere")
    assert "elsewhere" not in {item.code for item in search.search(center, "")}


def test_one_of_each_is_shown_to_whoever_has_not_said_where(items):
    other = factories.DivisionFactory(code="990102000000", name="白榆县")
    starter.adopt(division=other)
    assert len(search.search(None, "")) == 47


def test_a_queryset_may_be_searched(items):
    legal = ServiceItem.objects.filter(category=Category.LEGAL)
    assert [item.code for item in search.search(legal, "律师")] == ["falv-yuanzhu"]
