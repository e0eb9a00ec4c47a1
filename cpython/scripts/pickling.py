"""Data for a process is pickled and copied; a lambda cannot be sent."""
from concurrent.futures import (
    ALL_COMPLETED, FIRST_COMPLETED, ProcessPoolExecutor, wait)
from multiprocessing import get_context
from multiprocessing.shared_memory import SharedMemory

from kernels.sum_of_squares import work
from measuring import run, turns_for

TASKS = 16
WORKERS = 2
START_METHOD = "forkserver"

CONTEXT = get_context(START_METHOD)
STARTED = min(WORKERS, TASKS)


def task(n, data):
    """Gets data, works, and returns as much."""
    work(n)
    return bytes(len(data))


def returned(got, size):
    return {"returned": (got, TASKS * size)}


def sequential(size, n):
    data = bytes(size)
    got = sum(len(task(n, data)) for _ in range(TASKS))
    return returned(got, size)


def pickled(size, n):
    """The data is copied to and fro."""
    data = [bytes(size)] * TASKS
    with ProcessPoolExecutor(STARTED, CONTEXT) as pool:
        got = sum(map(len, pool.map(task, [n] * TASKS, data)))
    return returned(got, size)


def attach(name):
    global block
    block = SharedMemory(name)


def task_in_block(n, start, size):
    """Finds its argument in the block and puts its result beside it."""
    middle = start + size
    data = bytes(block.buf[start:middle])
    block.buf[middle:middle + size] = task(n, data)


def shared(size, n):
    """Only the places in a block of shared memory are sent."""
    # one for argument and result of each call that is on its way
    count = min(TASKS, 2 * STARTED + 1)
    block = SharedMemory(create=True, size=2 * size * count)
    free = [2 * size * i for i in range(count)]
    try:
        return returned(call_all(n, size, block, free), size)
    finally:
        block.close()
        block.unlink()


def call_all(n, size, block, free):
    data = bytes(size)
    calls = {}

    def take_back(when):
        got = 0
        for call in wait(calls, return_when=when).done:
            call.result()
            start = calls.pop(call)
            middle = start + size
            got += len(bytes(block.buf[middle:middle + size]))
            free.append(start)
        return got

    got = 0
    with ProcessPoolExecutor(
            STARTED, CONTEXT, attach, (block.name,)) as pool:
        for _ in range(TASKS):
            if not free:
                got += take_back(FIRST_COMPLETED)
            start = free.pop()
            block.buf[start:start + size] = data
            calls[pool.submit(task_in_block, n, start, size)] = start
        return got + take_back(ALL_COMPLETED)


# a lambda has no name to be found by
CALLS = [lambda n, data: task(n, data)] + [task] * (TASKS - 1)


def with_a_lambda(n):
    data = bytes(1024)
    with ProcessPoolExecutor(STARTED, CONTEXT) as pool:
        sent = [pool.submit(call, n, data) for call in CALLS]
        errors = [error_of(future) for future in sent]
    return {"task_errors": errors, "error": errors[0]}


def error_of(future):
    error = future.exception()
    return f"{type(error).__name__}: {error}" if error else ""


# each with so many bytes to and fro
SWEEP = [1024, 16384, 262144, 1048576, 4194304]
SERIES = {
    "sequential": sequential,
    "process_pool:pickle": pickled,
    "process_pool:shared_memory": shared,
}
VARIANTS = {
    "process_pool:lambda": with_a_lambda,
}


def prepare():
    return [turns_for(work, 1)]


if __name__ == "__main__":
    run(VARIANTS, prepare, sweep=SWEEP, series=SERIES,
        start_method=START_METHOD)
