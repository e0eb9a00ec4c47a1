// process-pool, process-overhead, pickling, shared-data, image-processing.
#include <array>

#include "core/cpython/parts.h"

namespace gil::python {

namespace {

constexpr std::string_view process_pool = R"py(import multiprocessing, sys
from concurrent.futures import (
    ThreadPoolExecutor,
    ProcessPoolExecutor)

TASKS = $tasks$
WORKERS = min($workers$, TASKS)
CONTEXT = multiprocessing.get_context(
    "$start_method$")

$KERNEL$
def sequential(n):
    return [work(n)
            for _ in range(TASKS)]

def thread_pool(n):
    with ThreadPoolExecutor(
            WORKERS) as pool:
        return list(pool.map(
            work, [n] * TASKS))

def process_pool(n):
    with ProcessPoolExecutor(
            WORKERS, CONTEXT) as pool:
        return list(pool.map(work,
            [n] * TASKS,
            chunksize=$chunksize$))

def subinterpreters(n):
    from concurrent.futures import (
        InterpreterPoolExecutor as IPE)
    with IPE(WORKERS) as pool:
        return list(pool.map(
            work, [n] * TASKS))

def checked(run):
    def same_results(n, right):
        if run(n) != [right] * TASKS:
            raise ValueError("wrong")
    return same_results

VARIANTS = {
    "sequential": checked(sequential),
    "thread_pool":
        checked(thread_pool),
    "process_pool":
        checked(process_pool),
    "subinterpreters":
        checked(subinterpreters),
}

def prepare():
    n = turns_for($work_ms$)
    return n, work(n)
)py";

constexpr std::string_view process_overhead = R"py(import multiprocessing
from concurrent.futures import (
    ThreadPoolExecutor,
    ProcessPoolExecutor)

TASKS = $tasks$
WORKERS = min($workers$, TASKS)
CONTEXT = multiprocessing.get_context(
    "$start_method$")

$KERNEL$
def sequential(ms, turns):
    for _ in range(TASKS):
        work(turns[ms])

def thread_pool(ms, turns):
    with ThreadPoolExecutor(
            WORKERS) as pool:
        list(pool.map(work,
            [turns[ms]] * TASKS))

def process_pool(ms, turns):
    with ProcessPoolExecutor(
            WORKERS, CONTEXT) as pool:
        list(pool.map(work,
            [turns[ms]] * TASKS,
            chunksize=$chunksize$))

# each with so many ms of work per task
SWEEP = [0.01, 0.03, 0.1, 0.3,
         1, 3, 10]
SERIES = {
    "sequential": sequential,
    "thread_pool": thread_pool,
    "process_pool": process_pool,
}

def prepare():
    return [{ms: turns_for(ms)
             for ms in SWEEP}]
)py";

constexpr std::string_view pickling = R"py(import multiprocessing
from concurrent.futures import (
    ALL_COMPLETED, FIRST_COMPLETED,
    ProcessPoolExecutor, wait)
from multiprocessing.shared_memory \
    import SharedMemory

TASKS = $tasks$
WORKERS = min($workers$, TASKS)
CONTEXT = multiprocessing.get_context(
    "$start_method$")

$KERNEL$
def task(n, data):
    # gets data, works, returns as much
    work(n)
    return bytes(len(data))

def attach(name):
    global block
    block = SharedMemory(name)

def task_in_block(n, start, size):
    # argument and result stand side
    # by side in the shared block
    middle = start + size
    data = bytes(
        block.buf[start:middle])
    block.buf[middle:middle + size] = (
        task(n, data))

def checked(got, size):
    return {"returned":
            (got, TASKS * size)}

def sequential(size, n):
    data = bytes(size)
    got = sum(len(task(n, data))
              for _ in range(TASKS))
    return checked(got, size)

def pickled(size, n):
    # the data is copied to and fro
    data = [bytes(size)] * TASKS
    with ProcessPoolExecutor(
            WORKERS, CONTEXT) as pool:
        got = sum(map(len, pool.map(
            task, [n] * TASKS, data)))
    return checked(got, size)

def shared(size, n):
    # a place for argument and result
    # of each call that is on its way
    count = min(TASKS, 2 * WORKERS + 1)
    block = SharedMemory(
        None, True, 2 * size * count)
    free = [2 * size * i
            for i in range(count)]
    try:
        got = call_all(n, size,
                       block, free)
        return checked(got, size)
    finally:
        block.close()
        block.unlink()

def call_all(n, size, block, free):
    # only the places are sent
    data = bytes(size)
    calls, got = {}, 0

    def take_back(when):
        got = 0
        for call in wait(calls, None,
                         when).done:
            call.result()
            start = calls.pop(call)
            end = start + 2 * size
            got += len(bytes(block.buf[
                start + size:end]))
            free.append(start)
        return got

    with ProcessPoolExecutor(
            WORKERS, CONTEXT, attach,
            (block.name,)) as pool:
        for _ in range(TASKS):
            if not free:
                got += take_back(
                    FIRST_COMPLETED)
            start = free.pop()
            end = start + size
            block.buf[start:end] = data
            call = pool.submit(
                task_in_block,
                n, start, size)
            calls[call] = start
        return (got +
            take_back(ALL_COMPLETED))

# a lambda has no name to be found by
NAMELESS = lambda n, d: task(n, d)

def with_a_lambda(n):
    data = bytes(1024)
    calls = [NAMELESS]
    calls += [task] * (TASKS - 1)
    with ProcessPoolExecutor(
            WORKERS, CONTEXT) as pool:
        sent = [pool.submit(f, n, data)
                for f in calls]
        errors = [why(f) for f in sent]
    return {"task_errors": errors,
            "error": errors[0]}

def why(future):
    e = future.exception()
    return (f"{type(e).__name__}: {e}"
            if e else "")

SWEEP = [1024, 16384, 262144,
         1048576, 4194304]
SERIES = {
    "sequential": sequential,
    "process_pool:pickle": pickled,
    "process_pool:shared_memory":
        shared,
}
VARIANTS = {
    "process_pool:lambda":
        with_a_lambda,
}

def prepare():
    return [turns_for(1)]
)py";

constexpr std::string_view shared_data = R"py(import multiprocessing

WORKERS = $workers$
INCREMENTS = $increments$
CONTEXT = multiprocessing.get_context(
    "$start_method$")
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
    ps = [CONTEXT.Process(
              target=target, args=args)
          for _ in range(WORKERS)]
    for p in ps: p.start()
    return ps

def join(ps):
    for p in ps: p.join()
    if any(p.exitcode for p in ps):
        raise OSError("process failed")

def queue():
    q = CONTEXT.Queue()
    ps = start(put, q)
    got = [q.get() for _ in ps]
    join(ps)
    return {"received": (
        sum(map(len, got)),
        len(MESSAGE) * WORKERS)}

def once():
    value = CONTEXT.Value("q", 0)
    array = CONTEXT.Array("i",
                          [0, 1, 2])
    join(start(add_once, value, array))
    return {
        "value":
            (value.value, WORKERS),
        "array":
            (array[0], 10 * WORKERS)}

def count(target):
    value = CONTEXT.Value("q", 0)
    join(start(target, value))
    return {"value": (value.value,
        WORKERS * INCREMENTS)}

VARIANTS = {
    "processes:queue": queue,
    "processes:once": once,
    "processes:unlocked":
        lambda: count(add),
    "processes:locked":
        lambda: count(add_locked),
}

def prepare():
    return []
)py";

constexpr std::string_view image_processing = R"py(import multiprocessing, sys, zlib
from concurrent.futures import \
    ProcessPoolExecutor
from threading import Thread

TASKS = $tasks$
WORKERS = min($workers$, TASKS)
CONTEXT = multiprocessing.get_context(
    "$start_method$")

$KERNEL$
def native(data):
    # C code that lets go of the GIL
    zlib.compress(data)

def share(i, run, job):
    # worker i's share of the pictures
    for _ in range(i, TASKS, WORKERS):
        run(job)

$LAUNCH$
def sequential(n, data):
    for _ in range(TASKS): work(n)

def threads(n, data):
    launch(Thread, work, n)

def native_threads(n, data):
    launch(Thread, native, data)

def process_pool(n, data):
    with ProcessPoolExecutor(
            WORKERS, CONTEXT) as pool:
        list(pool.map(work,
                      [n] * TASKS))

VARIANTS = {
    "sequential": sequential,
    "threads": threads,
    "threads:native": native_threads,
    "process_pool": process_pool,
    "free_threaded": threads,
}

def prepare():
    # the same time for both
    ms = $work_ms$
    size = how_often(ms, lambda n:
        native(PICTURE * n))
    return (turns_for(ms),
            PICTURE * size)
)py";

} // namespace

std::span<const Template> process_templates() {
    static constexpr std::array<Template, 5> templates{{
        {"process-pool", "sum_of_squares", process_pool},
        {"process-overhead", "sum_of_squares", process_overhead},
        {"pickling", "sum_of_squares", pickling},
        {"shared-data", "sum_of_squares", shared_data},
        {"image-processing", "image_filter", image_processing},
    }};
    return templates;
}

} // namespace gil::python
