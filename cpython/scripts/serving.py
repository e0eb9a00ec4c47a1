"""The other end of a wait: a server that answers late.

It is a process of its own, so that it takes no GIL from anybody.
"""
import subprocess
import sys

HERE = "127.0.0.1"


def check(right):
    if not right:
        raise OSError("a wrong answer")


def start_server(ms):
    """The port of a server that answers after so long; it ends with us."""
    import atexit

    server = subprocess.Popen(
        [sys.executable, __file__, "--serve", str(ms)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    atexit.register(server.kill)
    return int(server.stdout.readline())


def serve(ms):
    import asyncio

    async def answer(reader, writer):
        said = await reader.read(1)
        if said == b"G":
            await reader.readuntil(b"\r\n\r\n")
            said = b"HTTP/1.0 200 OK\r\n\r\ndone"
        await asyncio.sleep(ms / 1000)
        writer.write(said)
        await writer.drain()
        writer.close()

    async def main():
        server = await asyncio.start_server(answer, HERE, 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        # until the one who started it has gone
        await asyncio.to_thread(sys.stdin.read)

    asyncio.run(main())


if __name__ == "__main__" and "--serve" in sys.argv:
    serve(float(sys.argv[2]))
    sys.exit()
