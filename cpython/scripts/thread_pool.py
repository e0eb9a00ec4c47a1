"""A thread pool does the job of hand-made threads."""
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

from measuring import run
from waits.sleep import how_to_wait, wait, wait_async

TASKS = 10
WAIT_MS = 50
WORKERS = 5


def sequential(how):
    for _ in range(TASKS):
        wait(how)


def threads(how):
    # made by hand, one for each task
    waiting = [Thread(target=wait, args=(how,)) for _ in range(TASKS)]
    for thread in waiting:
        thread.start()
    for thread in waiting:
        thread.join()


def thread_pool(how):
    with ThreadPoolExecutor(min(WORKERS, TASKS)) as pool:
        list(pool.map(wait, [how] * TASKS))


def run_asyncio(how):
    import asyncio

    async def main():
        await asyncio.gather(*[wait_async(how) for _ in range(TASKS)])

    asyncio.run(main())


VARIANTS = {
    "sequential": sequential,
    "threads": threads,
    "thread_pool": thread_pool,
    "asyncio": run_asyncio,
}


def prepare():
    return [how_to_wait(WAIT_MS)]


if __name__ == "__main__":
    # nobody computes
    run(VARIANTS, prepare, needs_gil=False)
