"""How a number is written in the tables."""

from __future__ import annotations


def ms(seconds: float) -> str:
    """Milliseconds."""
    return f"{seconds * 1000:.1f}"


def met(is_met: bool) -> str:
    """Whether the aim is."""
    return "[green]met[/]" if is_met else "[red]missed[/]"
