"""Re-blocking: a stream that arrives in pieces of any length, in blocks of a fixed size."""

from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Sample = TypeVar("Sample", bound=np.generic)


class BlockBuffer(Generic[Sample]):
    """Collect samples into blocks of `size`; `pending` holds those that do not fill one yet."""

    def __init__(self, size: int, sample: type[Sample]):
        self.size = size
        self.pending: NDArray[Sample] = np.zeros(0, sample)

    def push(self, samples: NDArray[Sample]) -> NDArray[Sample]:
        """Add samples and return the blocks that are complete now, shape (blocks, size)."""
        if len(self.pending):
            samples = np.concatenate([self.pending, samples])
        complete = len(samples) // self.size * self.size
        self.pending = samples[complete:].copy()  # a view would keep the whole piece alive
        return samples[:complete].reshape(-1, self.size)
