"""Builds HTML as a tree, so that whatever anybody typed is text and never markup."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, tostring

Child = Element | str


def tag(name: str, *children: Child, **attributes: str) -> Element:
    """An element; strings among the children are text. `class_` is the attribute `class`."""
    element = Element(name, {key.rstrip("_"): value for key, value in attributes.items()})
    last: Element | None = None
    for child in children:
        if isinstance(child, str):
            _append_text(element, last, child)
        else:
            element.append(child)
            last = child
    return element


def facts(pairs: Iterable[tuple[str, Child | None]]) -> Element:
    """A table of two columns; a fact that is not there is left out."""
    return tag(
        "table",
        *(
            tag("tr", tag("th", label, scope="row"), tag("td", value))
            for label, value in pairs
            if value not in (None, "")
        ),
    )


def table(heads: Sequence[str], rows: Iterable[Sequence[Child]]) -> Element:
    """A table with a line of heads."""
    head = tag("thead", tag("tr", *(tag("th", each, scope="col") for each in heads)))
    body = tag("tbody", *(tag("tr", *(tag("td", cell) for cell in row)) for row in rows))
    return tag("table", head, body)


def document(title: str, style: str, *body: Child) -> str:
    """A whole page that needs nothing from anywhere."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name_="robots", content="noindex"),
        tag("title", title),
        tag("style", style),
    )
    page = tag("html", head, tag("body", *body), lang="en")
    return "<!doctype html>\n" + tostring(page, encoding="unicode", method="html") + "\n"


def _append_text(element: Element, last: Element | None, text: str) -> None:
    if last is None:
        element.text = (element.text or "") + text
    else:
        last.tail = (last.tail or "") + text
