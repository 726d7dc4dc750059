"""Work out a sum typed in the palette: + - x / and brackets on decimal numbers, no names, no functions."""

import ast
import operator
from collections.abc import Callable
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow

LONGEST = 80
MOST_DIGITS = 40
_OPERATIONS: dict[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_SIGNS = str.maketrans({"×": "*", "x": "*", "÷": "/", "−": "-", "，": "", ",": "", "（": "(", "）": ")", "¥": ""})


def work_out(text: str) -> str:
    """The result of a sum as text, "" when it is none (or not yet)."""
    if len(text) > LONGEST:
        return ""
    try:
        tree = ast.parse(_percent(text.translate(_SIGNS)).strip(), mode="eval")
        result = _value(tree.body)
    except (SyntaxError, ValueError, RecursionError, InvalidOperation, DivisionByZero, Overflow):
        return ""
    if not result.is_finite() or abs(result.adjusted()) > MOST_DIGITS:
        return ""
    rounded = result.quantize(Decimal("0.000001")) if result.as_tuple().exponent < -6 else result  # type: ignore[operator]
    said = f"{rounded:,f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def _percent(text: str) -> str:
    return text.replace("%", "/100")


def _value(node: ast.expr) -> Decimal:
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)) and not isinstance(node.value, bool):
        return Decimal(str(node.value))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, (ast.USub, ast.UAdd)):
        value = _value(node.operand)
        return -value if isinstance(node.op, ast.USub) else value
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
        return _OPERATIONS[type(node.op)](_value(node.left), _value(node.right))
    raise ValueError(ast.dump(node))
