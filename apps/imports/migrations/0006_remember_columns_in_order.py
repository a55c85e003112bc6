from typing import Any

from django.db import migrations, models


def forget_letters(apps: Any, schema_editor: Any) -> None:
    """Layouts used to be known by the letters of their columns; those are not found any more."""
    apps.get_model("imports", "RememberedMapping").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("imports", "0005_take_back"),
    ]

    operations = [
        migrations.RunPython(forget_letters, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="rememberedmapping",
            name="columns",
            field=models.JSONField(default=list, verbose_name="columns"),
        ),
    ]
