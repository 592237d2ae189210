from django.db import migrations, models
from django.db.models import F


def own_pool(apps, schema_editor):
    apps.get_model("channels", "Channel").objects.update(stock_pool=F("key"))


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_initial")]

    operations = [
        migrations.AddField(
            "channel", "stock_pool", models.CharField(max_length=100, default=""), preserve_default=False
        ),
        migrations.RunPython(own_pool, migrations.RunPython.noop, elidable=True),
        migrations.AddIndex("channel", models.Index(fields=["stock_pool"], name="channels_channel_pool")),
    ]
