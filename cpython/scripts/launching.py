"""Starts a thread or a process for each worker."""


def launch(make, target, count, *job):
    """Runs target(0, *job) to target(count - 1, *job) at once.

    `make` is Thread or a Process.
    """
    workers = [make(target=target, args=(i, *job)) for i in range(count)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if any(getattr(worker, "exitcode", 0) for worker in workers):
        raise OSError("a worker failed")
