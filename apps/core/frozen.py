"""Write values as JSON and read them back as what they were: dates, decimals, tuples included."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

_TAG = "~"


def freeze(content: Any) -> str:
    """Write values as JSON; dates, instants, decimals and tuples come back as they were."""
    return json.dumps(_tagged(content), ensure_ascii=False, separators=(",", ":"))


def _tagged(value: Any) -> Any:
    kind = type(value)
    if kind in {str, int, float, bool} or value is None:
        return value
    if kind is dict:
        return {str(key): _tagged(item) for key, item in value.items()}
    if kind is list:
        return [_tagged(item) for item in value]
    if isinstance(value, tuple):
        return {_TAG: "t", "v": [_tagged(item) for item in value]}
    if isinstance(value, datetime):
        return {_TAG: "i", "v": value.isoformat()}
    if isinstance(value, date):
        return {_TAG: "d", "v": value.isoformat()}
    if isinstance(value, Decimal):
        return {_TAG: "n", "v": str(value)}
    return str(value)


def thaw(text: Any) -> Any:
    """Read what `freeze` wrote (a sealed column gives it back as text)."""
    return json.loads(text, object_hook=_untagged)


def _untagged(value: dict[str, Any]) -> Any:
    kind = value.get(_TAG)
    if kind is None:
        return value
    return _READERS[kind](value["v"])


_READERS: dict[str, Any] = {
    "t": tuple,
    "i": datetime.fromisoformat,
    "d": date.fromisoformat,
    "n": Decimal,
}
