"""Import of divisions: idempotent, all or nothing, errors by row, history of renamed and closed codes."""

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from centers.importing.divisions import RowErrors, import_divisions
from centers.models import Division
from portal.ui.errors import RuleBroken
from tests import factories

pytestmark = pytest.mark.django_db

HEAD = "code,name\n990000000000,演示省\n990100000000,演示市\n990101000000,青禾县\n990101100000,柳溪镇\n"
VILLAGES = "990101100201,柳湾村村民委员会\n990101100202,桃林村村民委员会\n"
FIRST_DAY, LATER = date(2026, 1, 1), date(2026, 11, 1)


def bring_in(text: str, encoding: str = "utf-8", **options):
    options.setdefault("on", FIRST_DAY)
    return import_divisions(file=io.BytesIO(text.encode(encoding)), **options)


def errors_of(text: str) -> list[str]:
    with pytest.raises(RowErrors) as caught:
        bring_in(text)
    return caught.value.lines()


def test_a_list_is_opened_with_levels_and_pinyin():
    outcome = bring_in(HEAD + VILLAGES)

    village = Division.objects.get(code="990101100201")
    assert (outcome.opened, outcome.rows) == (6, 6)
    assert (village.level, village.pinyin, village.initials) == (5, "liuwancun", "lwc")


def test_the_same_list_again_changes_nothing():
    bring_in(HEAD + VILLAGES)
    before = list(Division.objects.values_list())

    outcome = bring_in(HEAD + VILLAGES, on=LATER)

    assert (outcome.opened, outcome.renamed, outcome.closed, outcome.unchanged) == (0, 0, 0, 6)
    assert list(Division.objects.values_list()) == before


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_any_usual_encoding_is_read(encoding):
    bring_in(HEAD + VILLAGES, encoding)

    assert Division.objects.get(code="990101100202").name == "桃林村村民委员会"


def test_full_width_digits_and_marks_nobody_sees_are_understood():
    bring_in(HEAD + "９９０１０１１００２０１,\u200b柳湾村\u3000\n")

    assert Division.objects.get(code="990101100201").name == "柳湾村"


def test_townships_of_odd_codes_and_counties_left_out_are_fine():
    outcome = bring_in(HEAD + "990101401000,庆北办事处\n990200000000,直筒市\n990200003000,南城街道\n")

    assert outcome.opened == 8 - 1


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("99010110020,短了\n", "第 6 行：区划代码“99010110020”不是12位数字"),
        (
            "3.71E+11,坏了\n",
            "第 6 行：长数字被表格软件写成了 3.71E+11，后面的几位丢了。"
            "请把这一列设成“文本”格式，把这一格重新填一遍；存成 .xlsx 最稳。",
        ),
        ("990101100201,\n", "第 6 行：990101100201 没有名称"),
        ("990101100201\n", "第 6 行：少了一列"),
        ("990101100201," + "长" * 81 + "\n", "第 6 行：990101100201 的名称太长或有看不见的字符"),
        ("990101100000,石桥镇\n", "第 6 行：990101100000 重复：“石桥镇”和第 5 行不一样"),
        ("990102100201,孤村\n", "第 6 行：缺少上级区划 990102100000"),
    ],
)
def test_an_error_names_its_row(row, said):
    assert errors_of(HEAD + row) == [said]


@pytest.mark.parametrize("character", ["\ue0b5", "\uf8ff", "\U000f0001"])
def test_a_rare_character_of_an_official_font_is_taken_and_told(character):
    outcome = bring_in(HEAD + f"990101100201,柳{character}村\n990101100202,\U00031350家村\n")
    assert Division.objects.get(code="990101100201").name == f"柳{character}村"
    assert f"有 1 个名称里有电脑里没有的生僻字（例如“柳{character}村”），照原样收下了" in outcome.words


def test_control_an_invisible_character_is_refused_or_dropped():
    assert errors_of(HEAD + "990101100201,柳\u2028村\n") == ["第 6 行：990101100201 的名称太长或有看不见的字符"]
    assert "生僻字" not in bring_in(HEAD + VILLAGES).words


def test_nothing_is_imported_when_one_row_is_wrong():
    errors_of(HEAD + VILLAGES + "坏,坏\n")

    assert not Division.objects.exists()


def test_all_errors_are_reported_at_once():
    assert len(errors_of(HEAD + "1,甲\n990101100201,\n990109100201,乙\n")) == 3


@pytest.mark.parametrize("text", ["", "\n", "地名,编号\n1,2\n", "code;name\n1;2\n"])
def test_a_file_without_the_two_columns_is_refused(text):
    with pytest.raises(RuleBroken, match="第一行要有表头"):
        bring_in(text)


def test_a_code_that_vanished_is_closed():
    bring_in(HEAD + VILLAGES)

    outcome = bring_in(HEAD + VILLAGES.splitlines(True)[0], on=LATER)

    assert outcome.closed == 1
    assert Division.objects.get(code="990101100202").valid_to == LATER


def test_a_code_that_comes_back_is_opened_anew():
    bring_in(HEAD + VILLAGES)
    bring_in(HEAD + VILLAGES.splitlines(True)[0], on=LATER)

    bring_in(HEAD + VILLAGES, on=date(2026, 12, 1))

    periods = Division.objects.filter(code="990101100202").order_by("valid_from").values_list("valid_from", "valid_to")
    assert list(periods) == [(FIRST_DAY, LATER), (date(2026, 12, 1), None)]


def test_a_new_name_keeps_the_row_and_puts_the_old_one_into_history():
    bring_in(HEAD + VILLAGES)
    center = factories.CenterFactory(division=Division.objects.get(code="990101100201"))

    outcome = bring_in((HEAD + VILLAGES).replace("柳湾", "杏湾"), on=LATER)

    center.division.refresh_from_db()
    old = Division.objects.get(code="990101100201", valid_to=LATER)
    assert outcome.renamed == 1
    assert (center.division.name, center.division.valid_to) == ("杏湾村村民委员会", None)
    assert (old.name, old.valid_from) == ("柳湾村村民委员会", FIRST_DAY)


def test_the_list_of_one_county_closes_nothing_beside_it():
    bring_in(HEAD + VILLAGES)
    bring_in("code,name\n990000000000,演示省\n990200000000,邻市\n990201000000,邻县\n", on=LATER)

    assert Division.objects.current().count() == 6 + 2


def test_under_bounds_what_may_stand_in_the_file():
    with pytest.raises(RowErrors):
        bring_in(HEAD + VILLAGES + "990102000000,邻县\n", under="990101000000")


def test_a_list_that_lacks_most_of_a_place_is_refused_unless_it_is_meant():
    many = "".join(f"990101100{number},第{number}村\n" for number in range(201, 241))
    bring_in(HEAD + many)

    with pytest.raises(RuleBroken, match="文件少了 38 个"):
        bring_in(HEAD + VILLAGES, on=LATER)
    assert bring_in(HEAD + VILLAGES, on=LATER, allow_closing=True).closed == 38


def test_the_command_says_what_it_did(tmp_path, capsys):
    file = tmp_path / "list.csv"
    file.write_text(HEAD + VILLAGES)

    call_command("import_divisions", str(file))

    assert "共 6 个区划：新增 6，更名 0，换代码 0，并入 0，停用 0，不变 0。" in capsys.readouterr().out


def test_the_command_shows_errors_by_row(tmp_path):
    file = tmp_path / "list.csv"
    file.write_text(HEAD + "1,甲\n")

    with pytest.raises(CommandError, match=r"有 1 处错误，什么都没有导入：\n第 6 行"):
        call_command("import_divisions", str(file))
