// The kinds of waiting. Whoever answers a request is a process of its own, so that it takes no GIL from anybody.
#include "core/cpython/parts.h"

namespace gil::python {

namespace {

constexpr std::string_view sleep = R"py(def wait(seconds):
    # lets go of the GIL
    time.sleep(seconds)

async def wait_async(seconds):
    import asyncio
    await asyncio.sleep(seconds)
)py";

constexpr std::string_view sleep_tools = R"py(def how_to_wait(ms):
    return ms / 1000
)py";

// By hand: importing http.client in each worker process would take longer than many a wait.
constexpr std::string_view http = R"py(REQUEST = b"GET / HTTP/1.0\r\n\r\n"

def wait(port):
    # an HTTP request: reading the
    # answer lets go of the GIL
    import socket
    with socket.create_connection(
            (HERE, port)) as s:
        s.sendall(REQUEST)
        with s.makefile("rb") as f:
            answer = f.read()
    check(answer.endswith(b"done"))

async def wait_async(port):
    from asyncio import open_connection
    reader, writer = (await
        open_connection(HERE, port))
    writer.write(REQUEST)
    answer = await reader.read()
    check(answer.endswith(b"done"))
    writer.close()
)py";

constexpr std::string_view socket = R"py(def wait(port):
    # a byte to and fro: recv lets go
    # of the GIL
    import socket
    with socket.create_connection(
            (HERE, port)) as s:
        s.sendall(b".")
        check(s.recv(1) == b".")

async def wait_async(port):
    from asyncio import open_connection
    reader, writer = (await
        open_connection(HERE, port))
    writer.write(b".")
    check(await reader.read(1) == b".")
    writer.close()
)py";

constexpr std::string_view server_tools = R"py(HERE = "127.0.0.1"

def check(right):
    if not right:
        raise OSError("a wrong answer")

def serve():
    # the other end, a process of its own
    import asyncio

    async def answer(reader, writer):
        said = await reader.read(1)
        if said == b"G":
            await reader.readuntil(b"\r\n\r\n")
            said = b"HTTP/1.0 200 OK\r\n\r\ndone"
        await asyncio.sleep(WAIT_MS / 1000)
        writer.write(said)
        await writer.drain()
        writer.close()

    async def main():
        server = await asyncio.start_server(answer, HERE, 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        # until the one who started it has gone
        await asyncio.to_thread(sys.stdin.read)

    asyncio.run(main())

def how_to_wait(ms):
    import atexit, subprocess
    server = subprocess.Popen(
        [sys.executable, __file__, "--serve"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    atexit.register(server.kill)
    return int(server.stdout.readline())

if __name__ == "__main__" and "--serve" in sys.argv:
    serve()
    sys.exit()
)py";

constexpr std::string_view file = R"py(import os
from threading import get_ident

BLOCK = bytes(65536)

def wait(how):
    # writes a file through to the disk
    # and reads it back
    folder, times = how
    me = f"{os.getpid()}-{get_ident()}"
    path = os.path.join(folder, me)
    for _ in range(times):
        with open(path, "wb+") as f:
            f.write(BLOCK)
            f.flush()
            os.fsync(f.fileno())
            f.seek(0)
            if f.read() != BLOCK:
                raise OSError("wrong")

async def wait_async(how):
    # no file can be awaited: the event
    # loop stands still meanwhile
    wait(how)
)py";

constexpr std::string_view file_tools = R"py(def how_to_wait(ms):
    import atexit, shutil, tempfile
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, True)
    return folder, how_often(ms, lambda n: wait((folder, n)))
)py";

constexpr std::string_view database = R"py(def wait(how):
    # queries; SQLite works without
    # the GIL
    import sqlite3
    path, times = how
    db = sqlite3.connect(path)
    for _ in range(times):
        (total,) = db.execute("""
            select sum(n)
            from numbers""").fetchone()
        if total != 1999000:
            raise OSError("wrong sum")
    db.close()

async def wait_async(how):
    # sqlite3 cannot be awaited: the
    # event loop stands still meanwhile
    wait(how)
)py";

constexpr std::string_view database_tools = R"py(def how_to_wait(ms):
    import atexit, os, shutil, sqlite3, tempfile
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, True)
    path = os.path.join(folder, "numbers")
    db = sqlite3.connect(path)
    db.execute("create table numbers(n)")
    db.executemany("insert into numbers values (?)",
                   [(i,) for i in range(2000)])
    db.commit()
    db.close()
    return path, how_often(ms, lambda n: wait((path, n)))
)py";

} // namespace

std::string_view wait(std::string_view name) {
    if (name == "http") return http;
    if (name == "socket") return socket;
    if (name == "file") return file;
    if (name == "database") return database;
    return sleep;
}

std::string_view wait_tools(std::string_view name) {
    if (name == "http" || name == "socket") return server_tools;
    if (name == "file") return file_tools;
    if (name == "database") return database_tools;
    return sleep_tools;
}

} // namespace gil::python
