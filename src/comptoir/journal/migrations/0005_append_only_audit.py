from django.db import migrations, models

REFUSE = """
CREATE FUNCTION journal_change_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'journal_change is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER journal_change_append_only BEFORE UPDATE OR DELETE ON journal_change
FOR EACH STATEMENT EXECUTE FUNCTION journal_change_is_append_only();
"""
ALLOW = """
DROP TRIGGER journal_change_append_only ON journal_change;
DROP FUNCTION journal_change_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0004_alerts")]

    operations = [
        migrations.AddField(
            "change", "key", models.CharField(blank=True, max_length=16, default=""), preserve_default=False
        ),
        migrations.AddIndex("change", models.Index(fields=["-at"], name="journal_change_at")),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
