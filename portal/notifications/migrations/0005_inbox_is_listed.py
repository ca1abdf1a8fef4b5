"""What stands in the inbox waits for no sender any more."""

from django.db import migrations, models


def listed(apps, schema_editor):
    inbox = apps.get_model("notifications", "Message").objects.filter(channel="inbox")
    inbox.exclude(state="withdrawn").update(state="listed")


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0004_leaner_indexes'),
    ]

    operations = [
        migrations.AlterField(
            model_name='message',
            name='state',
            field=models.CharField(choices=[('pending', '等待发送'), ('sending', '正在发送'), ('sent', '已发出'), ('delivered', '已送达'), ('failed', '发送失败'), ('expired', '已过期'), ('missed', '未能通知到'), ('parked', '已搁置'), ('withdrawn', '已撤回'), ('called', '已打电话'), ('listed', '到时间就能看到')], default='pending', max_length=10, verbose_name='状态'),
        ),
        migrations.RunPython(listed, migrations.RunPython.noop),
    ]
