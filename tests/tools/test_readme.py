"""Both READMEs name every environment variable that the code reads."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
READ = re.compile(
    r"""env\.(?:text|flag|number|items)\(\s*"(\w+)"|environ(?:\.get\(|\[)\s*"(\w+)"|\{(FPMS_\w+):-"""
)
# Of Django and of make.
NOT_OURS = {"DJANGO_SETTINGS_MODULE"}


def variables_of_the_code() -> set[str]:
    """Return the names that any Python file or the set-up script reads."""
    files = [
        *(
            path
            for folder in ("apps", "fpms", "tools")
            for path in (PROJECT / folder).rglob("*.py")
        ),
        PROJECT / "tools" / "bootstrap.sh",
    ]
    found = (match for file in files for match in READ.findall(file.read_text(encoding="utf-8")))
    return {name for match in found for name in match if name} - NOT_OURS


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_readme_names_every_variable(name):
    text = (PROJECT / name).read_text(encoding="utf-8")

    missing = {variable for variable in variables_of_the_code() if f"`{variable}`" not in text}

    assert missing == set()


def test_variables_are_found_at_all():
    found = variables_of_the_code()

    assert {"DATABASE_URL", "FPMS_HOME", "FPMS_PYTHON", "FPMS_SECRET_KEY"} <= found
