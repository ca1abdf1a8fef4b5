"""Reads the text of a notice, as the State Council words it. Pure.

    一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
    三、清明节：4月5日放假，4月7日（星期一）补休。

Sentences are read one by one: dates up to 放假 or 补休 are off, dates up to 上班 are worked, and those after 放假： or
上班： likewise. What stands between brackets after a date only tells its weekday.
"""

import re
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from centers.holidays.entries import Entry, Reading, checked, weekday_warning

# How a festival is called in a notice → its name in the calendar (chinese_calendar.Holiday).
FESTIVALS = {
    "元旦": "元旦",
    "春节": "春节",
    "清明": "清明",
    "劳动": "劳动节",
    "五一": "劳动节",
    "端午": "端午",
    "中秋": "中秋",
    "国庆": "国庆节",
}
_WEEKDAYS = "一二三四五六日"
_SIGNS = str.maketrans("（）：，；;～~—–－", "():,。。-----")
_NUMBER = r"(?:[一二三四五六七八九十]{1,3}|\d{1,2})"
_NUMBERING = rf"(?:[(]{_NUMBER}[)]|{_NUMBER}[、.．])"
# A line that begins a sentence; others go on with the one above, as in text copied from a page or a PDF.
_NEW_LINE = re.compile(rf"\n(?={_NUMBERING}|(?:{'|'.join(FESTIVALS)})[^\n]{{0,20}}:)|(?<=[。:])\n")
_ABOUT_YEAR = re.compile(r"(?:关于|现将)\s*(\d{4})\s*年")
_DATE = r"(?:(?P<y{0}>\d{{4}})年)?(?:(?P<m{0}>\d{{1,2}})月)?(?P<d{0}>\d{{1,2}})[日号](?:\((?P<n{0}>[^()]*)\))?"
_TOKEN = re.compile(
    rf"{_DATE.format(1)}(?:[至到-]{{1,2}}{_DATE.format(2)})?(?P<from>起)?"
    r"|(?P<no>不(?:放假|补休|上班))|(?:(?P<off>放假|补休)|(?P<on>上班))(?P<opens>(?:\d{1,3}天)?:)?"
)
_COUNT = re.compile(r"(?:共|共计|放假)(\d{1,3})天")
_WEEKDAY = re.compile(rf"(?:周|星期|礼拜)([{_WEEKDAYS}天])")


def read(text: str, year: int) -> Reading:
    """What the text of the year's notice says. Text that is no notice gives problems and no entries."""
    reading = Reading()
    if (found := _ABOUT_YEAR.search(text)) and int(found[1]) != year:
        reading.problems.append(
            _("这份通知写的是%(said)s年，您选的是%(year)d年。请换一个年份，或者换一份通知。")
            % {"said": found[1], "year": year}
        )
    names: tuple[str, ...] = ()
    for said in _sentences(text):
        sentence = _Sentence(said, names := _heading(said) or names, year, reading)
        sentence.read()
    return checked(reading, year)


def _sentences(text: str) -> list[str]:
    text = re.sub(r"[^\S\n]", "", text).translate(_SIGNS)
    text = _NEW_LINE.sub("。", re.sub(r"\n+", "\n", text)).replace("\n", "")
    # "10月1至7日", "1月28、29日": the day's own sign is left out.
    text = re.sub(r"(月\d{1,2})(?=[至到-]{1,2}\d|[、,]\d{1,2}[日号])", r"\1日", text)
    return [sentence for sentence in text.split("。") if sentence]


def _heading(sentence: str) -> tuple[str, ...]:
    """The festivals that a sentence names before its first date; () if none."""
    head, colon, _rest = re.sub(rf"^{_NUMBERING}", "", sentence).partition(":")
    before = re.split(r"\d", head)[0]
    known = [FESTIVALS[stem] for stem in re.findall("|".join(FESTIVALS), before)]
    if not known and colon and re.fullmatch(r"\D{1,40}[节日]", head):
        return (head,)
    return tuple(dict.fromkeys(known))


@dataclass
class _Sentence:
    """One sentence while it is read."""

    said: str
    names: tuple[str, ...]
    year: int
    reading: Reading
    spans: list[tuple[date, date]] = field(default_factory=list)  # read, and not yet off or worked
    before: tuple[int, int] | None = None  # year and month of the last date
    opened: bool | None = None  # whether dates are off that stand after a word and a colon
    off: list[Entry] = field(default_factory=list)

    def read(self) -> None:
        if "延长" in self.said and re.search(r"\d[日号]", self.said):
            self._problem(_("“%(said)s”：延长的假期请用填表的办法录入，从哪天到哪天写清楚。"))
            return
        for token in _TOKEN.finditer(self.said):
            if token["d1"]:
                self._take_dates(token)
            elif not token["no"]:
                self._take_word(bool(token["off"]), opens=bool(token["opens"]))
        if self.spans and self.opened is not None:
            self._enter(self.opened)
        if self.spans and re.search("放假|休|上班", self.said):
            self.reading.warnings.append(
                _("“%(said)s”里的日期没有用上，因为没有写放假还是上班。") % {"said": self.said[:40]}
            )
        self._check_count()

    def _take_dates(self, token: re.Match) -> None:
        if not (token["m1"] or self.before):
            # A number of a document, unless the sentence is about days off.
            if re.search("放假|补休|上班", self.said) and self.names:
                self._problem(_("“%(said)s”里的日期没有写月份。请补上。"))
            return
        first = self._date(token, "1")
        last = self._date(token, "2") if token["d2"] and first else first
        if first and last and last < first and (first.month, last.month, last.year) == (12, 1, first.year):
            # New Year's holiday, of which one year is said or none.
            first, last = self._over_new_year(first, last, is_said=bool(token["y1"]))
        if first and last and not token["from"]:
            self.spans.append((first, last))
        for day, note in ((first, token["n1"]), (last, token["n2"])):
            if day and note and (said := _WEEKDAY.search(note)):
                number = _WEEKDAYS.index(said[1].replace("天", "日"))
                if warning := weekday_warning(day, number, self.year):
                    self.reading.warnings.append(warning)

    def _over_new_year(self, first: date, last: date, *, is_said: bool) -> tuple[date, date]:
        """The first is in the year that is said, else the last in that of the notice."""
        if abs(first.year - self.year) > 1:
            return first, last
        return (first, last.replace(year=last.year + 1)) if is_said else (first.replace(year=first.year - 1), last)

    def _date(self, token: re.Match, number: str) -> date | None:
        year, month = self.before or (self.year, 1)
        if token[f"m{number}"]:
            month = int(token[f"m{number}"])
            year = year if number == "2" and token["y1"] else self.year
        if token[f"y{number}"]:
            year = int(token[f"y{number}"])
        try:
            day = date(year, month, int(token[f"d{number}"]))
        except ValueError:
            self._problem(_("“%(said)s”里有一个日期日历上没有。请改一下。"))
            return None
        self.before = (day.year, day.month)
        return day

    def _take_word(self, is_off: bool, *, opens: bool) -> None:
        if self.spans and self.opened not in (None, is_off) and not opens:  # "放假：1月1日，1月9日上班"
            self._problem(_("“%(said)s”里放假和上班写在一起，看不准。请分成两句，或者用填表的办法录入。"))
        elif self.spans:
            self._enter(is_off if self.opened is None else self.opened)
        self.opened = is_off if opens else None

    def _enter(self, is_off: bool) -> None:
        entries = [Entry(is_off, first, last, self.names) for first, last in self.spans]
        self.reading.entries += entries
        self.off += [entry for entry in entries if is_off]
        self.spans = []

    def _check_count(self) -> None:
        said, days = _COUNT.search(self.said), sum(max(entry.length, 0) for entry in self.off)
        if said and self.off and int(said[1]) != days:
            self.reading.warnings.append(
                _("“%(said)s”写的是%(count)s天，按日期算是%(days)d天。请看看哪个对。")
                % {"said": self.said[:40], "count": said[1], "days": days}
            )

    def _problem(self, sentence: str) -> None:
        self.reading.problems.append(sentence % {"said": self.said[:40]})
