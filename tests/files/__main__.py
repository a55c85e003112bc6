"""Write every hostile and every honest file into a folder."""

import sys
from pathlib import Path

from tests.files import honest, hostile


def main(folder: Path) -> None:
    """Write the files below hostile/ and honest/, named after what is special about them."""
    for name, cases in (("hostile", hostile.FILES), ("honest", honest.FILES)):
        target = folder / name
        target.mkdir(parents=True, exist_ok=True)
        for label, case in cases.items():
            safe = "".join(char if char.isalnum() else "_" for char in label)
            (target / f"{safe}{Path(case.filename).suffix}").write_bytes(case.content())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
