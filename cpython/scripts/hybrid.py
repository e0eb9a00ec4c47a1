"""Work that waits and computes gains from processes and threads together."""
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

from kernels.sum_of_squares import work
from launching import launch
from measuring import run, turns_for
from waits.sleep import how_to_wait, wait, wait_async

TASKS = 8
WAIT_MS = 40
WORK_MS = 30
WORKERS = 2
THREADS_PER_PROCESS = 4
START_METHOD = "forkserver"

CONTEXT = get_context(START_METHOD)
STARTED = min(WORKERS, TASKS)


def task(how, n):
    wait(how)
    work(n)


def sequential(how, n):
    for _ in range(TASKS):
        task(how, n)


def threads(how, n):
    # as many as in all the processes of the hybrid
    with ThreadPoolExecutor(min(STARTED * THREADS_PER_PROCESS, TASKS)) as pool:
        list(pool.map(task, [how] * TASKS, [n] * TASKS))


def process_pool(how, n):
    with ProcessPoolExecutor(STARTED, CONTEXT) as pool:
        list(pool.map(task, [how] * TASKS, [n] * TASKS))


def run_asyncio(how, n):
    import asyncio  # here, since worker processes import this file

    async def one():
        await wait_async(how)
        work(n)

    async def main():
        await asyncio.gather(*[one() for _ in range(TASKS)])

    asyncio.run(main())


def asyncio_and_pool(how, n):
    """An event loop waits, processes compute."""
    import asyncio

    async def one(pool):
        await wait_async(how)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(pool, work, n)

    async def main():
        with ProcessPoolExecutor(STARTED, CONTEXT) as pool:
            await asyncio.gather(*[one(pool) for _ in range(TASKS)])

    asyncio.run(main())


def many_threads(process, how, n):
    """What one of the processes does of the tasks, with threads of its own."""
    count = len(range(process, TASKS, STARTED))
    with ThreadPoolExecutor(THREADS_PER_PROCESS) as pool:
        list(pool.map(task, [how] * count, [n] * count))


def processes_of_threads(how, n):
    launch(CONTEXT.Process, many_threads, STARTED, how, n)


VARIANTS = {
    "sequential": sequential,
    "threads": threads,
    "process_pool": process_pool,
    "asyncio": run_asyncio,
    "hybrid:threads": processes_of_threads,
    "hybrid:asyncio": asyncio_and_pool,
}


def prepare():
    return how_to_wait(WAIT_MS), turns_for(work, WORK_MS)


if __name__ == "__main__":
    run(VARIANTS, prepare, start_method=START_METHOD)
