from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('centers', '0011_join_residents'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='resident',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('name_key', ''), _negated=True), ('twin_of__isnull', True), models.Q(('phone', ''), _negated=True)), fields=('division', 'phone', 'name_key'), name='a_resident_is_listed_once', violation_error_message='这位居民已经登记过（同村、同名、同电话）。'),
        ),
        migrations.AddConstraint(
            model_name='resident',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('name_key', ''), _negated=True), ('twin_of__isnull', True), ('phone', '')), fields=('division', 'name_key', 'villager_group', 'remark'), name='namesakes_without_a_phone_are_told_apart', violation_error_message='村里已经有一位同名、没有电话的。是另一位的，请写村民小组或一句话分清。'),
        ),
    ]
