"""All that is stored about somebody, for themselves: rows by section, each column with its name (PIPL Art. 45).

Each app names its rows (`Traces.stored`, settings.RESIDENT_TRACES). Every column of a row is told unless the section
leaves it out, so that a new column is told as well.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from auditlog.models import LogEntry
from django.conf import settings
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from centers.models import (
    Consent,
    CorrectedResident,
    Erasure,
    FamilyLink,
    JoinedResident,
    Membership,
    Resident,
    Staff,
)
from centers.people.consents import own_residents
from centers.people.messages import person_of
from portal.accounts.models import User
from portal.notifications.models import Message

# The portal's own: keys, links that open a page, hashes.
MACHINE = {"id", "key", "link", "lease", "session_key", "name_key", "password", "ready_at", "calendar_key"}


class Section(NamedTuple):
    """Rows of one kind. `without`: columns that are not theirs to read, such as whom they helped."""

    title: str | Promise
    rows: QuerySet
    without: frozenset[str] = frozenset()


def sections(user: User) -> list[Section]:
    """Of the account, and of whom it is itself at the center; nobody else's."""
    own = own_residents(user)
    found = [*_of_account(user), *_of_person(user, own)]
    for path in settings.RESIDENT_TRACES:
        found += import_string(path).stored(own, user)
    return found


def told(section: Section) -> list[dict[str, str]]:
    """Each row as {name of the column: value}, empty columns left out. One query."""
    fields = [
        field
        for field in section.rows.model._meta.concrete_fields
        if field.name not in MACHINE | section.without and not isinstance(field, models.GeneratedField)
    ]
    related = [field.name for field in fields if field.is_relation]
    rows = section.rows.select_related(*related) if related else section.rows
    return [dict(_values(row, fields)) for row in rows]


def _values(row: models.Model, fields: Iterable[models.Field]) -> Iterator[tuple[str, str]]:
    for field in fields:
        value = getattr(row, field.name)
        if field.choices and value:
            value = getattr(row, f"get_{field.name}_display")()
        if value not in (None, "", {}, []):
            yield str(field.verbose_name), _said(value)


def _said(value) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return "；".join(f"{key}：{_said(one)}" for key, one in value.items())
    return _("、").join(map(str, value)) if isinstance(value, list) else str(value)


def _of_account(user: User) -> list[Section]:
    account = frozenset({"is_superuser"})
    return [
        Section(gettext_lazy("账户"), User.objects.filter(pk=user.pk), account),
        Section(gettext_lazy("在哪些地方登录着"), UserSession.objects.filter(user=user), frozenset({"user", "data"})),
        Section(gettext_lazy("动态口令"), Authenticator.objects.filter(user=user), frozenset({"user", "data"})),
        Section(
            gettext_lazy("同意过和不同意过的"), Consent.objects.filter(user=user).order_by("pk"), frozenset({"user"})
        ),
        Section(gettext_lazy("角色"), Membership.objects.filter(user=user).order_by("pk"), frozenset({"user"})),
        Section(gettext_lazy("在中心的职务"), Staff.objects.filter(user=user).order_by("pk"), frozenset({"user"})),
        Section(gettext_lazy("您能替谁约"), FamilyLink.objects.filter(user=user).order_by("pk"), frozenset({"user"})),
    ]


def _of_person(user: User, own: list[int]) -> list[Section]:
    me = frozenset({"resident"})
    residents = Resident.objects.filter(pk__in=own)
    helped = FamilyLink.objects.filter(resident__in=own).exclude(user=user).order_by("pk")
    said = Message.objects.filter(person__in=[person_of(one) for one in residents]).order_by("pk")
    keys = frozenset({"subject", "person", "kind", "last_error", "strikes", "needs_call", "is_urgent", "number"})
    looks = Q(content_type__app_label="centers", content_type__model="resident", object_id__in=own)
    looks |= Q(content_type__app_label="accounts", content_type__model="user", object_id=user.pk)
    seen = LogEntry.objects.filter(looks).order_by("pk")
    of_the_log = {field.name for field in LogEntry._meta.fields} - {"timestamp", "action", "actor"}
    return [
        Section(gettext_lazy("中心的登记"), residents),
        Section(gettext_lazy("更正过的"), CorrectedResident.objects.filter(resident__in=own), me | {"moved"}),
        Section(gettext_lazy("合并过的"), JoinedResident.objects.filter(kept__in=own), frozenset({"kept", "moved"})),
        Section(gettext_lazy("要求清除的"), Erasure.objects.filter(resident__in=own), me | {"account"}),
        Section(gettext_lazy("谁能替您约"), helped, me),
        Section(gettext_lazy("发给您的消息"), said, keys),
        Section(gettext_lazy("谁看过、改过您的登记和账户"), seen, frozenset(of_the_log)),
    ]
