"""What an address or a choice of the admin may hold. Django's own pages take it as it comes, and answer 500."""

from collections.abc import Callable
from functools import wraps

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portal.ui.dates import EARLIEST, LATEST, read
from portal.ui.params import number

# Parts of a day, by which a list is narrowed down.
PARTS = {"year": (EARLIEST.year, LATEST.year), "month": (1, 12), "day": (1, 31)}
NUMBERS = {"resource_type"}  # parameters of other people's filters that compare with a number
TEXTS = {"q", "term"}  # what is searched for: a telephone number from abroad may be longer than any number of ours


def checked(admin_view: Callable) -> Callable:
    """Around AdminSite.admin_view: numbers that no column holds, and parts of no day of a row, are answered 400."""

    @wraps(admin_view)
    def wrapped(view: Callable[..., HttpResponse], cacheable: bool = False) -> Callable[..., HttpResponse]:
        inner = admin_view(view, cacheable)

        @wraps(inner)
        def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            asked = ((name, value) for name, values in request.GET.lists() for value in values)
            chosen = request.POST.getlist(ACTION_CHECKBOX_NAME)
            if not (all(_can_be(*one) for one in asked) and all(map(_is_key, chosen))):
                raise BadRequest(_("地址里或选的里面有不对的数字。请从列表重新进来。"))
            return inner(request, *args, **kwargs)

        return answer

    return wrapped


def _is_key(value: str) -> bool:
    """Of a row of ours: they are numbered, and a calendar's are days."""
    return number(value) is not None or read(value) is not None


def _can_be(name: str, value: str) -> bool:
    if "__" in name and (part := PARTS.get(name.rpartition("__")[2])):
        return part[0] <= (number(value) or 0) <= part[1]
    if name in NUMBERS:
        return number(value) is not None
    numbers = (one.lstrip("+-") for one in value.split(","))
    return name in TEXTS or all(number(one) is not None for one in numbers if one.isdecimal())


class KnownChoice(AutocompleteSelect):
    """What is no primary key is not looked up when the refused form is shown again."""

    def optgroups(self, name, value, attrs=None):
        return super().optgroups(name, [one for one in value if number(str(one)) is not None], attrs)
