// io-bound, web-scraper, thread-pool.
#include <array>

#include "core/cpython/parts.h"

namespace gil::python {

namespace {

constexpr std::string_view io_bound = R"py(import multiprocessing, sys, time
from threading import Thread

TASKS = $tasks$
WORKERS = min($workers$, TASKS)
WAIT_MS = $wait_ms$
CONTEXT = multiprocessing.get_context(
    "forkserver")

$WAIT$
def share(i, how):
    # worker i's share of the tasks
    for _ in range(i, TASKS, WORKERS):
        wait(how)

$LAUNCH$
def sequential(how):
    for _ in range(TASKS): wait(how)

def threads(how):
    launch(Thread, how)

def run_asyncio(how):
    import asyncio
    async def main():
        await asyncio.gather(*[
            wait_async(how)
            for _ in range(TASKS)])
    asyncio.run(main())

def processes(how):
    launch(CONTEXT.Process, how)

VARIANTS = {
    "sequential": sequential,
    "threads": threads,
    "asyncio": run_asyncio,
    "processes": processes,
    "free_threaded": threads,
}

def prepare():
    return [how_to_wait(WAIT_MS)]
)py";

constexpr std::string_view web_scraper = R"py(import multiprocessing, sys, time
from concurrent.futures import (
    ThreadPoolExecutor,
    ProcessPoolExecutor)
from threading import Thread

TASKS = $tasks$
WORKERS = min($workers$, TASKS)
WAIT_MS = $wait_ms$
CONTEXT = multiprocessing.get_context(
    "forkserver")

$WAIT$
$KERNEL$
def scrape(how, n):
    wait(how)  # the page comes
    work(n)    # and is parsed

def share(i, how, n):
    # worker i's share of the pages
    for _ in range(i, TASKS, WORKERS):
        scrape(how, n)

$LAUNCH$
def sequential(how, n):
    for _ in range(TASKS):
        scrape(how, n)

def threads(how, n):
    launch(Thread, how, n)

def scrape_all(pool, how, n):
    with pool:
        list(pool.map(scrape,
            [how] * TASKS,
            [n] * TASKS))

def thread_pool(how, n):
    scrape_all(ThreadPoolExecutor(
        WORKERS), how, n)

def run_asyncio(how, n):
    import asyncio
    async def task():
        await wait_async(how)
        work(n)
    async def main():
        await asyncio.gather(*[
            task()
            for _ in range(TASKS)])
    asyncio.run(main())

def process_pool(how, n):
    scrape_all(ProcessPoolExecutor(
        WORKERS, CONTEXT), how, n)

VARIANTS = {
    "sequential": sequential,
    "threads": threads,
    "thread_pool": thread_pool,
    "asyncio": run_asyncio,
    "process_pool": process_pool,
}

def prepare():
    return (how_to_wait(WAIT_MS),
            turns_for($work_ms$))
)py";

constexpr std::string_view thread_pool = R"py(import sys, time
from concurrent.futures import \
    ThreadPoolExecutor
from threading import Thread

TASKS = $tasks$
WORKERS = min($workers$, TASKS)
WAIT_MS = $wait_ms$

$WAIT$
def sequential(how):
    for _ in range(TASKS): wait(how)

def threads(how):
    # made by hand, a thread per task
    ts = [Thread(target=wait,
                 args=[how])
          for _ in range(TASKS)]
    for t in ts: t.start()
    for t in ts: t.join()

def thread_pool(how):
    with ThreadPoolExecutor(
            WORKERS) as pool:
        list(pool.map(wait,
                      [how] * TASKS))

def run_asyncio(how):
    import asyncio
    async def main():
        await asyncio.gather(*[
            wait_async(how)
            for _ in range(TASKS)])
    asyncio.run(main())

VARIANTS = {
    "sequential": sequential,
    "threads": threads,
    "thread_pool": thread_pool,
    "asyncio": run_asyncio,
}
NEEDS_GIL = False  # nobody computes

def prepare():
    return [how_to_wait(WAIT_MS)]
)py";

} // namespace

std::span<const Template> waiting_templates() {
    static constexpr std::array<Template, 3> templates{{
        {"io-bound", "sum_of_squares", io_bound},
        {"web-scraper", "parsing", web_scraper},
        {"thread-pool", "sum_of_squares", thread_pool},
    }};
    return templates;
}

} // namespace gil::python
