"""The one table of roles and what each may do.

Who applies does not approve, who approves does not pay; auditors read and change nothing;
administrators keep users, regions and parameters and see no case records.
"""

from apps.accounts.choices import Role

READ = frozenset(
    {
        "home.view",
        "regions.view",
        "households.view",
        "households.open_person",
        "indicators.view",
    }
)
ENTER = READ | {
    "households.edit",
    "households.record_event",
}
PERMISSIONS: dict[str, frozenset[str]] = {
    Role.VILLAGE_WORKER: ENTER | {"women.view"},
    Role.TOWNSHIP_CLERK: ENTER
    | {
        "households.remove",
        "households.unmask",
        "women.view",
        "women.edit",
        "imports.run",
        "imports.view",
        "indicators.enter_legacy",
    },
    Role.TOWNSHIP_LEADER: READ | {"women.view", "imports.view", "households.unmask", "audit.view"},
    Role.COUNTY_OFFICER: READ
    | {
        "women.view",
        "imports.view",
        "imports.run",
        "households.unmask",
        "indicators.enter_legacy",
        "indicators.refresh",
        "audit.view",
    },
    Role.CLINIC: frozenset(
        {"home.view", "regions.view", "households.open_person", "women.view", "women.edit"}
    ),
    Role.AUDITOR: READ | {"women.view", "imports.view", "audit.view", "accounts.view"},
    Role.ADMINISTRATOR: frozenset(
        {"home.view", "regions.view", "regions.manage", "accounts.view", "accounts.manage"}
    ),
}


def permissions_of(role: str) -> frozenset[str]:
    """Return the permissions of a role; none for an unknown or empty role."""
    return PERMISSIONS.get(role, frozenset())
