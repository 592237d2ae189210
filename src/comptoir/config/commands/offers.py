"""`comptoir offer …`"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from comptoir.config.commands.options import Data, actor
from comptoir.config.database import open_hub
from comptoir.config.problems import StartupProblem

if TYPE_CHECKING:
    from comptoir.offers.history import Standing

app = typer.Typer(help="Prices and offers.", no_args_is_help=True)


@app.callback()
def offers() -> None:
    """Prices and offers."""


@app.command("roll-back")
def go_back(
    to: Annotated[
        str, typer.Option(help="The moment, such as 2026-11-25T14:05+01:00; UTC without an offset.")
    ] = "",
    undo: Annotated[int, typer.Option(help="Instead of a moment: the number of an act.")] = 0,
    channel: Annotated[str, typer.Option(help="Of this channel alone.")] = "",
    sku: Annotated[list[str] | None, typer.Option(help="Of these articles alone.")] = None,
    let_pass: Annotated[
        bool, typer.Option("--let-pass", help="Those too that move too far in one go.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, only show it.")] = False,
    data: Data = None,
) -> None:
    """Want again what was wanted at an earlier moment: prices, floors, pauses, lead times."""
    open_hub()
    from comptoir.offers.roll_back import ChangedMeanwhile, Target, preview_roll_back, roll_back

    if bool(to) == bool(undo):
        raise StartupProblem("Either --to or --undo is needed.", "Write --to 2026-11-25T14:05.")
    ids = _offers(sku or [], channel)
    at = _moment(to) if to else None
    target = Target(at=at, before_act=undo or None, of_act=undo if undo and not ids else None,
                    channel=channel, offers=ids)  # fmt: skip
    preview = preview_roll_back(target)
    for back in preview.rows:
        then = f"  {back.refusal.words}" if back.refusal else ""
        typer.echo(
            f"{back.offer.channel}  {back.offer.sku}  {_words(back.offer.now)} → {_words(back.after)}{then}"
        )
    if preview.total > len(preview.rows):
        typer.echo(f"… and {preview.total - len(preview.rows)} more")
    typer.echo(
        f"{preview.changes} go back, {preview.too_far} move too far, {preview.refused} stay as they are."
    )
    if not yes:
        typer.echo("Nothing was written. With --yes it is done.")
        return
    try:
        done = roll_back(target, upto=preview.upto, actor=actor(), let_pass=let_pass)
    except ChangedMeanwhile as error:
        raise StartupProblem("An offer was changed meanwhile.", "Nothing was written: try again.") from error
    number = "" if done.act is None else f" Act {done.act.pk}: --undo {done.act.pk} takes it back."
    typer.echo(f"{done.changed} are as they were.{number}")


def _moment(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise StartupProblem(f"`{text}` is no moment.", "Write 2026-11-25T14:05+01:00.") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _offers(skus: list[str], channel: str) -> list[int]:
    from comptoir.offers.models import Offer

    if not skus:
        return []
    found = Offer.objects.filter(sku__in=skus)
    if channel:
        found = found.filter(channel__key=channel)
    known = list(found.values_list("id", "sku"))
    if missing := sorted(set(skus) - {name for _, name in known}):
        raise StartupProblem(f"No offer of {', '.join(missing)}.", "Nothing was written.")
    return [pk for pk, _ in known]


def _words(standing: Standing) -> str:
    told = standing.told()
    return f"{told['price']} (floor {told['floor']}{', paused' if told['paused'] else ''})"
