"""Room on disks: what a render needs there, told before anything is made."""

import shutil
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import EncodeError
from pipeline.core.messages import size


@dataclass(frozen=True, slots=True)
class DiskNeed:
    """So many bytes that are going to be written to a folder, which may not exist yet."""

    folder: Path
    size: float

    @property
    def place(self) -> Path:
        """The folder, or the nearest above it that is there."""
        whole = self.folder.absolute()
        return next(path for path in (whole, *whole.parents) if path.exists())


def free_bytes(folder: Path) -> int:
    """Give the bytes that are free where a folder is, or would be."""
    return shutil.disk_usage(DiskNeed(folder, 0).place).free


def check_disk_space(needs: Iterable[DiskNeed]) -> None:
    """Raise EncodeError when a disk has less room than is needed on it, all needs together."""
    by_disk: defaultdict[int, list[DiskNeed]] = defaultdict(list)
    for need in needs:
        by_disk[need.place.stat().st_dev].append(need)
    for own in by_disk.values():
        needed, left = sum(need.size for need in own), free_bytes(own[0].folder)
        if needed > left:
            raise EncodeError.of(
                f"about {size(needed)} are needed here and {size(left)} are free",
                file=own[0].folder,
                remedy="make room, or choose another place with -o and --cache",
            )
