"""What one render holds open: its output, threads that encode, and processes that speak."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.app.order import RenderOrder
from pipeline.app.workers import with_server
from pipeline.core import memory
from pipeline.core.output import Notify, atomic_file, atomic_folder
from pipeline.core.priority import use_batch_priority
from pipeline.core.process_pool import LocalWorkers
from pipeline.core.workers import Workers
from pipeline.export.single_file import atomic_audio_file
from pipeline.tts.engines import registry


@dataclass(frozen=True, slots=True)
class Session:
    """`work` is the file or folder to write to; it becomes the output when the session ends well.

    `threads` encode, `workers` speak. `companions` are paths as `work`, by their kinds.
    """

    work: Path
    threads: ThreadPoolExecutor
    workers: Workers
    companions: Mapping[str, Path] = field(default_factory=dict)


@contextmanager
def open_session(order: RenderOrder, notify: Notify) -> Iterator[Session]:
    """Open what a render needs; whatever happens, the output is whole or as it was before.

    `notify` hears of files of the producer's that are kept under another name.
    """
    memory.use_single_arena()
    use_batch_priority()
    output = (
        atomic_folder(order.out, notify)
        if order.split
        else atomic_audio_file(order.out, notify, order.captions, order.cache)
    )
    lanes = order.jobs if order.split else order.format.parallel_parts(order.jobs)
    with (
        output as work,
        _companions(order, notify) as companions,
        _encoding_threads(lanes) as threads,
        start_workers(order) as workers,
    ):
        yield Session(work, threads, workers, companions)


@contextmanager
def _companions(order: RenderOrder, notify: Notify) -> Iterator[Mapping[str, Path]]:
    """Yield the paths at which the companions are written; they take their places together."""
    with ExitStack() as stack:
        yield {
            kind: stack.enter_context(
                atomic_folder(path, notify) if kind == "web" else atomic_file(path)
            )
            for kind, path in order.companion_paths.items()
        }


def start_workers(order: RenderOrder) -> Workers:
    """Start the workers that speak; EngineError when the cluster is not usable."""
    if order.scheduler is None:
        workers = LocalWorkers(order.jobs)
        for _ in range(order.jobs):  # they start while the book is read
            workers.submit(registry.names)
        return with_server(workers, order.voices)
    # asyncio brings ssl, which is slow to import
    from pipeline.synthesis.cluster.workers import ClusterWorkers  # noqa: PLC0415

    return with_server(ClusterWorkers(order.scheduler), order.voices)


@contextmanager
def _encoding_threads(lanes: int) -> Iterator[ThreadPoolExecutor]:
    """Yield threads to encode in; tasks not begun when something fails are cancelled."""
    pool = ThreadPoolExecutor(lanes, thread_name_prefix="lane")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)
