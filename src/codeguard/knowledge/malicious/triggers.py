"""What a logic bomb waits for and what it does to others: clocks, fixed moments, users and machines, crippling commands.

Sources: the standard library's `datetime`, `time`, `threading` and `asyncio`, Arrow, Pendulum, pandas and dateutil;
RFC 4515 for the filters of LDAP; the manual pages of the commands.
"""

from __future__ import annotations

import re

from codeguard.knowledge.malicious import stores

CLOCKS = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.localtime",
    "time.gmtime",
    "time.strftime",
    "time.time_ns",
    "arrow.now",
    "arrow.utcnow",
    "pendulum.now",
}
DATES = {
    "datetime.date",
    "datetime.datetime",
    "datetime.datetime.strptime",
    "datetime.date.fromisoformat",
    "datetime.datetime.fromisoformat",
    "datetime.datetime.fromtimestamp",
    "pandas.Timestamp",
    "dateutil.parser.parse",
}
ISO = re.compile(r"^\d{4}-?\d{2}-?\d{2}")
SYSTEMS = {
    "win32",
    "windows",
    "linux",
    "darwin",
    "java",
    "cygwin",
    "posix",
    "macos",
    "freebsd",
    "aix",
    "sunos",
    "openvms",
}
# Accounts and machines that are the same everywhere.
EVERYWHERE = {
    "root",
    "admin",
    "administrator",
    "system",
    "ubuntu",
    "runner",
    "vagrant",
    "docker",
    "localhost",
    "jenkins",
    "nobody",
    "www-data",
    "postgres",
    "mysql",
    "wheel",
    "sudo",
    "users",
}
WHO = {"the user name", "the host name", "the hardware address", "the machine's users"}
WHO_CALLS = {name for name, what in stores.HOST_CALLS.items() if what in WHO}
ONE_HOME = re.compile(
    r"^(?:/home|/Users|C:\\Users)[/\\](?!runner|vsts|ubuntu|user|Public|Shared|linuxbrew)[\w.-]+/?$", re.IGNORECASE
)
ONE_ENTRY = re.compile(r"\((?:uid|cn|sAMAccountName|mail|userPrincipalName|employeeID)=[\w.@ -]+\)", re.IGNORECASE)
CRIPPLES = re.compile(
    r"\brm\s+-\w*[rf]|\bsystemctl\b.*\b(?:stop|disable|mask)\b|\b(?:shutdown|reboot|halt|poweroff)\b|\b(?:kill|killall|pkill|taskkill)\b|\biptables\b.*\b(?:-F|DROP)\b|\b(?:userdel|deluser|usermod\s+-L|passwd\s+-l|net\s+user\b.*/(?:delete|active:no))\b|\bkubectl\s+(?:delete|scale)\b|\bdocker\s+(?:rm|stop|kill)\b|\bsc\s+(?:stop|delete)\b|\bcrontab\s+-r\b",
    re.IGNORECASE,
)
TIMERS = {"threading.Timer": 1, "asyncio.get_event_loop().call_later": 1, "asyncio.get_running_loop().call_later": 1}
WAITS = {"time.sleep", "asyncio.sleep"}
