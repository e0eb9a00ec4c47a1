"""A plain wait."""
import time


def how_to_wait(ms):
    return ms / 1000


def wait(seconds):
    time.sleep(seconds)  # lets go of the GIL


async def wait_async(seconds):
    import asyncio  # here, since worker processes import this file

    await asyncio.sleep(seconds)
