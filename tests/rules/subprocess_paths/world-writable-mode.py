import os
import stat
from pathlib import Path


def bad(path):
    os.chmod(path, 0o777)  # finding
    os.chmod(path, 0o666)  # finding
    os.chmod(path, mode=0o0622)  # finding
    Path(path).chmod(0o777)  # finding
    os.chmod(path, stat.S_IRWXU | stat.S_IRWXO)  # finding
    os.chmod(path, os.stat(path).st_mode | stat.S_IWOTH)  # finding


def good(path, mode):
    os.chmod(path, 0o600)
    os.chmod(path, 0o755)
    os.chmod(path, 0o1777)
    os.chmod(path, mode)
    Path(path).chmod(0o750)
    os.chmod(path, stat.S_IRWXU | stat.S_IXOTH)
    os.makedirs(path, 0o777)
