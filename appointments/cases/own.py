"""Cases of somebody who asks for their data, or for their name to be erased."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appointments.cases.models import Case, CaseMaterial, CasePause, CaseStage, CaseStep, CaseTransfer
from centers.people.own_data import Section
from centers.people.retention import Ahead
from portal.accounts.models import User
from portal.ui import words


def stored(pks: list[int], user: User) -> list[Section]:
    rows = Case.objects.filter(resident__in=pks).order_by("pk")
    of_a_case = {"case__in": rows.values("pk")}
    return [
        Section(gettext_lazy("代办"), rows, frozenset({"resident"})),
        Section(gettext_lazy("代办材料"), CaseMaterial.objects.filter(**of_a_case).order_by("pk")),
        Section(gettext_lazy("代办环节"), CaseStage.objects.filter(**of_a_case).order_by("pk")),
        Section(gettext_lazy("代办暂停"), CasePause.objects.filter(stage__case__in=rows.values("pk")).order_by("pk")),
        Section(gettext_lazy("代办转交"), CaseTransfer.objects.filter(**of_a_case).order_by("pk")),
        Section(gettext_lazy("代办经过"), CaseStep.objects.filter(**of_a_case).order_by("pk")),
    ]


def ahead(pks: list[int], now: datetime) -> list[Ahead]:
    """Nobody ends a case by ending their account: the village carries it on, or they give it up at the center."""
    rows = Case.objects.needing_somebody().for_pages().filter(resident__in=pks).order_by("opened_at", "pk")
    said = _("代办：%(item)s（办件码%(code)s，在%(center)s）")
    return [
        Ahead(
            f"case:{row.pk}",
            said % {"item": row.item, "code": words.code(row.code), "center": row.center.name},
            goes_on=True,
        )
        for row in rows
    ]


def holds(at: datetime) -> Q:
    return Q(Exists(Case.objects.needing_somebody().filter(resident=OuterRef("pk"))))
