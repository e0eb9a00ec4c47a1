"""Simple work is fastest as plain code."""
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from threading import Thread

from kernels.sum_of_squares import work
from launching import launch
from measuring import run, turns_for

TASKS = 20
WORK_MS = 0.05
WORKERS = 4
START_METHOD = "forkserver"

CONTEXT = get_context(START_METHOD)
STARTED = min(WORKERS, TASKS)


def sequential(n):
    for _ in range(TASKS):
        work(n)


def share(worker, n):
    """What one of the workers does of the tasks."""
    for _ in range(worker, TASKS, STARTED):
        work(n)


def threads(n):
    launch(Thread, share, STARTED, n)


def thread_pool(n):
    with ThreadPoolExecutor(STARTED) as pool:
        list(pool.map(work, [n] * TASKS))


def process_pool(n):
    with ProcessPoolExecutor(STARTED, CONTEXT) as pool:
        list(pool.map(work, [n] * TASKS))


def run_asyncio(n):
    import asyncio  # here, since worker processes import this file

    async def task():
        work(n)

    async def main():
        await asyncio.gather(*[task() for _ in range(TASKS)])

    asyncio.run(main())


VARIANTS = {
    "sequential": sequential,
    "threads": threads,
    "thread_pool": thread_pool,
    "process_pool": process_pool,
    "asyncio": run_asyncio,
}


def prepare():
    return [turns_for(work, WORK_MS)]


if __name__ == "__main__":
    run(VARIANTS, prepare, start_method=START_METHOD)
