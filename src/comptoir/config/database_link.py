"""DATABASE_URL as Django wants it, with the bounds that end a session whose machine was cut off.

A session holds the locks of its flows (`core.locks`). When its machine vanishes without a word, the server
must notice by itself, or nobody could take the work up. Both ends look: the server asks an idle session
whether it is there, and gives up on data that nobody takes.

    idle session:     10 s of silence, then 3 questions 3 s apart  → gone after 19 s
    data under way:   nothing acknowledged for 15 s                → gone after 15 s
    long statement:   the server looks every 5 s whether its client is still there

https://www.postgresql.org/docs/current/runtime-config-connection.html#RUNTIME-CONFIG-TCP
https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS
"""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote

CUT_OFF_SECONDS = 20
"""No session of a machine that was cut off lives longer than this on the server."""

OURS = {
    "connect_timeout": "5",
    "keepalives": "1",
    "keepalives_idle": "10",
    "keepalives_interval": "3",
    "keepalives_count": "3",
    "tcp_user_timeout": "15000",
    "application_name": "comptoir",
}
THEIRS = {
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "3",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "15000",
    "client_connection_check_interval": "5000",
    # A transaction that waits for its own program holds rows that others need: no flow thinks for a minute
    # between two statements, since none calls the network inside a transaction.
    "idle_in_transaction_session_timeout": "60000",
}


def database_from_url(url: str) -> dict[str, object]:
    """Django's DATABASES entry for `postgresql://user:password@host:port/name?sslmode=require`.

    Several hosts may be given, as libpq takes them: `@one:5432,two:5432/name?target_session_attrs=read-write`
    finds the one that takes writes, so that a standby which was promoted is found by itself. What the address
    says goes before our own bounds; `options=` replaces those of the server's side (a pooler may refuse them).
    """
    scheme, _, rest = url.partition("://")
    if scheme not in ("postgres", "postgresql"):
        raise ValueError("DATABASE_URL must start with postgresql://")
    place, _, query = rest.partition("?")
    authority, _, name = place.partition("/")
    person, _, hosts = authority.rpartition("@")
    user, _, password = person.partition(":")
    pairs = [_host_and_port(host) for host in hosts.split(",")]
    given = dict(parse_qsl(query))
    if len(pairs) > 1:
        given.setdefault("target_session_attrs", "read-write")
    options = " ".join(f"-c {key}={value}" for key, value in THEIRS.items())
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(name),
        "USER": unquote(user),
        "PASSWORD": unquote(password),
        "HOST": ",".join(host for host, _ in pairs),
        "PORT": ",".join(port for _, port in pairs),
        "OPTIONS": {**OURS, "options": options, **given},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def _host_and_port(text: str) -> tuple[str, str]:
    """`host:port`, `host`, or `[::1]:port`."""
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        return host, rest.removeprefix(":")
    host, _, port = text.partition(":")
    return unquote(host), port
