"""Measures what a CPython's threads, processes and messages cost.

Prints one JSON document: fields of a Machine (core/machine/machine.h), times
in microseconds. Takes a few seconds.
"""
import sys
import threading
import time
from multiprocessing import get_context

# Processes that are not forked import this file again, so it has no more on
# top than a small script would.
if __name__ == "__main__":
    import asyncio
    import json
    import os
    import pickle
    from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
    from multiprocessing.shared_memory import SharedMemory

now = time.perf_counter  # the same clock in every process of a computer
MIB = bytes(1 << 20)


def median(values):
    return sorted(values)[(len(values) - 1) // 2]


def us(seconds):
    return max(0.0, 1e6 * seconds)


def spent(call, *arguments):
    start = now()
    call(*arguments)
    return now() - start


def best(times, call, *arguments):
    return min(spent(call, *arguments) for _ in range(times))


def nothing(*_):
    pass


def thread_start():
    def one():
        thread = threading.Thread(target=nothing)
        thread.start()
        thread.join()
    return median([spent(one) for _ in range(51)])


def tell_times(pipe):
    pipe.send(now())
    pipe.close()


def process_costs(method):
    """What start() takes, until the child runs, from its end to join()."""
    context = get_context(method)
    costs = []
    for _ in range(5):
        mine, theirs = context.Pipe(False)
        child = context.Process(target=tell_times, args=(theirs,))
        begin = now()
        child.start()
        launched = now()
        theirs.close()
        began = mine.recv()
        child.join()
        ended = now()
        costs.append((launched - begin, max(0.0, began - launched),
                      ended - began))
    return [median([cost[i] for cost in costs]) for i in range(3)]


def wake_latency():
    rounds, mine, theirs = 200, threading.Lock(), threading.Lock()
    mine.acquire()
    theirs.acquire()

    def answer():
        for _ in range(rounds):
            theirs.acquire()
            mine.release()
    thread = threading.Thread(target=answer)
    thread.start()
    start = now()
    for _ in range(rounds):
        theirs.release()
        mine.acquire()
    took = now() - start
    thread.join()
    return took / (2 * rounds)


def timer_slack():
    return median([spent(time.sleep, 0.005) - 0.005 for _ in range(11)])


def io_overhead():
    calls, start = 200, time.thread_time()
    for _ in range(calls):
        time.sleep(1e-5)
    return (time.thread_time() - start) / calls


def loop_overhead():
    async def one():
        await asyncio.sleep(0.005)

    async def all_of(count):
        await asyncio.gather(*[one() for _ in range(count)])

    def cpu(count):
        start = time.process_time()
        asyncio.run(all_of(count))
        return time.process_time() - start
    few, many = [min(cpu(count) for _ in range(3)) for count in (20, 220)]
    # Every coroutine becomes ready twice: at the start and after its wait.
    return (many - few) / 400


def loop_start():
    async def none():
        pass
    return median([spent(lambda: asyncio.run(none())) for _ in range(11)])


def pool_item():
    with ThreadPoolExecutor(1) as pool:
        list(pool.map(nothing, range(20)))
        return best(5, lambda: list(pool.map(nothing, range(200)))) / 200


def block_costs():
    """Seconds to make a block of shared memory, and two costs of a MiB of it.

    They are first touches with giving it back, and first accesses through
    another mapping.
    """
    half, costs = 2 << 20, []
    data = bytes(half)

    def put(block, part):
        place = slice(part * half, (part + 1) * half)
        return spent(block.buf.__setitem__, place, data)

    def get(block):
        return spent(lambda: bytes(block.buf[:half]))

    def give_back(block):
        block.close()
        block.unlink()
    for _ in range(5):
        start = now()
        block = SharedMemory(None, True, 2 * half)
        made = now() - start
        fresh, again = [put(block, 0) + put(block, 1) for _ in range(2)]
        other = SharedMemory(block.name)
        first, then = [get(other) + put(other, 1) for _ in range(2)]
        other.close()
        given_back = spent(give_back, block)
        costs.append((made, (fresh - again + given_back) / 4,
                      (first - then) / 4))
    return [median([cost[i] for cost in costs]) for i in range(3)]


def attach(name):
    from multiprocessing.shared_memory import SharedMemory
    global BLOCK
    BLOCK = SharedMemory(name)


def read_block(size):
    return len(bytes(BLOCK.buf[:size]))


def shared_copy():
    """Seconds for a MiB that one process writes or another reads there."""
    size = 4 << 20
    data, block = bytes(size), SharedMemory(None, True, size)

    def round_trip(pool, bytes_each_way):
        block.buf[:bytes_each_way] = data[:bytes_each_way]
        pool.submit(read_block, bytes_each_way).result()
    try:
        with ProcessPoolExecutor(1, get_context("forkserver"), attach,
                                 (block.name,)) as pool:
            much = best(9, round_trip, pool, size)
            return (much - best(9, round_trip, pool, 0)) / 8
    finally:
        block.close()
        block.unlink()


def item_time(pool, few, many, argument):
    """Seconds per item of a process pool that runs already."""
    def run(count):
        list(pool.map(nothing, [argument] * count))
    run(few)
    return (best(3, run, many) - best(3, run, few)) / (many - few)


def first_item_time(count):
    """Seconds that a pool takes with its first items of 1 MiB."""
    with ProcessPoolExecutor(1, get_context("forkserver")) as pool:
        list(pool.map(nothing, [0]))
        return spent(lambda: list(pool.map(nothing, [MIB] * count)))


def first_answer_time():
    """Seconds from nothing to the first result of a pool."""
    start = now()
    with ProcessPoolExecutor(1, get_context("forkserver")) as pool:
        pool.submit(nothing).result()
        return now() - start


def counting(increments, *arguments):
    """Seconds a turn of each: the best of rounds that alternate."""
    turns = 50_000
    rounds = [[spent(each, turns, *arguments) for each in increments]
              for _ in range(9)]
    return [min(times) / turns for times in zip(*rounds)]


COUNTER = 0
LOCK = threading.Lock()


def plain(turns):
    global COUNTER
    for _ in range(turns):
        COUNTER += 1


def one():
    return 1


def calling(turns):
    global COUNTER
    for _ in range(turns):
        COUNTER += one()


def locking(turns):
    global COUNTER
    for _ in range(turns):
        with LOCK:
            COUNTER += 1


def plain_value(turns, value):
    for _ in range(turns):
        value.value += 1


def locking_value(turns, value):
    for _ in range(turns):
        with value.get_lock():
            value.value += 1


def count_beside(barrier, pipe, increment, turns, value):
    barrier.wait()
    pipe.send(spent(increment, turns, value))


def counting_beside(increment, value, count, turns=30_000):
    """Seconds a turn of processes that count at once.

    It is that of the one that is done first, which was never alone.
    """
    fork, times, children = get_context("fork"), [], []
    barrier = fork.Barrier(count)
    for _ in range(count):
        mine, theirs = fork.Pipe(False)
        child = fork.Process(target=count_beside, args=(
            barrier, theirs, increment, turns, value))
        child.start()
        children.append((child, mine))
    for child, mine in children:
        times.append(mine.recv())
        child.join()
    return min(times) / turns


def locking_together(count):
    """Seconds from an increment under LOCK to the next of any thread."""
    turns = 30_000
    threads = [threading.Thread(target=locking, args=(turns,))
               for _ in range(count)]
    start = now()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (now() - start) / (count * turns)


def working(turns, _):
    total = 0
    for i in range(turns):
        total += i * i


def busy_cores_tax(cores):
    """How much longer work takes while all cores do it: 0.05 for 5 %."""
    turns, taxes = 300_000, []
    for _ in range(5):
        alone, together = [counting_beside(working, None, count, turns)
                           for count in (1, cores)]
        taxes.append(together / alone - 1)
    # where something else had a core the others tell of that
    return max(0.0, min(taxes))


def interpreter_start():
    from concurrent import interpreters
    return best(3, lambda: interpreters.create().close())


def usable_cores():
    ask = getattr(os, "sched_getaffinity", None)
    return len(ask(0)) if ask else os.cpu_count() or 1


def message_costs(item):
    """Of a message and of what it carries, beside the item's own time."""
    with ProcessPoolExecutor(1, get_context("forkserver")) as pool:
        message = max(0.0, item_time(pool, 20, 220, 0) - item) / 2
        with_data = item_time(pool, 4, 20, MIB)
        with_much = item_time(pool, 2, 8, 4 * MIB)
    # a worker gets the memory for the message, the copy and what comes of it
    first = min(first_item_time(4) for _ in range(3))
    copy = best(9, lambda: pickle.loads(pickle.dumps(MIB, -1))) / 2
    transfer = with_data - item - 2 * message - copy
    return message, {
        "message_us": us(message),
        "copy_per_mib_us": us(copy),
        "fresh_per_mib_us": us(max(0.0, first - 4 * with_data) / 3),
        "transfer_per_mib_us": us(transfer),
        "transfer_large_per_mib_us": us(
            (with_much - item - 2 * message) / 4 - copy),
    }


def start_costs(item, message):
    methods = {method: process_costs(method)
               for method in ("fork", "forkserver", "spawn")}
    launch, start, end = methods["forkserver"]
    # A worker of a pool imports its modules beside what a process needs.
    answer = median([first_answer_time() for _ in range(5)])
    worker = answer - (launch + start + item + 2 * message)
    return {
        "thread_start_us": us(thread_start()),
        "process_launch_us": us(launch),
        "pool_worker_start_us": us(worker),
        "process_exit_us": us(end),
        "process_start_us": {method: us(costs[1])
                             for method, costs in methods.items()},
    }


def counting_costs(cores):
    value = get_context("fork").Value("q", 0)
    turn, calling_turn, locking_turn = counting((plain, calling, locking))
    shared_turn, shared_locking_turn = counting(
        (plain_value, locking_value), value)
    costs = {
        "increment_us": max(0.001, us(turn)),
        "function_call_us": us(calling_turn - turn),
        "lock_pair_us": us(locking_turn - turn),
        "shared_increment_us": max(0.001, us(shared_turn)),
        "shared_lock_pair_us": us(shared_locking_turn - shared_turn),
    }
    if cores > 1:  # else they would take turns
        beside = counting_beside(plain_value, value, 2)
        crowded = counting_beside(locking_value, value, 4) / 4
        costs["shared_contention_us"] = us(beside - shared_turn)
        costs["wake_call_us"] = us(crowded - shared_turn)
    if cores > 1 and not getattr(sys, "_is_gil_enabled", lambda: True)():
        costs["lock_contention_us"] = us(locking_together(4) - locking_turn)
    return costs


def main():
    cores, item = usable_cores(), pool_item()
    message, sending = message_costs(item)
    block, shared_fresh, shared_map = block_costs()
    machine = {
        "cores": cores,
        **start_costs(item, message),
        "wake_latency_us": us(wake_latency()),
        "timer_slack_us": us(timer_slack()),
        "io_overhead_us": us(io_overhead()),
        "loop_start_us": us(loop_start()),
        "loop_overhead_us": us(loop_overhead()),
        "pool_item_us": us(item),
        **sending,
        "shared_fresh_per_mib_us": us(shared_fresh),
        "shared_map_per_mib_us": us(shared_map),
        "shared_copy_per_mib_us": us(shared_copy()),
        "shared_block_us": us(block),
        **counting_costs(cores),
    }
    if cores > 1:
        machine["busy_cores_tax"] = busy_cores_tax(min(cores, 16))
    if sys.version_info >= (3, 14):
        machine["interpreter_start_us"] = us(interpreter_start())
    print(json.dumps(machine))


if __name__ == "__main__":
    main()
