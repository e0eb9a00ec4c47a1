"""An HTTP request to a server of this computer that answers late.

By hand: importing http.client takes a worker process longer than many a wait.
"""
import socket

from serving import HERE, check, start_server

REQUEST = b"GET / HTTP/1.0\r\n\r\n"


def how_to_wait(ms):
    return start_server(ms)


def wait(port):
    with socket.create_connection((HERE, port)) as connection:
        connection.sendall(REQUEST)
        with connection.makefile("rb") as answer:
            # reading lets go of the GIL
            check(answer.read().endswith(b"done"))


async def wait_async(port):
    import asyncio  # here, since worker processes import this file

    reader, writer = await asyncio.open_connection(HERE, port)
    writer.write(REQUEST)
    answer = await reader.read()
    check(answer.endswith(b"done"))
    writer.close()
