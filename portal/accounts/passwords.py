"""Refuses passwords that stand on lists of common ones, also with the usual digits and signs around them.

A list of 20,000 (Django's, from leaked passwords), and the words that are common here. docs/security.md says how many
tries somebody has who goes through such a list.
"""

import unicodedata

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Words that are common here, without the digits and signs around them: `Woaini@1314` is `woaini`.
_WORDS = """
jiamenkou dangqun dangqunfuwu dangyuan fuwuzhongxin cunweihui zhongguo zhonghua gongchandang beijing shanghai
woaini aini woaiwojia iloveyou mima wodemima denglu yonghu guanliyuan ganbu laobaixing nihao xiexie gongxi facai
gongxifacai yilupingan wanshiruyi pingan jiankang baobei laopo laogong mama baba wangwang zhangwei wangwei liwei
zhangsan lisi wangwu admin administrator root system guest user test demo changeme letmein welcome default
password passwd passw0rd p@ssw0rd p@ssword pass qwer qwert qwerty qwertyuiop asdf asdfg asdfgh asdfghjkl zxcv zxcvb
zxcvbnm qwerasdf qazwsx qazwsxedc wsxedc abc abcd abcde abcdef abcdefg abcdefgh abcdefghij qweasd qweasdzxc
"""
COMMON_HERE = frozenset(_WORDS.split())
# Letters that are left at least; a Chinese word of two or three with a birthday is quickly tried.
SHORTEST = 4
# Keys in their order, forward and back: `1qaz2wsx3edc`, `0987654321`, `poiuytrewq`.
RUNS = (
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)


class NotCommon(CommonPasswordValidator):
    def validate(self, password: str, user=None) -> None:
        if self.is_common(password):
            raise ValidationError(
                _("这个密码太常见，或者只是在常见的词前后加了数字。请换一个，比如连着写几个不相干的词。"),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return _("不要用常见的密码，也不要只在常见的词前后加数字。")

    def is_common(self, password: str) -> bool:
        said = "".join(unicodedata.normalize("NFKC", password).casefold().split())
        word = _without_ends(said)
        return (
            len(word) < SHORTEST
            or any(text in self.passwords or text in COMMON_HERE for text in (said, word))
            or any(_is_repeated(text) or _is_run(text) for text in (said, word))
        )


def _without_ends(text: str) -> str:
    """Without the digits and signs around it; "" if it has no letters."""
    letters = [at for at, letter in enumerate(text) if letter.isalpha()]
    return text[letters[0] : letters[-1] + 1] if letters else ""


def _is_repeated(text: str) -> bool:
    """`aaaaaaaaaa`, `abcabcabc`: one short piece again and again."""
    period = (text + text).find(text, 1)
    return period < len(text) and period <= max(4, len(text) // 3)


def _is_run(text: str) -> bool:
    return len(text) > 3 and any(text in run or text in run[::-1] for run in RUNS)
