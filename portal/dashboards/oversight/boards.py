"""The two pages of figures for officials; settings.FIGURES has the columns of each."""

from dataclasses import dataclass

from django.conf import settings
from django.http import Http404
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from centers.figures import Figure


@dataclass(frozen=True, slots=True)
class Board:
    """`key` is that of settings.FIGURES, `page` and `rows` are URL names, `back` is the title of the link to `page`."""

    key: str
    page: str
    rows: str
    back: str | Promise

    @property
    def figures(self) -> list[Figure]:
        return [import_string(path) for path in settings.FIGURES[self.key]]

    def figure_or_404(self, code: str) -> Figure:
        for figure in self.figures:
            if figure.code == code:
                return figure
        raise Http404("no such figure")


OVERVIEW = Board("overview", "oversight", "oversight_rows", _("回总览"))
CASES = Board("cases", "oversight_cases", "oversight_case_rows", _("回代办总览"))
