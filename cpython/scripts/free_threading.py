"""Without a GIL threads compute side by side, unless they share."""
from threading import Thread

from kernels.sum_of_squares import work
from launching import launch
from measuring import run, turns_for

TASKS = 4
WORK_MS = 100
WORKERS = 4
INCREMENTS = 200_000

STARTED = min(WORKERS, TASKS)
counter = 0


def share(worker, n):
    """What one of the workers does of the tasks."""
    for _ in range(worker, TASKS, STARTED):
        work(n)


def add(worker):
    """The same, where all workers want one object."""
    global counter
    for _ in range(worker, TASKS, STARTED):
        for _ in range(INCREMENTS):
            counter += 1


def sequential(n):
    for _ in range(TASKS):
        work(n)


def threads(n):
    launch(Thread, share, STARTED, n)


def shared(n):
    global counter
    counter = 0
    launch(Thread, add, STARTED)
    return {"counter": (counter, TASKS * INCREMENTS)}


VARIANTS = {
    "sequential": sequential,
    "threads": threads,
    "free_threaded": threads,
    "threads:shared": shared,
    "free_threaded:shared": shared,
}


def prepare():
    return [turns_for(work, WORK_MS)]


if __name__ == "__main__":
    run(VARIANTS, prepare)
