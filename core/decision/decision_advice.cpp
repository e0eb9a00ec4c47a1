// The advice that the questions lead to, each with the experiment that proves it on the reader's own machine.
#include "core/decision/decision_tree_data.h"

namespace gil {

namespace {

std::vector<Advice> advice_on_waiting() {
    return {
        {"threads",
         "Use threads, one for each job",
         "A blocking call lets go of the GIL while it waits, so the other threads run. A handful of threads that live "
         "as long as the program is the simplest thing that works. What they share still needs a lock.",
         R"(from threading import Thread

threads = [Thread(target=serve, args=(job,)) for job in jobs]
for t in threads: t.start()
for t in threads: t.join())",
         {"io-bound", {}, "threads", {}, "All waits pass in about the time of one."}},
        {"thread-pool",
         "Use a thread pool",
         "A blocking call lets go of the GIL while it waits, so the waits pass side by side. The pool starts its "
         "threads once, reuses them, and hands results and exceptions back in order. Give it as many workers as waits "
         "that may be open at once; that is far more than there are cores.",
         R"(from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(max_workers=20) as pool:
    results = list(pool.map(fetch, urls)))",
         {"thread-pool",
          {{"tasks", "20"}, {"workers", "20"}},
          "thread_pool",
          {},
          "The pool is as fast as a thread for each task, and as asyncio."}},
        {"asyncio",
         "Use asyncio",
         "One thread with one event loop keeps thousands of waits open, and each costs a coroutine of a few kilobytes "
         "instead of a thread. Coroutines change places only where the code says await. Whatever blocks in between "
         "stops all of them, so hand that to a thread (asyncio.to_thread).",
         R"(import asyncio

async def main():
    return await asyncio.gather(*(fetch(url) for url in urls))

results = asyncio.run(main()))",
         {"io-bound",
          {{"tasks", "64"}, {"workers", "16"}},
          "asyncio",
          {},
          "One thread holds all 64 waits open; 16 threads need four rounds."}},
        {"large-thread-pool",
         "Use a thread pool with hundreds of workers",
         "Waiting threads need neither the GIL nor a core, only some memory for their stacks, so hundreds of them are "
         "fine. Find out by trying when more of them stop helping: mostly it is the other side that cannot take more. "
         "For many thousands look for an asyncio library after all.",
         R"(from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(max_workers=300) as pool:
    for result in pool.map(query, keys):
        use(result))",
         {"pool-size",
          {},
          "thread_pool:io@32",
          {"sequential:io", "thread_pool:io@1", "thread_pool:io@2", "thread_pool:io@4", "thread_pool:io@8",
           "thread_pool:io@16"},
          "The curve of the waits keeps falling long after that of the calculation is flat."}},
    };
}

std::vector<Advice> advice_on_both() {
    return {
        {"waits-with-a-little-work",
         "Use a thread pool",
         "The waits overlap, and while the calculation after each is short, taking turns under one GIL costs next to "
         "nothing. Add up the calculation of all tasks: that sum is the least it can take. When the sum is what "
         "hurts, move the calculation to processes.",
         R"(from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(max_workers=20) as pool:
    pages = list(pool.map(fetch_and_parse, urls)))",
         {"web-scraper",
          {{"workers", "20"}, {"wait_ms", "80"}, {"work_ms", "0.5"}},
          "thread_pool",
          {},
          "The pool finishes after about one wait and the sum of all parsing."}},
        {"hybrid-threads",
         "Use processes with threads inside",
         "Each process has a GIL of its own, so the calculation is spread over the cores; the threads in it overlap "
         "the waits. Start one process per core and as many threads in each as it takes to keep its core busy. Start "
         "the threads inside the new process, never before a fork.",
         R"(from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

def work_off(batch):
    with ThreadPoolExecutor(max_workers=8) as threads:
        return list(threads.map(fetch_and_compute, batch))

with ProcessPoolExecutor() as processes:
    results = list(processes.map(work_off, batches)))",
         {"hybrid", {}, "hybrid:threads", {}, "Only the hybrids overlap both the waits and the calculation."}},
        {"hybrid-asyncio",
         "Use asyncio with a process pool",
         "The event loop does all the waiting in one thread and stays free, because it sends the calculation to a "
         "pool with one process per core. What crosses to the pool is pickled, so send small things.",
         R"(import asyncio
from concurrent.futures import ProcessPoolExecutor

async def handle(pool, url):
    page = await fetch(url)
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(pool, compute, page))",
         {"hybrid", {}, "hybrid:asyncio", {}, "Only the hybrids overlap both the waits and the calculation."}},
    };
}

std::vector<Advice> advice_on_separation() {
    return {
        {"calculate-elsewhere",
         "Move the calculation to another process",
         "A thread that waits for short answers beside one that calculates gets the GIL back only after a switch "
         "interval of 5 ms, and an event loop in one thread with the calculation not before it ends. In a process of "
         "its own the calculation holds another GIL. sys.setswitchinterval only trades one delay for another.",
         R"(from concurrent.futures import ProcessPoolExecutor

pool = ProcessPoolExecutor(max_workers=1)
future = pool.submit(calculate, data)  # this process stays free to answer)",
         {"gil-release",
          {},
          "threads:alone",
          {"threads:beside"},
          "The same requests with nobody calculating under their GIL, and beside one who does."}},
        {"own-process",
         "Give the risky part a process of its own",
         "All threads share one memory, so an abort or a stray write in one of them ends the whole program. A process "
         "that dies takes only its own work with it, and its exit code says how. A bare Process is better here than a "
         "pool: when one worker of a ProcessPoolExecutor dies, all tasks still pending fail.",
         R"(from multiprocessing import Process

p = Process(target=risky, args=(path,))
p.start()
p.join()
if p.exitcode != 0:
    print("it died:", p.exitcode))",
         {"isolation",
          {},
          "processes:abort",
          {"threads:abort", "process_pool:abort"},
          "How many tasks still returned a result after one of them aborted.",
          Better::survives}},
    };
}

std::vector<Advice> advice_on_computing() {
    return {
        {"native-threads",
         "Use threads; the native code does the rest",
         "While the native code calculates without the GIL, the other threads run, on other cores. Nothing is pickled "
         "and no process is started. Each call should take some milliseconds, for the Python around it still takes "
         "turns. numpy may already use several threads of its own: count them as well.",
         R"(import os
from concurrent.futures import ThreadPoolExecutor

with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
    thumbnails = list(pool.map(resize_with_pillow, files)))",
         {"image-processing", {}, "threads:native", {}, "Threads scale once the work lets go of the GIL."}},
        {"process-pool",
         "Use a process pool",
         "Each worker process has an interpreter and a GIL of its own, so the calculation really runs on all cores. "
         "Starting a worker and sending it work costs milliseconds and microseconds, so tasks should be worth it. "
         "Functions and arguments are pickled: no lambdas.",
         R"(from concurrent.futures import ProcessPoolExecutor

if __name__ == "__main__":
    with ProcessPoolExecutor() as pool:
        results = list(pool.map(compute, items)))",
         {"process-pool", {}, "process_pool", {}, "Threads take turns; processes run side by side."}},
    };
}

std::vector<Advice> advice_on_exchange() {
    return {
        {"shared-memory",
         "Use processes with shared memory",
         "What is sent to a process is pickled, copied and unpickled, and with megabytes per task that can take "
         "longer than the work. Put the data into a shared block once and send its name. Nobody locks it for you.",
         R"(import numpy as np
from multiprocessing.shared_memory import SharedMemory

block = SharedMemory(create=True, size=data.nbytes)
view = np.ndarray(data.shape, data.dtype, buffer=block.buf)
view[:] = data
pool.submit(compute, block.name, data.shape, data.dtype))",
         {"pickling",
          {},
          "process_pool:shared_memory@4194304",
          {"process_pool:pickle@4194304"},
          "Both grow, because the data itself is written and read; a shared block saves the copies through pickle and "
          "pipe."}},
        {"collect-results",
         "Let each process count for itself, and add up at the end",
         "`value.value += 1` is a load, an addition and a store: processes that run at once lose updates unless each "
         "is done under value.get_lock(), and then they queue for the lock. A total per process, sent once through a "
         "queue or returned from the pool, is both right and faster.",
         R"(from concurrent.futures import ProcessPoolExecutor

with ProcessPoolExecutor() as pool:
    total = sum(pool.map(count_matches, files)))",
         {"shared-data",
          {},
          "processes:queue",
          {"processes:locked"},
          "Both are right; the lock makes the processes wait for each other."}},
    };
}

std::vector<Advice> advice_on_interpreters() {
    return {
        {"free-threads",
         "Use threads on the free-threaded build",
         "Without a GIL threads run side by side in one memory, so nothing is pickled. There is a price: each thread "
         "computes some 5 to 10 % slower (3.14; 3.13 much more), and threads that keep writing to the same object are "
         "slower than one thread alone. Give each thread data of its own and take locks where you share. An extension "
         "that does not support it switches the GIL on again.",
         R"(import sys
from concurrent.futures import ThreadPoolExecutor

print(sys._is_gil_enabled())  # False on python3.14t
with ThreadPoolExecutor() as pool:
    results = list(pool.map(compute, items)))",
         {"free-threading",
          {},
          "free_threaded",
          {"sequential", "threads"},
          "Threads scale without a GIL; the \"shared\" variants show what a contended object costs."}},
        {"subinterpreters",
         "Use a pool of subinterpreters",
         "Since 3.14 each worker of an InterpreterPoolExecutor is a thread with an interpreter and a GIL of its own: "
         "real parallelism in one process, and quicker to start than a fresh process. Arguments are pickled as for "
         "processes, and a crash still ends everything.",
         R"(from concurrent.futures import InterpreterPoolExecutor

with InterpreterPoolExecutor() as pool:
    results = list(pool.map(compute, items)))",
         {"process-pool",
          {{"start_method", "spawn"}},
          "subinterpreters",
          {},
          "They are as parallel as processes and start sooner than spawned ones."}},
        {"job-queue",
         "Use a job queue or a cluster",
         "More workers than cores do not make calculation faster: they only take turns on the cores. When all cores "
         "are busy, faster code comes first (numpy, numba, a compiled extension). After that only more machines help, "
         "with a job queue such as Celery or RQ, or a cluster framework such as Dask or Ray.",
         R"(from dask.distributed import Client

client = Client("tcp://scheduler:8786")
results = client.gather(client.map(compute, items)))",
         {"pool-size",
          {},
          "process_pool:cpu@4",
          {"sequential:cpu", "process_pool:cpu@1", "process_pool:cpu@2", "process_pool:cpu@8", "process_pool:cpu@16",
           "process_pool:cpu@32"},
          "On a machine with 4 cores the calculation is fastest with 4 workers; from the number of cores on the curve "
          "is flat."}},
    };
}

std::vector<Advice> advice_on_small_work() {
    return {
        {"chunks",
         "Use a process pool, and send the tasks in chunks",
         "Each item that goes to a process alone costs some 50 microseconds of messages, more than a tiny task is "
         "worth. With a chunksize many of them share one message. Choose it so that a chunk takes some milliseconds "
         "and every worker still gets several.",
         R"(from concurrent.futures import ProcessPoolExecutor

with ProcessPoolExecutor() as pool:
    results = list(pool.map(tiny, items, chunksize=500)))",
         {"process-overhead",
          {{"chunksize", "8"}},
          "process_pool@1",
          {"sequential@1", "thread_pool@1"},
          "With tasks of 1 ms the pool pays off, with tasks of 0.01 ms its start alone takes longer."}},
        {"plain-loop",
         "Use a plain loop",
         "Starting workers and sending messages takes longer than all of the work, so every pool loses. If it is too "
         "slow after all, make the loop itself faster: a better algorithm, a comprehension, numpy.",
         R"(results = [tiny(item) for item in items])",
         {"process-overhead",
          {},
          "sequential@0.01",
          {"thread_pool@0.01", "process_pool@0.01"},
          "At the left end of the chart every pool is slower than no pool."}},
        {"plain-code",
         "Use neither: write plain code",
         "Threads and processes bring start-up time, locks and harder debugging, and nothing here would pay for them. "
         "Plain code is the fastest and the easiest to get right. Measure before you change that.",
         R"(for item in items:
    handle(item))",
         {"sequential", {}, "sequential", {}, "Everything else only adds its own cost."}},
    };
}

} // namespace

std::vector<Advice> decision_advice() {
    std::vector<Advice> all;
    for (auto branch : {advice_on_waiting, advice_on_both, advice_on_separation, advice_on_computing,
                        advice_on_exchange, advice_on_interpreters, advice_on_small_work}) {
        for (Advice& advice : branch()) all.push_back(std::move(advice));
    }
    return all;
}

} // namespace gil
