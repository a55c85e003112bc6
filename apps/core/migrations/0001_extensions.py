from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations


class Migration(migrations.Migration):
    """Exclusion constraints on intervals need btree_gist (a trusted extension)."""

    initial = True
    dependencies = []
    operations = [BtreeGistExtension()]
