"""Threads do not speed up CPU work; processes do."""
import sys
from multiprocessing import get_context
from threading import Thread

from kernels.sum_of_squares import work
from launching import launch
from measuring import run, turns_for

TASKS = 4
WORK_MS = 120
WORKERS = 4
SWITCH_INTERVAL_MS = 5
START_METHOD = "forkserver"

CONTEXT = get_context(START_METHOD)
STARTED = min(WORKERS, TASKS)


def share(worker, n):
    """What one of the workers does of the tasks."""
    for _ in range(worker, TASKS, STARTED):
        work(n)


def sequential(n):
    for _ in range(TASKS):
        work(n)


def threads(n):
    launch(Thread, share, STARTED, n)


def processes(n):
    launch(CONTEXT.Process, share, STARTED, n)


def subinterpreters(n):
    from concurrent.futures import InterpreterPoolExecutor

    with InterpreterPoolExecutor(STARTED) as pool:
        list(pool.map(share, range(STARTED), [n] * STARTED))


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
    "processes": processes,
    "subinterpreters": subinterpreters,
    "free_threaded": threads,
    "asyncio": run_asyncio,
}


def prepare():
    sys.setswitchinterval(SWITCH_INTERVAL_MS / 1000)
    return [turns_for(work, WORK_MS)]


if __name__ == "__main__":
    run(VARIANTS, prepare, start_method=START_METHOD)
