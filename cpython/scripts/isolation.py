"""A crash in a thread takes all down, in a process only itself."""
import ctypes
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from threading import Thread

from kernels.sum_of_squares import work
from measuring import run, turns_for

TASKS = 4
START_METHOD = "forkserver"

CONTEXT = get_context(START_METHOD)


def fail(how):
    if how == "exception":
        raise ValueError("the task failed on purpose")
    if how == "abort":
        os.abort()
    ctypes.memset(8, 0, 1)  # writes where nothing is its own


def task(i, n, how):
    if i == 1:  # the second one fails, and soon
        work(n // 20)
        fail(how)
    work(n)
    os.write(1, b"survived\n")


def start_and_join(make, n, how):
    workers = [make(target=task, args=(i, n, how)) for i in range(TASKS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return workers


def threads(n, how):
    start_and_join(Thread, n, how)


def processes(n, how):
    ended = start_and_join(CONTEXT.Process, n, how)
    for i, process in enumerate(ended, 1):
        print("exit code of process", i, process.exitcode)


def process_pool(n, how):
    with ProcessPoolExecutor(TASKS, CONTEXT) as pool:
        sent = [pool.submit(task, i, n, how) for i in range(TASKS)]
    for future in sent:
        error = future.exception()
        print("error", f"{type(error).__name__}: {error}" if error else "")


PARTS = {
    "threads": threads,
    "processes": processes,
    "process_pool": process_pool,
}


def program(part, n):
    """Runs a part as a program of its own; lives on and sees how it ends."""
    ended = subprocess.run(
        [sys.executable, __file__, "--part", part, str(n)],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    lines = ended.stdout.splitlines()
    seen = {
        "exit code": (ended.returncode, 0),
        "survivors": (lines.count("survived"), TASKS),
    }
    for line in lines:
        if line.startswith("exit code"):
            name, _, code = line.rpartition(" ")
            seen[name] = int(code), 0
    errors = [line[len("error "):] for line in lines
              if line.startswith("error ")]
    if any(errors):
        seen["task_errors"] = errors
        seen["error"] = next(filter(None, errors))
    return seen


def run_part(part, n):
    try:
        import resource
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # no core files
    except ImportError:
        pass
    model, how = part.split(":")
    PARTS[model](n, how)


VARIANTS = {part: partial(program, part) for part in (
    "threads:exception",
    "threads:abort",
    "threads:stray_write",
    "processes:abort",
    "processes:stray_write",
    "process_pool:abort",
)}


def prepare():
    return [turns_for(work, 40)]


if __name__ == "__main__" and "--part" in sys.argv:
    run_part(sys.argv[2], int(sys.argv[3]))
elif __name__ == "__main__":
    run(VARIANTS, prepare, needs_gil=False, start_method=START_METHOD)
