"""Threads are right for a web scraper."""
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from threading import Thread

from kernels.parsing import work
from launching import launch
from measuring import run, turns_for
from waits.sleep import how_to_wait, wait, wait_async

TASKS = 20
WAIT_MS = 40
WORK_MS = 1
WORKERS = 10
START_METHOD = "forkserver"

CONTEXT = get_context(START_METHOD)
STARTED = min(WORKERS, TASKS)


def scrape(how, n):
    wait(how)  # the page comes
    work(n)  # and is parsed


def share(worker, how, n):
    """What one of the workers does of the pages."""
    for _ in range(worker, TASKS, STARTED):
        scrape(how, n)


def sequential(how, n):
    for _ in range(TASKS):
        scrape(how, n)


def threads(how, n):
    launch(Thread, share, STARTED, how, n)


def thread_pool(how, n):
    with ThreadPoolExecutor(STARTED) as pool:
        list(pool.map(scrape, [how] * TASKS, [n] * TASKS))


def run_asyncio(how, n):
    import asyncio  # here, since worker processes import this file

    async def task():
        await wait_async(how)
        work(n)

    async def main():
        await asyncio.gather(*[task() for _ in range(TASKS)])

    asyncio.run(main())


def process_pool(how, n):
    with ProcessPoolExecutor(STARTED, CONTEXT) as pool:
        list(pool.map(scrape, [how] * TASKS, [n] * TASKS))


VARIANTS = {
    "sequential": sequential,
    "threads": threads,
    "thread_pool": thread_pool,
    "asyncio": run_asyncio,
    "process_pool": process_pool,
}


def prepare():
    return how_to_wait(WAIT_MS), turns_for(work, WORK_MS)


if __name__ == "__main__":
    run(VARIANTS, prepare, start_method=START_METHOD)
