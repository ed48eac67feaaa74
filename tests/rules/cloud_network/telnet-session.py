import asyncio
import telnetlib
from telnetlib import Telnet

import paramiko


async def session(host):
    one = telnetlib.Telnet(host)  # finding
    two = await asyncio.open_connection(host, 23)  # finding
    with Telnet(host, 2323) as three:  # finding
        three.write(b"ls\n")
    return one, two


async def good_session(host, port):
    one = paramiko.SSHClient()
    two = await asyncio.open_connection(host, 443)
    three = await asyncio.open_connection(host, port)
    return one, two, three
