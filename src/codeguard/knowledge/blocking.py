"""Calls that keep the calling thread waiting: for time, the network, another program or a person.

Source: the documentation of each function; asyncio's "Developing with asyncio", "Running Blocking Code".
"""

from __future__ import annotations

_VERBS = ("get", "post", "put", "delete", "patch", "head", "options", "request")

BLOCKING = frozenset(
    {
        "time.sleep",
        "builtins.input",
        "os.system",
        "os.waitpid",
        "subprocess.run",
        "subprocess.call",
        "subprocess.check_call",
        "subprocess.check_output",
        "subprocess.getoutput",
        "subprocess.Popen().wait",
        "subprocess.Popen().communicate",
        "urllib.request.urlopen",
        "urllib.request.urlretrieve",
        "socket.create_connection",
        "socket.gethostbyname",
        "smtplib.SMTP",
        "ftplib.FTP",
        "getpass.getpass",
        "requests.Session().send",
        "urllib3.PoolManager().request",
        "select.select",
        *(
            f"{owner}.{verb}"
            for owner in ("requests", "requests.Session()", "requests.session()", "httpx", "httpx.Client()")
            for verb in _VERBS
        ),
    }
)
