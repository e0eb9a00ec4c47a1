"""A process pool spreads expensive calls over the cores."""
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

from kernels.sum_of_squares import work
from measuring import run, turns_for

TASKS = 8
WORK_MS = 60
WORKERS = 4
CHUNKSIZE = 1
START_METHOD = "forkserver"

CONTEXT = get_context(START_METHOD)
STARTED = min(WORKERS, TASKS)


def check(results, right):
    if results != [right] * TASKS:
        raise ValueError("a wrong result")


def sequential(n, right):
    check([work(n) for _ in range(TASKS)], right)


def thread_pool(n, right):
    with ThreadPoolExecutor(STARTED) as pool:
        check(list(pool.map(work, [n] * TASKS)), right)


def process_pool(n, right):
    with ProcessPoolExecutor(STARTED, CONTEXT) as pool:
        results = pool.map(work, [n] * TASKS, chunksize=CHUNKSIZE)
        check(list(results), right)


def subinterpreters(n, right):
    from concurrent.futures import InterpreterPoolExecutor

    with InterpreterPoolExecutor(STARTED) as pool:
        check(list(pool.map(work, [n] * TASKS)), right)


VARIANTS = {
    "sequential": sequential,
    "thread_pool": thread_pool,
    "process_pool": process_pool,
    "subinterpreters": subinterpreters,
}


def prepare():
    n = turns_for(work, WORK_MS)
    return n, work(n)


if __name__ == "__main__":
    run(VARIANTS, prepare, start_method=START_METHOD)
