"""A blocking call lets go of the GIL, but getting it back takes a switch
interval.
"""
import hashlib
import sys
import time
from threading import Thread
from time import perf_counter

from kernels.sum_of_squares import work
from measuring import run, turns_for

REQUESTS = 40
NEIGHBOURS = 1
SWITCH_INTERVAL_MS = 5
NATIVE_MS = 20

CALLS = 3 + REQUESTS // (NEIGHBOURS + 1)


def requests(late, ended):
    """Blocking calls of 1 ms: each lets go of the GIL and wants it back."""
    for _ in range(REQUESTS):
        start = perf_counter()
        time.sleep(0.001)
        took = perf_counter() - start
        if not ended:
            late.append(took - 0.001)


def alone(n, count, data):
    late = []
    requests(late, [])
    return percentiles(late)


def beside(neighbour):
    late, ended = [], []

    def compute():
        neighbour()
        ended.append(perf_counter())

    threads = [Thread(target=requests, args=(late, ended))]
    threads += [Thread(target=compute) for _ in range(NEIGHBOURS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return percentiles(late)


def percentiles(late):
    late = sorted(late) or [0]

    def at(percent):
        i = min(len(late) * percent // 100, len(late) - 1)
        return round(1e6 * late[i]), 0

    return {"median latency us": at(50), "p95 latency us": at(95)}


def computing(n, count, data):
    return beside(lambda: work(n))


def keeping(n, count, data):
    # the sum of a range: C code that keeps the GIL to its end
    return beside(lambda: [sum(range(count)) for _ in range(CALLS)])


def releasing(n, count, data):
    # hashlib lets go of the GIL
    return beside(lambda: [hashlib.sha256(data) for _ in range(CALLS)])


VARIANTS = {
    "threads:alone": alone,
    "threads:beside": computing,
    "threads:native_keeps": keeping,
    "threads:native_releases": releasing,
    "free_threaded": computing,
}


def prepare():
    sys.setswitchinterval(SWITCH_INTERVAL_MS / 1000)
    longest = 1.25 * REQUESTS * (1 + SWITCH_INTERVAL_MS)
    size = turns_for(lambda n: hashlib.sha256(bytes(n)), NATIVE_MS)
    return (turns_for(work, longest),
            turns_for(lambda n: sum(range(n)), NATIVE_MS),
            bytes(size))


if __name__ == "__main__":
    run(VARIANTS, prepare)
