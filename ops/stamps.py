"""Skip what is up to date: a step is done again only when the content of its inputs changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from ops.places import LOCAL


def digest(inputs: Iterable[Path | str]) -> str:
    """A hash over the content of files (directories: all files below) and over plain words."""
    total = hashlib.sha256()
    for item in inputs:
        if isinstance(item, str):
            total.update(f"word {item}\n".encode())
            continue
        paths = sorted(p for p in item.rglob("*") if p.is_file()) if item.is_dir() else [item]
        for path in paths:
            content = path.read_bytes() if path.is_file() else b"absent"
            total.update(f"file {path.name} {hashlib.sha256(content).hexdigest()}\n".encode())
    return total.hexdigest()


class Stamp:
    """The memory that the step `name` was done for these inputs and left these outputs."""

    def __init__(
        self,
        name: str,
        *,
        inputs: Iterable[Path | str],
        outputs: Iterable[Path] = (),
        home: Path = LOCAL / "stamps",
    ) -> None:
        self._file = home / name
        self._digest = digest(inputs)
        self._outputs = tuple(outputs)

    def is_current(self) -> bool:
        """Whether the step can be skipped."""
        return (
            all(output.exists() for output in self._outputs)
            and self._file.is_file()
            and self._file.read_text() == self._digest
        )

    def set(self) -> None:
        """Remember that the step has been done; call it only after the step succeeded."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(self._digest)
