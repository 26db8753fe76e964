"""Free disk space, checked before a render starts."""

import shutil
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.errors import EncodeError
from pipeline.core.messages import size


@dataclass(frozen=True, slots=True)
class DiskNeed:
    """The bytes that will be written to a folder, which may not exist yet."""

    folder: Path
    size: float

    @property
    def existing_folder(self) -> Path:
        """The folder, or its nearest ancestor that exists."""
        absolute = self.folder.absolute()
        return next(path for path in (absolute, *absolute.parents) if path.exists())


def free_bytes(folder: Path) -> int:
    """Return the free bytes on the disk of a folder, which may not exist yet."""
    return shutil.disk_usage(DiskNeed(folder, 0).existing_folder).free


def check_disk_space(needs: Iterable[DiskNeed]) -> None:
    """Raise EncodeError if the needs on any one disk exceed its free space."""
    by_disk: defaultdict[int, list[DiskNeed]] = defaultdict(list)
    for need in needs:
        by_disk[need.existing_folder.stat().st_dev].append(need)
    for group in by_disk.values():
        needed, free = sum(need.size for need in group), free_bytes(group[0].folder)
        if needed > free:
            raise EncodeError.of(
                f"not enough disk space: about {size(needed)} needed, {size(free)} free",
                file=group[0].folder,
                remedy="free some space, or choose other folders with -o and --cache",
            )
