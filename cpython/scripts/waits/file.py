"""Writes files through to the disk and reads them back."""
import os
from threading import get_ident

from measuring import turns_for

BLOCK = bytes(65536)


def how_to_wait(ms):
    """A folder, and how many files take so long there."""
    import atexit
    import shutil
    import tempfile

    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder, turns_for(lambda n: wait((folder, n)), ms)


def wait(how):
    folder, times = how
    path = os.path.join(folder, f"{os.getpid()}-{get_ident()}")
    for _ in range(times):
        with open(path, "wb+") as file:
            file.write(BLOCK)
            file.flush()
            os.fsync(file.fileno())  # lets go of the GIL
            file.seek(0)
            if file.read() != BLOCK:
                raise OSError("a wrong file")


async def wait_async(how):
    # no file can be awaited: the event loop stands still meanwhile
    wait(how)
