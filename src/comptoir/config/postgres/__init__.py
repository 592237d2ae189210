"""A PostgreSQL server of our own under the data folder, for who has none.

The binaries come from a wheel; everything else is here. `DATABASE_URL` does without all of it.
"""

from comptoir.config.postgres.server import EmbeddedPostgres

__all__ = ["EmbeddedPostgres"]
