"""The owner's own printed sheets: HTML templates of `own/print` under the names of those in resources/print.

A template is data: it shows what the sheet holds, in loops over that and conditions on it, escaped. It cannot
include, set, compute or call anything but the words and figures that our own sheets use, and what it makes is
looked at before Qt lays it out. Jinja2 is loaded with the first thing that is printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from string import Formatter
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from shopdesk.core import own
from shopdesk.core.own import Found, Left, Unusable
from shopdesk.core.words import N_
from shopdesk.ui.sheet import Sheet

MOST_LOOPS = 20
MOST_SIGNS = 5_000_000
DEEPEST = 24
_CALLED = frozenset({"tr", "trn", "trc", "money", "day", "time", "due"})
_TEXTS = {"tr": 1, "trn": 2, "trc": 2}
"""How many texts to be filled a word takes first."""
_FILTERS = frozenset({"length", "first", "last", "upper", "lower"})
_PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.Name, nodes.Compare, nodes.Operand, nodes.Const,
    nodes.Not, nodes.And, nodes.Or, nodes.CondExpr, nodes.Keyword,
)  # fmt: skip
_TAGS = frozenset(
    {"table", "thead", "tbody", "tr", "td", "th", "p", "br", "span", "b", "i", "u", "h1", "h2", "h3", "hr", "div",
     "img", "ul", "ol", "li", "small", "sup", "sub"}
)  # fmt: skip
_OPEN = frozenset({"br", "hr", "img"})
_failed: dict[jinja2.Template, Left] = {}


def html(sheet: Sheet, given: Mapping[str, Any]) -> str | None:
    """The sheet by the owner's own template; None when there is none, or none that can be used."""
    for name, template in found().made:
        if name == sheet.template:
            try:
                made = _filled(template, sheet, given)
            except Unusable as reason:
                _failed[template] = Left(name, reason)
                return None
            _failed.pop(template, None)
            return made
    return None


def found() -> Found[tuple[str, jinja2.Template]]:
    """The owner's templates that can be used; left are those that cannot, also those of which it showed when filled."""
    read = own.found("print", _template)
    failed = (_failed[template] for _, template in read.made if template in _failed)
    return Found(read.made, (*read.left, *failed))


def _template(name: str, text: str) -> tuple[str, jinja2.Template]:
    environment = ImmutableSandboxedEnvironment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    try:
        tree = environment.parse(text)
        _look_at(tree, ())
        if sum(1 for _ in tree.find_all(nodes.For)) > MOST_LOOPS:
            raise Unusable(N_("it has more than {n} loops."), n=MOST_LOOPS)
        return name, environment.from_string(text)
    except jinja2.TemplateSyntaxError as error:
        raise Unusable(N_("it cannot be understood there."), line=error.lineno) from None


def _look_at(node: nodes.Node, loops: tuple[str, ...]) -> None:
    """Raises Unusable for anything that is not merely shown."""
    inner = loops
    if isinstance(node, nodes.For):
        inner = _loop(node, loops)
    elif not isinstance(node, _PLAIN) and not _is_looked_up(node):
        lines = (one.lineno for one in (node, *node.iter_child_nodes()) if one.lineno)
        raise Unusable(N_("a sheet shows and repeats, and nothing else."), line=next(lines, 0))
    for child in node.iter_child_nodes():
        _look_at(child, inner)


def _is_looked_up(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Getattr):
        return not node.attr.startswith("_")
    if isinstance(node, nodes.Getitem):
        return isinstance(node.arg, nodes.Const | nodes.Getattr) and not str(getattr(node.arg, "value", "")).startswith(
            "_"
        )
    if isinstance(node, nodes.Filter):
        return node.name in _FILTERS
    if isinstance(node, nodes.Call):
        called = node.node.name if isinstance(node.node, nodes.Name) else ""
        plain = called in _CALLED and not (node.dyn_args or node.dyn_kwargs)
        return plain and all(map(_is_plain_text, node.args[: _TEXTS.get(called, 0)]))
    return False


def _is_plain_text(node: nodes.Node) -> bool:
    """Whether a text is one to be filled with {names} alone: no widths, no parts of what is filled in."""
    if not isinstance(node, nodes.Const) or not isinstance(node.value, str):
        return False
    try:
        fields = [part[1:] for part in Formatter().parse(node.value) if part[1] is not None]
    except ValueError:
        return False
    return all((name or "").isidentifier() and not spec and not turned for name, spec, turned in fields)


def _loop(node: nodes.For, loops: tuple[str, ...]) -> tuple[str, ...]:
    """A loop goes over what the sheet holds; within another one over what that one's record holds."""
    root: nodes.Node = node.iter
    while isinstance(root, nodes.Getattr):
        root = root.node
    of_sheet = isinstance(root, nodes.Name) and (not loops or root.name == loops[-1])
    if not of_sheet or not isinstance(node.target, nodes.Name) or node.recursive:
        raise Unusable(N_("a loop goes over what the sheet or the loop around it holds."), line=node.lineno)
    return (*loops, node.target.name)


def _filled(template: jinja2.Template, sheet: Sheet, given: Mapping[str, Any]) -> str:
    try:
        made = "".join(_limited(template.generate({**given, **sheet.data, "sheet": sheet})))
    except (jinja2.TemplateError, TypeError, ValueError, LookupError, AttributeError, ArithmeticError):
        raise Unusable(N_("it shows something that the sheet does not hold.")) from None
    _Look().feed(made)
    return made


def _limited(pieces: Iterator[str]) -> Iterator[str]:
    signs = 0
    for piece in pieces:
        signs += len(piece)
        if signs > MOST_SIGNS:
            raise Unusable(N_("it makes more than {n} MB."), n=MOST_SIGNS // 1_000_000)
        yield piece


class _Look(HTMLParser):
    """What Qt will lay out: known tags, not deep in each other, no enormous sizes, nothing to click."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Raises Unusable."""
        line = self.getpos()[0]
        if tag not in _TAGS:
            raise Unusable(N_("“{name}” has no place on a sheet."), name=tag[:40], line=line)
        if any(re.search(r"\d{5}|\de\d|url", value or "", re.IGNORECASE) for key, value in attrs if key != "src"):
            raise Unusable(N_("a size is out of all measure."), line=line)
        self._depth += tag not in _OPEN
        if self._depth > DEEPEST:
            raise Unusable(N_("its tables stand too deep in each other."), line=line)

    def handle_endtag(self, tag: str) -> None:
        """One less."""
        self._depth -= tag not in _OPEN
