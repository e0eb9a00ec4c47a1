"""Without a lock a shared counter can lose updates."""
import sys
from threading import Lock, Thread

from measuring import run

WORKERS = 10
INCREMENTS = 300_000
SWITCH_INTERVAL_MS = 5

counter = 0
lock = Lock()


def plain():
    global counter
    for _ in range(INCREMENTS):
        counter += 1


def one():
    return 1


def with_call():
    global counter
    for _ in range(INCREMENTS):
        counter += one()  # a call between load and store


def with_lock():
    global counter
    for _ in range(INCREMENTS):
        with lock:
            counter += 1


def count(increment):
    global counter
    counter = 0
    threads = [Thread(target=increment) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"counter": (counter, WORKERS * INCREMENTS)}


def count_plain():
    return count(plain)


def count_with_call():
    return count(with_call)


def count_with_lock():
    return count(with_lock)


# Up to 3.9 the GIL may be lost between any two bytecodes; since 3.10 only in
# calls and where a loop jumps back.
IS_NEW = sys.version_info >= (3, 10)

VARIANTS = {
    "threads:3.9": "only up to Python 3.9" if IS_NEW else count_plain,
    "threads:3.10": count_plain if IS_NEW else "only since Python 3.10",
    "threads:call": count_with_call,
    "free_threaded": count_plain,
    "threads:locked": count_with_lock,
    "free_threaded:locked": count_with_lock,
}


def prepare():
    sys.setswitchinterval(SWITCH_INTERVAL_MS / 1000)
    return []


if __name__ == "__main__":
    run(VARIANTS, prepare)
