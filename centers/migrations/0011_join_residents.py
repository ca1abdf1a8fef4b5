"""One spelling for each name and number, and one row for each person of a village, a name and a number.

Who held two places in one slot, waits twice for one, or has two open cases stays two rows: the second has `twin_of` set
and is for the center to settle. What was joined to what is kept in JoinedResident. What changed is printed.
"""

from collections import Counter

from django.db import migrations
from django.db.models import Count, Q

from centers.people.joining import join
from portal.retention import ANONYMOUS
from portal.ui import names, numbers

BATCH = 1000
# (model, its names, its numbers); a center's number is printed as it is stored.
SPELLED = [
    ("accounts.User", ["name"], ["phone"]),
    ("centers.Center", [], []),
    ("centers.Staff", ["name"], ["phone"]),
    ("appointments.Appointment", ["contact_name"], ["phone"]),
    ("appointments.WaitingEntry", ["contact_name"], ["phone"]),
    ("appointments.Case", ["contact_name", "handed_over_to"], ["phone"]),
    ("appointments.OfflineMark", ["name"], []),
]


def forwards(apps, schema_editor):
    done = Counter()
    for label, named, numbered in SPELLED:
        spell = dict.fromkeys(named, names.clean) | dict.fromkeys(numbered, numbers.canonical)
        if label == "centers.Center":
            spell = {"phone": numbers.written}
        done[label] += respell(apps.get_model(label), spell)
    residents = apps.get_model("centers", "Resident")
    done["centers.Resident"] += respell(residents, {"name": names.clean, "phone": numbers.canonical}, key_of)
    for twins in alike(residents):
        done.update(joined(apps, residents, twins))
    if any(done.values()):
        print(" ", ", ".join(f"{what} {number}" for what, number in sorted(done.items()) if number), end=" ")


def respell(model, spell, further=None) -> int:
    """Rewrite the columns where the spelling differs; a row at a time is locked, not the table. Returns how many."""
    changed, last = 0, 0
    typed = Q()
    for column in spell:
        typed |= ~Q(**{column: ""}) & Q(**{f"{column}__isnull": False})
    columns = [*spell, *(["name_key"] if further else [])]
    while rows := list(model._base_manager.filter(typed, pk__gt=last).order_by("pk").only(*columns)[:BATCH]):
        last = rows[-1].pk
        different = [row for row in rows if write(row, spell, further)]
        model._base_manager.bulk_update(different, columns, batch_size=100)
        changed += len(different)
    return changed


def write(row, spell, further) -> bool:
    before = [getattr(row, column) for column in [*spell, *(["name_key"] if further else [])]]
    for column, said in spell.items():
        if getattr(row, column):
            longest = row._meta.get_field(column).max_length
            setattr(row, column, said(getattr(row, column))[:longest])
    if further:
        row.name_key = further(row)
    return before != [getattr(row, column) for column in [*spell, *(["name_key"] if further else [])]]


def key_of(resident) -> str:
    erased = resident.name.startswith(ANONYMOUS) and not resident.phone
    return "" if erased else names.key(resident.name)


def alike(residents):
    """Lists of the primary keys of one person, the oldest first. Without a number also of one group."""
    listed = residents._base_manager.exclude(name_key="").order_by()
    for columns, rows in (
        (["division", "phone", "name_key"], listed.exclude(phone="")),
        (["division", "name_key", "villager_group"], listed.filter(phone="")),
    ):
        for found in rows.values(*columns).annotate(number=Count("pk")).filter(number__gt=1):
            found.pop("number")
            yield list(rows.filter(**found).order_by("pk").values_list("pk", flat=True))


def joined(apps, residents, pks: list[int]) -> Counter:
    done = Counter()
    keep = residents._base_manager.get(pk=pks[0])
    for pk in pks[1:]:
        if clash(apps, keep.pk, pk):
            residents._base_manager.filter(pk=pk).update(twin_of=keep)
            done["left to the center"] += 1
        else:
            join(keep, residents._base_manager.get(pk=pk))
            done["joined"] += 1
    return done


def clash(apps, keep: int, gone: int) -> bool:
    held = apps.get_model("appointments", "Place")._base_manager.filter(released_at__isnull=True)
    waiting = apps.get_model("appointments", "WaitingEntry")._base_manager.filter(ended_at__isnull=True)
    opened = apps.get_model("appointments", "Case")._base_manager.filter(closed_at__isnull=True)
    twice = [rows.filter(resident=gone, slot__in=rows.filter(resident=keep).values("slot")) for rows in (held, waiting)]
    both = opened.filter(resident=keep).exists() and opened.filter(resident=gone).exists()
    return both or any(rows.exists() for rows in twice)


class Migration(migrations.Migration):

    dependencies = [
        ('centers', '0010_names_and_numbers'),
        ('accounts', '0004_asleep_since'),
        ('appointments', '0013_longer_names'),
        ('notifications', '0009_channels_in_use'),
    ]

    operations = [
        # Spellings are not put back: what was joined is in JoinedResident.
        migrations.RunPython(forwards, migrations.RunPython.noop, elidable=True),
    ]
