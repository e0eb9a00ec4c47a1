"""A byte to a server of this computer, and back after a while."""
import socket

from serving import HERE, check, start_server


def how_to_wait(ms):
    return start_server(ms)


def wait(port):
    with socket.create_connection((HERE, port)) as connection:
        connection.sendall(b".")
        check(connection.recv(1) == b".")  # recv lets go of the GIL


async def wait_async(port):
    import asyncio  # here, since worker processes import this file

    reader, writer = await asyncio.open_connection(HERE, port)
    writer.write(b".")
    check(await reader.read(1) == b".")
    writer.close()
