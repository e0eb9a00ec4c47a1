"""Threads overlap waiting, and the GIL does not matter there."""
from multiprocessing import get_context
from threading import Thread

from launching import launch
from measuring import run
from waits.sleep import how_to_wait, wait, wait_async

TASKS = 10
WAIT_MS = 50
WORKERS = 10
START_METHOD = "forkserver"

CONTEXT = get_context(START_METHOD)
STARTED = min(WORKERS, TASKS)


def share(worker, how):
    """What one of the workers waits for."""
    for _ in range(worker, TASKS, STARTED):
        wait(how)


def sequential(how):
    for _ in range(TASKS):
        wait(how)


def threads(how):
    launch(Thread, share, STARTED, how)


def run_asyncio(how):
    import asyncio  # here, since worker processes import this file

    async def main():
        await asyncio.gather(*[wait_async(how) for _ in range(TASKS)])

    asyncio.run(main())


def processes(how):
    launch(CONTEXT.Process, share, STARTED, how)


VARIANTS = {
    "sequential": sequential,
    "threads": threads,
    "asyncio": run_asyncio,
    "processes": processes,
    "free_threaded": threads,
}


def prepare():
    return [how_to_wait(WAIT_MS)]


if __name__ == "__main__":
    run(VARIANTS, prepare, start_method=START_METHOD)
