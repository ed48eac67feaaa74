import os
import subprocess

COMMANDS = {"list": ["ls"]}
ALLOWED = {"uptime", "date"}


def run(command):
    os.system(command)  # finding
    subprocess.run(command, shell=True, check=True)  # finding
    return subprocess.check_output(command, text=True, shell=True)  # finding


def quiet(command: str = "ls"):
    return subprocess.getoutput(command)  # finding


def run_list(arguments):
    subprocess.run(arguments, check=True)
    subprocess.run(arguments, shell=False, check=True)


def run_constant(name):
    command = "uptime"
    subprocess.run(command, shell=True, check=True)
    os.system("uptime")
    return COMMANDS[name]


def run_listed(command):
    if command not in ALLOWED:
        raise ValueError(command)
    os.system(command)
