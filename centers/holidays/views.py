"""The pages on which a year's notice is typed in, shown day by day, entered and undone."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from tablib import Dataset

from centers.days.asking import booked_on
from centers.holidays import rows, services
from centers.holidays.access import entering
from centers.holidays.drafts import Change, Draft, fingerprint
from centers.holidays.forms import EnterForm, NoticeForm, SheetForm, TableForm, TextForm, UndoForm
from centers.holidays.reading import Way, draft, read
from centers.holidays.years import Year, first_pending, years
from centers.models import HolidayNotice
from portal.ui.errors import RuleBroken
from portal.ui.params import number
from portal.ui.responses import status_of
from portal.ui.sheets.formats import Xlsx

FORMS: dict[str, type[NoticeForm]] = {Way.TEXT: TextForm, Way.TABLE: TableForm, Way.SHEET: SheetForm}


@never_cache
@require_safe
@entering
def holidays(request: HttpRequest) -> HttpResponse:
    context = {
        "years": [Year.of(year) for year in years()],
        "next": first_pending(),
        "notices": HolidayNotice.objects.for_list(),
    }
    return render(request, "centers/holidays/holidays.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@entering
def new(request: HttpRequest) -> HttpResponse:
    """The empty form; POST shows what the calendar becomes, or with `edit` what was typed, to be corrected."""
    way = request.GET.get("way", Way.TEXT)
    if way not in FORMS:
        raise Http404("no such way")
    if request.method == "POST" and "edit" in request.POST:
        return _form_page(request, _filled(way, request))
    year = _asked_year(request)
    if request.method == "GET":
        return _form_page(request, FORMS[way](initial={"year": year}))
    form = FORMS[way](request.POST, request.FILES, initial={"year": year})
    if not form.is_valid():
        return _form_page(request, form)
    return _draft_page(request, form.way, form.text, draft(form.cleaned_data["year"], form.reading))


@never_cache
@require_safe
@entering
def sheet(request: HttpRequest) -> HttpResponse:
    """An example of a sheet: the statutory holidays of a year, which the notice makes longer."""
    year = _asked_year(request)
    data = Xlsx().export_data(Dataset(*rows.by_law(year), headers=rows.COLUMNS))
    headers = {"Content-Disposition": f'attachment; filename="holidays-{year}.xlsx"'}
    return HttpResponse(data, content_type=Xlsx.content_type, headers=headers)


@require_POST
@entering
def enter(request: HttpRequest) -> HttpResponse:
    given = EnterForm(request.POST, warnings=False)
    if not given.is_valid():
        messages.error(request, _("这一页不完整，什么都没有动。请从头再录一次。"))
        return redirect("holidays")
    sent = given.cleaned_data
    reading = read(sent["way"], sent["text"], sent["year"])
    if reading.problems:
        messages.error(request, reading.problems[0])
        return redirect("holidays")
    shown = draft(sent["year"], reading)
    form = EnterForm(request.POST, warnings=bool(shown.warnings))
    refusal = None
    if form.is_valid():
        try:
            notice = services.enter(
                year=sent["year"],
                way=sent["way"],
                text=sent["text"],
                seen=sent["seen"],
                key=sent["key"],
                by=request.user,
            )
        except RuleBroken as broken:
            refusal = broken
        else:
            messages.success(request, _("录好了。能约的时间和值班从现在起按它算，代办的期限一小时内跟着改。"))
            return redirect("holidays_notice", notice.pk)
    return _draft_page(request, sent["way"], sent["text"], draft(sent["year"], reading), form=form, refusal=refusal)


@never_cache
@require_safe
@entering
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(HolidayNotice.objects.select_related("entered_by", "undone_by"), pk=pk)
    changes = [Change(day, before, after) for day, (before, after) in found.days.items()]
    context = {
        "notice": found,
        "draft": Draft(found.year, changes, [], ""),
        "refusal": services.refusal_to_undo(found),
    }
    return render(request, "centers/holidays/notice.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@entering
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(HolidayNotice, pk=pk)
    form = UndoForm(request.POST or None)
    refusal = None
    if form.is_valid():
        try:
            services.undo(notice=found, seen=form.cleaned_data["seen"], by=request.user)
        except RuleBroken as broken:
            refusal = broken
        else:
            messages.success(request, _("撤回了，那些日子和原来一样了。"))
            return redirect("holidays_notice", found.pk)
    days = services.days_of(found)
    changes, kept = services.restored_by(found, days)
    if found.undone_at or services.refusal_to_undo(found):
        return redirect("holidays_notice", found.pk)
    draft = Draft(found.year, changes, [], "")
    context = {
        "question": _("撤回%(notice)s？") % {"notice": found},
        "consequence": _("下面的日子变回录入以前的样子，能约的时间和值班跟着改。"),
        "action": _("撤回"),
        "back_url": reverse("holidays_notice", args=[found.pk]),
        "draft": draft,
        "kept": kept,
        "booked": booked_on(draft.other_hours),
        "form": UndoForm(initial={"seen": fingerprint(days)}),
        "refusal": refusal,
    }
    return render(request, "centers/holidays/undo.html", context, status=status_of(refusal))


def _asked_year(request: HttpRequest) -> int:
    asked = number(request.GET.get("year"))
    return asked if asked in years() else first_pending()


def _filled(way: str, request: HttpRequest) -> NoticeForm:
    """The form with what was typed before; a sheet comes back as the table."""
    given = EnterForm(request.POST, warnings=False)
    given.is_valid()
    year, text = given.cleaned_data.get("year", first_pending()), given.cleaned_data.get("text", "")
    if way == Way.TEXT:
        return TextForm(initial={"year": year, "notice": text})
    return TableForm(initial={"year": year}, lines=text)


def _form_page(request: HttpRequest, form: NoticeForm) -> HttpResponse:
    context = {"form": form, "way": form.way, "ways": Way.choices, "year": form["year"].value()}
    return render(request, "centers/holidays/new.html", context)


def _draft_page(
    request: HttpRequest,
    way: str,
    text: str,
    shown: Draft,
    *,
    form: EnterForm | None = None,
    refusal: RuleBroken | None = None,
) -> HttpResponse:
    context = {
        "draft": shown,
        "booked": booked_on(shown.other_hours),
        "way": way,
        "refusal": refusal,
        "earlier": HolidayNotice.objects.standing().filter(year=shown.year).select_related("entered_by").first(),
        "form": _enter_form(way, text, shown, form),
    }
    return render(request, "centers/holidays/draft.html", context, status=status_of(refusal))


def _enter_form(way: str, text: str, shown: Draft, sent: EnterForm | None) -> EnterForm:
    """The form below a draft: it confirms the draft that is shown now, and tells what was wrong with what was sent."""
    if sent is None or not sent.errors:
        initial = {"year": shown.year, "way": way, "text": text, "seen": shown.seen}
        return EnterForm(initial=initial, warnings=bool(shown.warnings))
    data = sent.data.copy()
    data["seen"] = shown.seen
    return EnterForm(data, warnings=bool(shown.warnings))
