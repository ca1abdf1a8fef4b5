from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_invitations")]

    operations = [
        migrations.AlterField(
            model_name="logincode",
            name="purpose",
            field=models.CharField(
                choices=[("sign_in", "登录"), ("look_up", "查预约"), ("number", "改手机号")],
                max_length=10,
                verbose_name="用途",
            ),
        ),
    ]
