"""Search by a buyer's name without capitals and accents: a fold of our own, as no extension is asked for."""

from django.db import migrations

FOLD = """
CREATE FUNCTION orders_fold(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN translate(lower(name), 'àáâãäåçèéêëìíîïñòóôõöùúûüýÿ', 'aaaaaaceeeeiiiinooooouuuuyy')
"""
WORDS = """
CREATE INDEX orders_contact_words ON orders_ordercontact
USING gin (to_tsvector('simple'::regconfig, orders_fold(buyer_name::text)))
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_reading_indexes")]

    operations = [
        migrations.RunSQL(FOLD, "DROP FUNCTION orders_fold(text)"),
        migrations.RunSQL(WORDS, "DROP INDEX orders_contact_words"),
    ]
