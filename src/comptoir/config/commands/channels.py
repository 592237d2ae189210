"""`comptoir channel …`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from comptoir.config.commands.options import Data, actor
from comptoir.config.database import open_hub
from comptoir.config.problems import StartupProblem

if TYPE_CHECKING:
    from comptoir.channels.models import Channel
    from comptoir.sdk.connector import ConnectorType

app = typer.Typer(help="The places we sell, and the ERP.", no_args_is_help=True)

Key = Annotated[str, typer.Argument(help="The channel's key.")]


@app.command()
def add(
    kind: Annotated[str, typer.Argument(help="The kind of connector, such as mirakl.")],
    key: Key,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", help="name=value; name=@FILE reads a file; name=- asks, without showing."),
    ] = None,
    name: Annotated[str, typer.Option(help="As shown; the key by default.")] = "",
    currency: Annotated[str, typer.Option(help="ISO 4217.")] = "EUR",
    test: Annotated[bool, typer.Option(help="Call the other side before anything is stored.")] = True,
    data: Data = None,
) -> None:
    """Connect a channel."""
    open_hub()
    from comptoir.channels.services import KeyTaken, add_channel
    from comptoir.flows.connect import try_settings
    from comptoir.sdk.errors import ConnectorError
    from comptoir.sdk.settings import SettingsError

    connector = _connector(kind)
    try:
        settings = connector.settings.load(dict(_parse_setting(text) for text in setting or []))
        if test:
            try_settings(connector, settings)
        add_channel(
            key=key,
            name=name or key,
            connector=connector,
            settings=settings,
            actor=actor(),
            currency=currency,
        )
    except SettingsError as error:
        raise StartupProblem(f"The settings do not fit: {error}.", _expected(connector)) from error
    except ConnectorError as error:
        raise StartupProblem(f"{connector.label} says: {error}", "Nothing was stored.") from error
    except KeyTaken as error:
        raise StartupProblem(f"There is already a channel `{key}`.", "Choose another key.") from error
    typer.echo(f"{key} is connected.")


@app.command()
def certify(key: Key, data: Data = None) -> None:
    """Look on the real account at what the connector only assumes. Nothing is written there."""
    open_hub()
    from comptoir.flows.connect import connected
    from comptoir.sdk.certification import Certifiable, Finding
    from comptoir.sdk.errors import ConnectorError

    channel = _channel(key)
    differs = False
    try:
        with connected(channel, lambda exchange: None) as connection:
            if not isinstance(connection, Certifiable):
                raise StartupProblem(f"{channel.name} has nothing to certify.", "Its protocol is documented.")
            for told in connection.certify():
                differs |= told.finding is Finding.DIFFERS
                typer.echo(
                    f"{told.finding.value:<10} [{told.evidence or '-':<2}] {told.subject}  {told.detail}"
                )
    except ConnectorError as error:
        raise StartupProblem(f"{channel.name} says: {error}", "Mend its settings, then try again.") from error
    raise typer.Exit(1 if differs else 0)


@app.command("test")
def check(key: Key, data: Data = None) -> None:
    """Call the other side and say what it answers."""
    open_hub()
    from comptoir.flows.connect import check_channel
    from comptoir.sdk.errors import ConnectorError

    channel = _channel(key)
    try:
        profile = check_channel(channel)
    except ConnectorError as error:
        raise StartupProblem(
            f"{channel.name} says: {error}", "Mend its settings, then test again."
        ) from error
    typer.echo(f"{channel.name} answers: {profile}")


@app.command()
def suspend(
    key: Key,
    reason: Annotated[str, typer.Option(help="Kept, and shown on screen.")] = "by hand",
    data: Data = None,
) -> None:
    """Stop all exchanges with a channel until `resume`."""
    open_hub()
    from comptoir.channels.services import pause_channel

    pause_channel(_channel(key), reason, actor=actor())
    typer.echo(f"{key} is paused.")


@app.command()
def resume(key: Key, data: Data = None) -> None:
    """Go on with a channel that was suspended."""
    open_hub()
    from comptoir.channels.services import resume_channel

    resume_channel(_channel(key), actor=actor())
    typer.echo(f"{key} is active.")


@app.command()
def writes(
    key: Key,
    prices: Annotated[bool, typer.Option("--prices/--no-prices", help="May prices leave?")] = True,
    stock: Annotated[bool, typer.Option("--stock/--no-stock", help="May quantities leave?")] = True,
    data: Data = None,
) -> None:
    """The kill switch: `--no-prices` stops every price for a channel at once; without options all may leave."""
    open_hub()
    from comptoir.offers.kill_switch import stop_writes

    stop_writes(_channel(key), prices=not prices, stock=not stock, actor=actor())
    for name, may in (("prices", prices), ("quantities", stock)):
        typer.echo(f"{key}: {name} {'may leave' if may else 'are stopped'}.")


@app.command()
def preview(
    key: Key,
    sku: Annotated[list[str], typer.Argument(help="Our articles, at most a hundred.")],
    data: Data = None,
) -> None:
    """Ask a channel whether it would take offers of these articles, and why not."""
    open_hub()
    from comptoir.flows.preview_listings import preview_listings
    from comptoir.sdk.errors import ConnectorError

    try:
        verdicts = preview_listings(_channel(key), sku, actor=actor())
    except ConnectorError as error:
        raise StartupProblem(f"{key} says: {error}", "Nothing was written there.") from error
    for told in verdicts:
        typer.echo(
            f"{told.key}  {told.outcome.value}  {told.external_id} {told.code} {told.message}".rstrip()
        )
    for missing in sorted(set(sku) - {told.key for told in verdicts}):
        typer.echo(f"{missing}  is no product here")


@app.command()
def invoice(
    key: Key,
    order: Annotated[str, typer.Argument(help="Our reference of the order, or the channel's own id.")],
    file: Annotated[Path, typer.Argument(help="The PDF.", exists=True, dir_okay=False)],
    number: Annotated[str, typer.Option(help="The number printed on it.")],
    total: Annotated[str, typer.Option(help="Tax included, such as 49.90.")] = "",
    tax: Annotated[str, typer.Option(help="The tax in it.")] = "",
    credit_note_for: Annotated[str, typer.Option(help="A credit note: the channel's id of the refund.")] = "",
    data: Data = None,
) -> None:
    """Give a channel the buyer's invoice of an order; `send_invoices` sends it."""
    open_hub()
    from decimal import Decimal, InvalidOperation

    from comptoir.channels.invoices import NumberTaken, add_invoice
    from comptoir.flows.connect import capabilities
    from comptoir.orders.models import Order

    channel = _channel(key)
    if "InvoiceTarget" not in capabilities(channel):
        raise StartupProblem(f"{channel.name} takes no invoices.", "Its connector has no way to send them.")
    found = Order.objects.filter(channel=channel)
    known = found.filter(reference=order).first() or found.filter(external_id=order).first()
    if known is None:
        raise StartupProblem(f"{channel.name} has no order `{order}`.", "Give its reference or its id.")
    try:
        added = add_invoice(
            channel,
            order_id=known.external_id,
            number=number,
            content=file.read_bytes(),
            file_name=file.name,
            actor=actor(),
            kind="credit_note" if credit_note_for else "invoice",
            refund_id=credit_note_for,
            total_amount=Decimal(total) if total else None,
            tax_amount=Decimal(tax) if tax else None,
        )
    except NumberTaken as error:
        raise StartupProblem(f"{number} is another file already.", "Give another number.") from error
    except InvalidOperation as error:
        raise StartupProblem("An amount is not a number.", "Write 49.90.") from error
    typer.echo(f"{added.number}: {added.state}.")


def _parse_setting(text: str) -> tuple[str, str]:
    """Secrets stay out of the shell's history with `-` and `@FILE`."""
    name, equals, value = text.partition("=")
    if not equals:
        raise StartupProblem(f"`--set {text}` has no value.", "Write --set name=value.")
    if value == "-":
        return name, typer.prompt(name, hide_input=True)
    if value.startswith("@"):
        return name, Path(value[1:]).read_text("utf-8").strip()
    return name, value


def _connector(kind: str) -> ConnectorType:
    from comptoir.flows.connect import UnknownConnector, connector_type, connector_types

    try:
        return connector_type(kind)
    except UnknownConnector as error:
        known = ", ".join(connector_types()) or "none is installed"
        raise StartupProblem(f"There is no connector `{kind}`.", f"Known: {known}.") from error


def _channel(key: str) -> Channel:
    from comptoir.channels.models import Channel

    try:
        return Channel.objects.get(key=key)
    except Channel.DoesNotExist as error:
        known = ", ".join(Channel.objects.values_list("key", flat=True)) or "none"
        raise StartupProblem(f"There is no channel `{key}`.", f"Known: {known}.") from error


def _expected(connector: ConnectorType) -> str:
    names = (
        f"{field.name}{'' if field.required else ' (optional)'}" for field in connector.settings.fields()
    )
    return f"{connector.label} has these settings: {', '.join(names)}."
