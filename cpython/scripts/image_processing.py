"""Processes speed up image processing."""
import zlib
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from threading import Thread

from kernels.image_filter import PICTURE, work
from launching import launch
from measuring import run, turns_for

TASKS = 8
WORK_MS = 60
WORKERS = 4
START_METHOD = "forkserver"

CONTEXT = get_context(START_METHOD)
STARTED = min(WORKERS, TASKS)


def native(data):
    zlib.compress(data)  # C code that lets go of the GIL


def share(worker, do, job):
    """What one of the workers does of the pictures."""
    for _ in range(worker, TASKS, STARTED):
        do(job)


def sequential(n, data):
    for _ in range(TASKS):
        work(n)


def threads(n, data):
    launch(Thread, share, STARTED, work, n)


def native_threads(n, data):
    launch(Thread, share, STARTED, native, data)


def process_pool(n, data):
    with ProcessPoolExecutor(STARTED, CONTEXT) as pool:
        list(pool.map(work, [n] * TASKS))


VARIANTS = {
    "sequential": sequential,
    "threads": threads,
    "threads:native": native_threads,
    "process_pool": process_pool,
    "free_threaded": threads,
}


def prepare():
    # the same time for both
    size = turns_for(lambda n: native(PICTURE * n), WORK_MS)
    return turns_for(work, WORK_MS), PICTURE * size


if __name__ == "__main__":
    run(VARIANTS, prepare, start_method=START_METHOD)
