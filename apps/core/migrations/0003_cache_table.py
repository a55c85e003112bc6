from django.db import migrations


class Migration(migrations.Migration):
    """The table of the shared cache (as `createcachetable` makes it), so that set-up is one step."""

    dependencies = [("core", "0002_job")]
    operations = [
        migrations.RunSQL(
            """
            CREATE UNLOGGED TABLE core_cache (
                cache_key varchar(255) NOT NULL PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX core_cache_expires ON core_cache (expires);
            """,
            "DROP TABLE core_cache",
        )
    ]
