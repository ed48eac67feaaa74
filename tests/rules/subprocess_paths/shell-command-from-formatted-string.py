import asyncio
import os
import re
import shlex
import subprocess
import sys

from flask import request

TOOL = "/usr/bin/ping"
HOSTS = {"a": "192.0.2.1"}


def bad(host, user):
    os.system("ping -c 1 " + host)  # finding
    os.popen(f"ping -c 1 {host}").read()  # finding
    subprocess.run(f"ping -c 1 {host}", shell=True, check=True)  # finding
    subprocess.Popen("ping -c 1 %s" % host, stdout=subprocess.PIPE, shell=True)  # finding
    subprocess.check_output("ping -c 1 {}".format(host), shell=True)  # finding
    subprocess.getoutput(f"id {user.name}")  # finding
    print(subprocess.check_output(f"id {user.name}", shell=True).decode())  # finding
    subprocess.run(["sh", "-c", f"ping -c 1 {host}"], check=True)  # finding
    command = "ping"
    command += " -c 1 " + host
    os.system(command)  # finding
    parts = " ".join(["ping", host])
    os.system(parts)  # finding


async def bad_async(host: str):
    return await asyncio.create_subprocess_shell(f"ping {host}")  # finding


def bad_ssh(client, path):
    return client.exec_command(f"cat {path}")  # finding


def bad_request():
    return os.system(f"ping {request.args['host']}")  # finding


def bad_terminal():
    name = input("host: ")
    os.system("ping " + name)  # finding
    os.system("ping " + sys.argv[1])  # finding


def good(host, count: int):
    subprocess.run(["ping", "-c", "1", host], check=True)
    subprocess.run(["ping", f"--host={host}"], check=True)
    subprocess.run(f"ping -c 1 {shlex.quote(host)}", shell=True, check=True)
    subprocess.run("ping -c {} {}".format(count, HOSTS["a"]), shell=True, check=True)
    os.system("ping -c 1 192.0.2.1")
    os.system(f"{TOOL} -c 1 192.0.2.1")
    subprocess.run(shlex.split(f"ping {host}"), check=True)
    print(f"ping {host}")


def good_listed(host):
    if host not in HOSTS.values():
        raise ValueError(host)
    os.system(f"ping {host}")


def good_branch(host):
    if host in ("192.0.2.1", "192.0.2.2"):
        os.system(f"ping {host}")


def good_matched(host):
    if not re.fullmatch(r"[a-z0-9.]+", host):
        raise ValueError(host)
    os.system(f"ping {host}")


def good_constant(verbose):
    flag = "-v" if verbose else "-q"
    os.system(f"ping {flag} 192.0.2.1")


async def good_async(host: str):
    return await asyncio.create_subprocess_exec("ping", host)
