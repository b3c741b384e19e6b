"""The commands of curation, in the order in which a curator needs them."""

from __future__ import annotations

import typer

from onrecord.commands.accept import accept
from onrecord.commands.agreement import agreement
from onrecord.commands.evidence import evidence
from onrecord.commands.review import review
from onrecord.commands.source import source
from onrecord.commands.suggest import suggest

__all__ = ["ORDER", "add_commands"]

ORDER = ("source", "suggest", "review", "accept", "evidence", "agreement")
"""The names of the commands, as a curator needs them."""
_PANEL = "Curation"


def add_commands(app: typer.Typer) -> None:
    """Give an application the commands of curation, listed in a panel of their own."""
    app.add_typer(source, rich_help_panel=_PANEL)
    app.add_typer(evidence, rich_help_panel=_PANEL)
    app.command(rich_help_panel=_PANEL, epilog=_examples("suggest S0016", "suggest S0016 -o sheet.xlsx"))(suggest)
    app.command(rich_help_panel=_PANEL, epilog=_examples("review S0006.csv", "review S0006.xlsx --texts ../texts"))(
        review
    )
    app.command(rich_help_panel=_PANEL, epilog=_examples("accept S0006.csv --dry-run", "accept S0006.csv"))(accept)
    app.command(
        rich_help_panel=_PANEL,
        epilog=_examples("agreement first/ second/", "agreement anna.csv ben.xlsx --disagreements both.csv --write ."),
    )(agreement)


def _examples(*lines: str) -> str:
    return "Example: " + ", ".join(f"[bold]onrecord {line}[/bold]" for line in lines)
