"""What the programs of a site use: memory, and processor time, which a busy machine bends less."""

import os
from collections.abc import Iterator
from pathlib import Path

from tests.site import Site

TICKS = os.sysconf("SC_CLK_TCK")


def memory(site: Site, *names: str) -> float:
    """Return the memory of programs with their children, what they share counted once, in MB."""
    rollups = [(folder / "smaps_rollup").read_text() for folder, _stat in _processes(site, names)]
    return sum(int(one.partition("Pss:")[2].split()[0]) for one in rollups) / 1000


def processor_seconds(site: Site, *names: str) -> float:
    """Return the processor time that programs with their living children have had, in seconds."""
    return sum(int(stat[11]) + int(stat[12]) for _folder, stat in _processes(site, names)) / TICKS


def _processes(site: Site, names: tuple[str, ...]) -> Iterator[tuple[Path, list[str]]]:
    """Yield folder and status of each process; a program of a site is a group of its own."""
    groups = {str(site.programs[name].pid) for name in names}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        if stat[2] in groups:
            yield folder, stat
