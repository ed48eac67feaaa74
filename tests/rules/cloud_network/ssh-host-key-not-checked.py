import asyncssh
import paramiko
import pysftp
from paramiko import AutoAddPolicy


async def connect(host):
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())  # finding
    client.set_missing_host_key_policy(AutoAddPolicy)  # finding
    client.set_missing_host_key_policy(paramiko.WarningPolicy())  # finding
    options = pysftp.CnOpts()
    options.hostkeys = None  # finding
    return await asyncssh.connect(host, known_hosts=None)  # finding


async def connect_well(host, policy):
    client = paramiko.SSHClient()
    client.load_system_host_keys()
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    client.set_missing_host_key_policy(policy)
    options = pysftp.CnOpts(knownhosts="known_hosts")
    return await asyncssh.connect(host), options
