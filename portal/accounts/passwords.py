"""Refuses passwords that stand on lists of common ones, also as they are usually varied.

Digits and signs around the word or inside it, the word said again, signs for letters (`W0aini`, `pa$$word`), keys with
shift. A list of 20,000 (Django's, from leaked passwords), and the words that are common here. docs/security.md says how
many tries somebody has who goes through such a list.
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
# Longer words are looked for as a whole only.
LONGEST = 20
# Keys in their order, forward and back: `1qaz2wsx3edc`, `0987654321`, `poiuytrewq`.
RUNS = (
    "1234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
# What stands for what, each a reading of its own: as typed, letters drawn as digits and signs (1 is an i or an l), and
# the digits of keys with shift.
READINGS = (
    {},
    str.maketrans("013457@$!", "oieastasi"),
    str.maketrans("013457@$!", "oleastasl"),
    str.maketrans("!@#$%^&*()", "1234567890"),
)


class NotCommon(CommonPasswordValidator):
    def validate(self, password: str, user=None) -> None:
        if self.is_common(password):
            raise ValidationError(
                _("这个密码太常见，或者只是常见的词加了数字、换了字符。请换一个，比如连着写几个不相干的词。"),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return _("不要用常见的密码，也不要只把常见的词重复写、加数字、换字符。")

    def is_common(self, password: str) -> bool:
        said = "".join(unicodedata.normalize("NFKC", password).casefold().split())
        return len(_without_ends(said)) < SHORTEST or any(map(self._is_weak, _readings(said)))

    def _is_weak(self, text: str) -> bool:
        return self._is_listed(text) or _is_repeated(text) or _is_run(text) or self._is_mostly_listed(text)

    def _is_listed(self, text: str) -> bool:
        return any(word in self.passwords or word in COMMON_HERE for word in (text, text[: _period(text)]))

    def _is_mostly_listed(self, text: str) -> bool:
        """Of its letters, a listed word is all but a few, however often it is said: `aini520aini`, `jiamenkou.cn`."""
        letters = "".join(filter(str.isalpha, text))
        for start in range(SHORTEST):
            for end in range(start + SHORTEST, min(len(letters), start + LONGEST) + 1):
                word = letters[start:end]
                rest = len(letters.replace(word, ""))
                if rest < SHORTEST and rest * 2 < len(word) and self._is_listed(word):
                    return True
        return False


def _readings(said: str) -> set[str]:
    """With and without the digits and signs on either side, each as it is typed and as it may be meant."""
    word = _without_ends(said)
    start = said.index(word)
    ends = {said, word, said[start:], said[: start + len(word)]}
    return {text.translate(reading) for text in ends for reading in READINGS}


def _without_ends(text: str) -> str:
    """Without the digits and signs around it; "" if it has no letters."""
    letters = [at for at, letter in enumerate(text) if letter.isalpha()]
    return text[letters[0] : letters[-1] + 1] if letters else ""


def _is_repeated(text: str) -> bool:
    """`aaaaaaaaaa`, `abcabcabc`: one short piece again and again."""
    period = _period(text)
    return period < len(text) and period <= max(4, len(text) // 3)


def _period(text: str) -> int:
    """The length of the piece that it is made of: 3 of `abcabcabc`; its own length if it repeats nothing."""
    return (text + text).find(text, 1)


def _is_run(text: str) -> bool:
    return len(text) > 3 and any(text in run or text in run[::-1] for run in RUNS)
