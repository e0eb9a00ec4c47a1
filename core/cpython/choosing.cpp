// hybrid, pool-size, sequential.
#include <array>

#include "core/cpython/parts.h"

namespace gil::python {

namespace {

constexpr std::string_view hybrid = R"py(import multiprocessing, sys, time
from concurrent.futures import (
    ThreadPoolExecutor,
    ProcessPoolExecutor)

TASKS = $tasks$
WORKERS = min($workers$, TASKS)
THREADS = $threads_per_process$
WAIT_MS = $wait_ms$
CONTEXT = multiprocessing.get_context(
    "forkserver")

$WAIT$
$KERNEL$
def task(how, n):
    wait(how)
    work(n)

def sequential(how, n):
    for _ in range(TASKS): task(how, n)

def pool_of(pool, how, n):
    with pool:
        list(pool.map(task,
            [how] * TASKS,
            [n] * TASKS))

def threads(how, n):
    # as many as in all the processes
    pool_of(ThreadPoolExecutor(min(
        WORKERS * THREADS, TASKS)),
        how, n)

def process_pool(how, n):
    pool_of(ProcessPoolExecutor(
        WORKERS, CONTEXT), how, n)

def run_asyncio(how, n, pool=None):
    import asyncio
    async def one(loop):
        await wait_async(how)
        if pool is None: return work(n)
        # work is for the processes
        await loop.run_in_executor(
            pool, work, n)
    async def main():
        get = asyncio.get_running_loop
        loop = get()
        await asyncio.gather(*[
            one(loop)
            for _ in range(TASKS)])
    asyncio.run(main())

def asyncio_and_pool(how, n):
    with ProcessPoolExecutor(
            WORKERS, CONTEXT) as pool:
        run_asyncio(how, n, pool)

def many_threads(i, how, n):
    # in process i
    mine = range(i, TASKS, WORKERS)
    mine = len(mine)
    with ThreadPoolExecutor(
            THREADS) as pool:
        list(pool.map(task,
            [how] * mine, [n] * mine))

def processes_of_threads(how, n):
    ps = [CONTEXT.Process(
              target=many_threads,
              args=(i, how, n))
          for i in range(WORKERS)]
    for p in ps: p.start()
    for p in ps: p.join()
    if any(p.exitcode for p in ps):
        raise OSError("process failed")

VARIANTS = {
    "sequential": sequential,
    "threads": threads,
    "process_pool": process_pool,
    "asyncio": run_asyncio,
    "hybrid:threads":
        processes_of_threads,
    "hybrid:asyncio": asyncio_and_pool,
}

def prepare():
    return (how_to_wait(WAIT_MS),
            turns_for($work_ms$))
)py";

constexpr std::string_view pool_size = R"py(import multiprocessing, sys, time
from concurrent.futures import (
    ThreadPoolExecutor,
    ProcessPoolExecutor)

TASKS = $tasks$
WAIT_MS = $wait_ms$
CONTEXT = multiprocessing.get_context(
    "$start_method$")

$KERNEL$
$WAIT$
def cpu_pool(workers, n, how):
    with ProcessPoolExecutor(
            min(workers, TASKS),
            CONTEXT) as pool:
        list(pool.map(work,
                      [n] * TASKS))

def io_pool(workers, n, how):
    with ThreadPoolExecutor(
            workers) as pool:
        list(pool.map(wait,
                      [how] * TASKS))

def sequential_cpu(n, how):
    for _ in range(TASKS): work(n)

def sequential_io(n, how):
    for _ in range(TASKS): wait(how)

# each with so many workers
SWEEP = [1, 2, 4, 8, 16, 32]
SERIES = {
    "process_pool:cpu": cpu_pool,
    "thread_pool:io": io_pool,
}
VARIANTS = {
    "sequential:cpu": sequential_cpu,
    "sequential:io": sequential_io,
}
NEEDS_GIL = False  # threads only wait

def prepare():
    return (turns_for($work_ms$),
            how_to_wait(WAIT_MS))
)py";

constexpr std::string_view sequential = R"py(import multiprocessing
from concurrent.futures import (
    ThreadPoolExecutor,
    ProcessPoolExecutor)
from threading import Thread

TASKS = $tasks$
WORKERS = min($workers$, TASKS)
CONTEXT = multiprocessing.get_context(
    "$start_method$")

$KERNEL$
def sequential(n):
    for _ in range(TASKS): work(n)

def share(i, n):
    # worker i's share of the tasks
    for _ in range(i, TASKS, WORKERS):
        work(n)

$LAUNCH$
def threads(n):
    launch(Thread, n)

def thread_pool(n):
    with ThreadPoolExecutor(
            WORKERS) as pool:
        list(pool.map(work,
                      [n] * TASKS))

def process_pool(n):
    with ProcessPoolExecutor(
            WORKERS, CONTEXT) as pool:
        list(pool.map(work,
                      [n] * TASKS))

def run_asyncio(n):
    import asyncio
    async def task(): work(n)
    async def main():
        await asyncio.gather(*[
            task()
            for _ in range(TASKS)])
    asyncio.run(main())

VARIANTS = {
    "sequential": sequential,
    "threads": threads,
    "thread_pool": thread_pool,
    "process_pool": process_pool,
    "asyncio": run_asyncio,
}

def prepare():
    return [turns_for($work_ms$)]
)py";

} // namespace

std::span<const Template> choosing_templates() {
    static constexpr std::array<Template, 3> templates{{
        {"hybrid", "sum_of_squares", hybrid},
        {"pool-size", "sum_of_squares", pool_size},
        {"sequential", "sum_of_squares", sequential},
    }};
    return templates;
}

} // namespace gil::python
