"""What the forms of users say."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class UserRecord:
    """One account as an administrator describes it. `regions` are Region rows."""

    username: str
    display_name: str
    role: str
    regions: tuple[Any, ...]
    is_active: bool = True
