"""What rooms are commonly for and whose coverage is looked at. A county adds its own beside them."""

from django.db import migrations

# (code, name, mostly for party meetings and other mandatory use). Source: docs/domain.md, rooms.
ROOM_FUNCTIONS = [
    ("service-hall", "便民服务大厅", False),
    ("party-room", "党员活动室（远教）", True),
    ("council-room", "议事调解室", False),
    ("library", "农家书屋", False),
    ("civic-practice", "新时代文明实践站", True),
    ("safety", "综治警务室", False),
    ("clinic", "卫生室", False),
    ("day-care", "日间照料", False),
    ("children", "儿童之家（四点半课堂）", False),
    ("square", "文体广场", False),
    ("emergency-store", "应急物资", False),
    ("parcels", "快递电商点", False),
    ("counselling", "心理咨询", False),
    ("canteen", "食堂", False),
    ("odd-jobs", "零工驿站", False),
]
GROUP_TAGS = [
    ("elderly", "老年人"),
    ("children", "儿童"),
    ("women", "妇女"),
    ("disabled", "残疾人"),
    ("party-members", "党员"),
    ("talents", "人才"),
    ("veterans", "退役军人"),
    ("low-income", "低收入家庭"),
]


def add(apps, schema_editor):
    functions, tags = apps.get_model("centers", "RoomFunction"), apps.get_model("centers", "GroupTag")
    for code, name, is_mandatory_use in ROOM_FUNCTIONS:
        functions.objects.get_or_create(code=code, defaults={"name": name, "is_mandatory_use": is_mandatory_use})
    for code, name in GROUP_TAGS:
        tags.objects.get_or_create(code=code, defaults={"name": name})


def remove(apps, schema_editor):
    apps.get_model("centers", "RoomFunction").objects.filter(code__in=[code for code, *_ in ROOM_FUNCTIONS]).delete()
    apps.get_model("centers", "GroupTag").objects.filter(code__in=[code for code, _ in GROUP_TAGS]).delete()


class Migration(migrations.Migration):
    dependencies = [("centers", "0001_initial")]

    operations = [migrations.RunPython(add, remove)]
