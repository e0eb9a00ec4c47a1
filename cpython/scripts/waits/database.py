"""Queries of an SQLite database in a file."""
import os
import sqlite3

from measuring import turns_for


def how_to_wait(ms):
    """A database, and how many queries take so long there."""
    import atexit
    import shutil
    import tempfile

    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = os.path.join(folder, "numbers")
    database = sqlite3.connect(path)
    database.execute("create table numbers(n)")
    database.executemany(
        "insert into numbers values (?)", [(i,) for i in range(2000)])
    database.commit()
    database.close()
    return path, turns_for(lambda n: wait((path, n)), ms)


def wait(how):
    path, times = how
    database = sqlite3.connect(path)
    for _ in range(times):
        # SQLite works without the GIL
        query = database.execute("select sum(n) from numbers")
        if query.fetchone() != (1999000,):
            raise OSError("a wrong sum")
    database.close()


async def wait_async(how):
    # sqlite3 cannot be awaited: the event loop stands still meanwhile
    wait(how)
