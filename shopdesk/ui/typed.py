"""What an owner types into a field of numbers: sums like 12.5+3*2."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from decimal import Decimal, DivisionByZero, InvalidOperation

from shopdesk.core import money
from shopdesk.core.errors import ShopError
from shopdesk.core.words import N_

_NO_SUM = N_("That is no amount.")
_TOO_FINE = N_("{currency} has {most} digits after the point, not more.")
_NO_DIGITS = N_("{currency} has no digits after the point.")
_NO_NUMBER = N_("That is no whole number.")
_TOO_LARGE = N_("This number is too large.")
_LONGEST = 60
_MOST = Decimal(10**15)
_SIGNS = str.maketrans("×÷−（）", "*/-()", "，,")
_OPERATORS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def amount(text: str, currency: str) -> int:
    """A typed amount or sum in minor units: "12.5+3*2". Raises ShopError (MoneyError for a plain wrong amount).

    What is typed has no more digits than the currency; only what a sum comes to is rounded.
    """
    bare = text.strip().lstrip("¥￥$€£").strip()
    if not re.search(r"[+*/()×÷−-]", bare.lstrip("-−")):
        typed = money.decimal(text)
        _check_digits(typed, currency)
        return money.minor(typed, currency)
    return money.minor(_sum(bare), currency)


def _check_digits(value: Decimal, currency: str) -> None:
    most = money.exponent(currency)
    if int(value.as_tuple().exponent) < -most:
        raise ShopError(_TOO_FINE if most else _NO_DIGITS, currency=currency, most=most)


def number(text: str) -> int:
    """A typed whole number or sum of such. Raises ShopError."""
    bare = text.strip().replace("−", "-")
    try:
        value = _sum(bare)
    except ShopError as error:
        raise ShopError(_TOO_LARGE if error.message == _TOO_LARGE else _NO_NUMBER) from None
    if value != value.to_integral_value():
        raise ShopError(_NO_NUMBER)
    return int(value)


def _sum(text: str) -> Decimal:
    plain = text.translate(_SIGNS)
    if len(plain) > _LONGEST:
        raise ShopError(_NO_SUM)
    try:
        found = _value(ast.parse(plain.strip(), mode="eval").body)
    except (SyntaxError, ValueError, DivisionByZero, InvalidOperation, RecursionError, MemoryError):
        raise ShopError(_NO_SUM) from None
    if not found.is_finite():
        raise ShopError(_NO_SUM)
    if abs(found) > _MOST:
        raise ShopError(_TOO_LARGE)
    return found


def _value(node: ast.expr) -> Decimal:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return Decimal(str(node.value))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value(node.left), _value(node.right))
    raise ValueError(node)
