from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0005_inbox_is_listed'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('channel', 'inbox'), ('state__in', ['listed', 'withdrawn'])), models.Q(models.Q(('channel', 'inbox'), _negated=True), models.Q(('state', 'listed'), _negated=True)), _connector='OR'), name='what_stands_in_the_inbox_waits_for_no_sender', violation_error_message='站内信到时间就能看到，不用发送。'),
        ),
    ]
