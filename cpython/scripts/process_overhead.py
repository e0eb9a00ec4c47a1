"""Small tasks are not worth a process."""
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

from kernels.sum_of_squares import work
from measuring import run, turns_for

TASKS = 40
WORKERS = 4
CHUNKSIZE = 1
START_METHOD = "forkserver"

CONTEXT = get_context(START_METHOD)
STARTED = min(WORKERS, TASKS)


def sequential(ms, turns):
    for _ in range(TASKS):
        work(turns[ms])


def thread_pool(ms, turns):
    with ThreadPoolExecutor(STARTED) as pool:
        list(pool.map(work, [turns[ms]] * TASKS))


def process_pool(ms, turns):
    with ProcessPoolExecutor(STARTED, CONTEXT) as pool:
        list(pool.map(work, [turns[ms]] * TASKS, chunksize=CHUNKSIZE))


# each with so many milliseconds of work per task
SWEEP = [0.01, 0.03, 0.1, 0.3, 1, 3, 10]
SERIES = {
    "sequential": sequential,
    "thread_pool": thread_pool,
    "process_pool": process_pool,
}


def prepare():
    return [{ms: turns_for(work, ms) for ms in SWEEP}]


if __name__ == "__main__":
    run({}, prepare, sweep=SWEEP, series=SERIES, start_method=START_METHOD)
