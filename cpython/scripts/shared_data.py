"""Processes can share a counter, but += on it needs its lock."""
from functools import partial
from multiprocessing import get_context

from measuring import run

WORKERS = 5
INCREMENTS = 300_000
START_METHOD = "forkserver"

CONTEXT = get_context(START_METHOD)
MESSAGE = "Result from worker"


def put(queue):
    queue.put(MESSAGE)


def add_once(value, array):
    value.value += 1
    array[0] += 10


def add(value):
    for _ in range(INCREMENTS):
        value.value += 1


def add_locked(value):
    for _ in range(INCREMENTS):
        with value.get_lock():
            value.value += 1


def start(target, *args):
    processes = [CONTEXT.Process(target=target, args=args)
                 for _ in range(WORKERS)]
    for process in processes:
        process.start()
    return processes


def join(processes):
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise OSError("a process failed")


def through_queue():
    queue = CONTEXT.Queue()
    processes = start(put, queue)
    got = [queue.get() for _ in processes]
    join(processes)
    return {"received": (sum(map(len, got)), len(MESSAGE) * WORKERS)}


def once():
    """As the post does it: one increment in each process."""
    value = CONTEXT.Value("q", 0)
    array = CONTEXT.Array("i", [0, 1, 2])
    join(start(add_once, value, array))
    return {
        "value": (value.value, WORKERS),
        "array": (array[0], 10 * WORKERS),
    }


def count(increment):
    value = CONTEXT.Value("q", 0)
    join(start(increment, value))
    return {"value": (value.value, WORKERS * INCREMENTS)}


VARIANTS = {
    "processes:queue": through_queue,
    "processes:once": once,
    "processes:unlocked": partial(count, add),
    "processes:locked": partial(count, add_locked),
}


def prepare():
    return []


if __name__ == "__main__":
    run(VARIANTS, prepare, start_method=START_METHOD)
