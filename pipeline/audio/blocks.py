"""Sound that comes in pieces of any length, in blocks of one length."""

from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Sample = TypeVar("Sample", bound=np.generic)


class Blocks(Generic[Sample]):
    """Cuts a stream of samples into blocks of `size`; `left` is what waits for more."""

    def __init__(self, size: int, sample: type[Sample]):
        self.size = size
        self.left: NDArray[Sample] = np.zeros(0, sample)

    def of(self, samples: NDArray[Sample]) -> NDArray[Sample]:
        """Give the blocks that are full now, shape (blocks, size)."""
        if len(self.left):
            samples = np.concatenate([self.left, samples])
        whole = len(samples) // self.size * self.size
        self.left = samples[whole:].copy()  # a view would hold all of the piece
        return samples[:whole].reshape(-1, self.size)
