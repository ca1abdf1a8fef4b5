"""Reminders are planned at their hour: those that lie ahead go, and those that went get their identity.

A reminder expired when its visit began, so that its end is the visit's start. Without an identity the sweep would send
it once more. Inbox rows had no end: who has only these sees one of them twice.
"""

from datetime import timedelta

from django.conf import settings
from django.db import migrations
from django.db.models import F
from django.utils import timezone


def identify(apps, schema_editor):
    reminders = apps.get_model("notifications", "Message").objects.filter(kind="reminder")
    now = timezone.now()
    reminders.filter(due_at__gt=now, state__in=["pending", "listed"]).delete()
    for number, minutes in enumerate(settings.REMINDERS, start=1):
        told = reminders.filter(expires_at__gt=now, expires_at=F("due_at") + timedelta(minutes=minutes))
        told.update(occasion=F("expires_at"), number=number)


class Migration(migrations.Migration):

    dependencies = [
        ("notifications", "0007_words_at_the_hand_over"),
    ]

    operations = [migrations.RunPython(identify, migrations.RunPython.noop)]
