"""Lists of divisions as the statistics bureau publishes them, changed from year to year. Invented, after real ones."""

import io
from datetime import date

from centers.importing.divisions import Outcome, import_divisions, propose_successors
from centers.importing.successors import Successor

FIRST_DAY, NEW_YEAR = date(2026, 1, 1), date(2027, 1, 1)
ABOVE = {
    "990000000000": "演示省",
    "990100000000": "演示市",
    "990101000000": "青禾县",
    "990101001000": "新湖街道",
    "990101100000": "柳溪镇",
}
VILLAGES = {
    "990101001001": "尉署社区居委会",
    "990101001002": "南龙社区居委会",
    "990101001004": "康乐社区居委会",
    "990101100201": "柳湾村委会",
    "990101100202": "桃林村委会",
    "990101100203": "魏庄村委会",
    "990101100204": "三七村委会",
    "990101100205": "双河村委会",
    "990101100206": "前油坊村委会",
    "990101100207": "后油坊村委会",
}


class List(dict):
    """Codes and names; each method is a change of one year's list into the next one's."""

    def __init__(self, rows: dict[str, str] | None = None) -> None:
        super().__init__(rows or ABOVE | VILLAGES)

    def without(self, *codes: str) -> "List":
        return List({code: name for code, name in self.items() if code not in codes})

    def plus(self, **names: str) -> "List":
        """`_990101100231="柳湾社区居委会"`: as keywords, codes cannot begin with a digit."""
        return List(dict(self) | {code.lstrip("_"): name for code, name in names.items()})

    def file(self) -> io.BytesIO:
        rows = "".join(f"{code},{name}\n" for code, name in sorted(self.items()))
        return io.BytesIO(f"code,name\n{rows}".encode())

    def bring_in(self, on: date = FIRST_DAY, **options) -> Outcome:
        return import_divisions(file=self.file(), on=on, **options)

    def propose(self) -> dict[str, str]:
        return {row.old: row.new for row in self.rows()}

    def rows(self) -> list[Successor]:
        return propose_successors(file=self.file())
