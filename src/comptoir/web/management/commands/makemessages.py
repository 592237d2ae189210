"""Collects what `sdk.i18n.N_` marks too: the sdk and the connectors know no Django."""

from __future__ import annotations

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=N_"]  # noqa: RUF012 - as it is there
