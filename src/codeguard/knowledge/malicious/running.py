"""Ways to run something: Python text, shell text, programs, native code; and ways to turn data back into code."""

from __future__ import annotations

import re

from codeguard.knowledge.malicious.gate import Gated

EXEC_CALLS = frozenset(
    {
        "builtins.exec",
        "builtins.eval",
        "builtins.compile",
        "code.InteractiveInterpreter().runsource",
        "code.InteractiveInterpreter().runcode",
        "code.InteractiveConsole().push",
        "types.FunctionType",
        "timeit.timeit",
        "cProfile.run",
        "profile.run",
        "pdb.run",
    }
)
SHELL_TEXT_CALLS = frozenset(
    {
        "os.system",
        "os.popen",
        "subprocess.getoutput",
        "subprocess.getstatusoutput",
        "asyncio.create_subprocess_shell",
        "commands.getoutput",
        "popen2.popen3",
        "pexpect.run",
    }
)
PROCESS_CALLS = frozenset(
    {
        "subprocess.run",
        "subprocess.call",
        "subprocess.Popen",
        "subprocess.check_call",
        "subprocess.check_output",
        "os.execv",
        "os.execve",
        "os.execvp",
        "os.execl",
        "os.execle",
        "os.execlp",
        "os.spawnl",
        "os.spawnv",
        "os.spawnlp",
        "os.spawnvp",
        "os.posix_spawn",
        "os.posix_spawnp",
        "os.startfile",
        "pty.spawn",
        "asyncio.create_subprocess_exec",
        "pexpect.spawn",
        "ctypes.windll.shell32.ShellExecuteW",
        "ctypes.windll.shell32.ShellExecuteA",
        "win32api.WinExec",
        "win32api.ShellExecute",
        "ctypes.CDLL",
        "ctypes.cdll.LoadLibrary",
        "ctypes.WinDLL",
        "runpy.run_path",
        "imp.load_source",
        "importlib.machinery.SourceFileLoader",
        "importlib.util.spec_from_file_location",
    }
)
RUN_CALLS = SHELL_TEXT_CALLS | PROCESS_CALLS

DECODE_CALLS = frozenset(
    {
        "base64.b64decode",
        "base64.b32decode",
        "base64.b16decode",
        "base64.b85decode",
        "base64.a85decode",
        "base64.urlsafe_b64decode",
        "base64.standard_b64decode",
        "base64.decodebytes",
        "base64.decodestring",
        "binascii.unhexlify",
        "binascii.a2b_hex",
        "binascii.a2b_base64",
        "binascii.a2b_uu",
        "builtins.bytes.fromhex",
        "builtins.bytearray.fromhex",
        "zlib.decompress",
        "bz2.decompress",
        "lzma.decompress",
        "gzip.decompress",
        "codecs.decode",
        "marshal.loads",
        "cryptography.fernet.Fernet().decrypt",
        "quopri.decodestring",
    }
)

FETCH_AND_RUN = re.compile(
    r"\b(?:curl|wget|fetch)\b[^|;&\n]*\|\s*(?:sudo\s+)?(?:[\w/]*/)?(?:env\s+)?(?:ba|z|da|k)?sh\b|\b(?:curl|wget)\b[^|\n]*\|\s*(?:sudo\s+)?[\w/]*(?:python|perl|ruby|php|node)"
    r"|\b(?:curl|wget)\b.*?(?:-o|-O|--output|>)\s*(\S+).*?(?:;|&&|\n).*?(?:chmod\s+\S*[x75]\S*\s+\S+|(?:ba)?sh\s+\S+|\./\S+|python\d?\s+\S+)"
    r"|\b(?:ba|z)?sh\s+(?:-c\s+)?[\"']?(?:<\(|\$\(|`)\s*(?:curl|wget)\b|\beval\s+[\"']?(?:\$\(|`)\s*(?:curl|wget)\b"
    r"|\bIEX\b|Invoke-Expression|DownloadString|DownloadFile|Invoke-WebRequest\b.*(?:Start-Process|;\s*\S+\.exe)|certutil\b.*-urlcache|\bmshta\s+https?:"
    r"|bitsadmin\s+/transfer|regsvr32\b.*/i:https?:|python\d?\s+-c\s+.*(?:exec|eval)\s*\(.*(?:urlopen|requests\.|get\()|\bexec\s*\(.{0,40}(?:urlopen|requests\.get)",
    re.IGNORECASE | re.DOTALL,
)
DECODE_AND_RUN = re.compile(
    r"\b(?:powershell|pwsh)\S*\s[^|;]*-e(?:c|nc|nco\w*)?\s+[\"']?[A-Za-z0-9+/=]{6,}|\b(?:base64\s+(?:-\w*d|--decode|-D)|xxd\s+-r|openssl\s+\w+\s+[^|]*-d)\b[^|]*\|\s*(?:sudo\s+)?(?:\S*/)?(?:(?:ba|z|da|k)?sh|python|perl)",
    re.IGNORECASE,
)
SHELL_TO_SOCKET = re.compile(
    r"/dev/(?:tcp|udp)/|\b(?:nc|ncat|netcat)\b[^|;\n]*\s-(?:e|c|[a-z]*e)\b|mkfifo\b.*\b(?:nc|ncat|netcat|openssl|telnet)\b|\bsocat\b.*\bexec\b"
    r"|System\.Net\.Sockets\.TCPClient|\bsocket\b.*\bdup2\b|\bfsockopen\b.*(?:exec|sh)\b|\btelnet\b[^|\n]*\|\s*/?\S*sh\b|\|\s*(?:nc|ncat|netcat)\b[^|]*\|?\s*(?:sh|bash)?$",
    re.IGNORECASE | re.DOTALL,
)
SEND_TOOL = re.compile(
    r"\bcurl\b.*(?:\s-d|--data|\s-F|--form|\s-T|--upload|@-|\$\(|`)|\bwget\b.*--post|\|\s*(?:nc|ncat|netcat|curl)\b|\b(?:nc|ncat)\b.*<|\bscp\b.*@|\bnslookup\b.*[`$]|\bdig\b.*[`$]|\brsync\b.*@",
    re.IGNORECASE | re.DOTALL,
)
ENVIRONMENT_SENT = re.compile(
    r"\b(?:env|printenv|set)\b\s*\|[^|]*.*\b(?:curl|nc|ncat|wget)\b|\$\((?:env|printenv)|`(?:env|printenv)",
    re.IGNORECASE | re.DOTALL,
)
# Names of files that hold pictures, sounds, fonts, tables or the like.
DATA_FILE = re.compile(
    r"[\w.-]+\.(?:dat|data|bin|png|jpe?g|gif|ico|bmp|webp|svg|mp[34]|wav|ogg|ttf|otf|woff2?|css|csv|db|sqlite3?|cache|pem|crt|json|xml|html?|pdf|docx?|xlsx?)$",
    re.IGNORECASE,
)
SHELLS = re.compile(r"(?:^|[/\\])(?:(?:ba|z|da|k|a)?sh|cmd(?:\.exe)?|powershell(?:\.exe)?|pwsh)$", re.IGNORECASE)
INTERPRETERS = re.compile(
    r"(?:^|[/\\])(?:(?:ba|z|da|k)?sh|python[\d.]*w?(?:\.exe)?|perl|ruby|node|cmd(?:\.exe)?|powershell(?:\.exe)?|msiexec|rundll32)$",
    re.IGNORECASE,
)
MINER = Gated(
    re.compile(
        r"stratum\+(?:tcp|ssl|udp)://|\b(?:xmrig|xmr-stak|minerd|cpuminer|cgminer|bfgminer|ethminer|t-rex|nbminer|phoenixminer|lolminer|claymore|minergate)\b"
        r"|--donate-level|--coin[= ]\w*(?:monero|xmr)|\brx/0\b|\brandomx\b|\bcryptonight\b|coinhive|\bmining\.(?:subscribe|authorize|submit)\b",
        re.IGNORECASE,
    ),
    words=(
        "stratum+",
        "xmr",
        "miner",
        "t-rex",
        "claymore",
        "donate-level",
        "--coin",
        "rx/0",
        "randomx",
        "cryptonight",
        "coinhive",
        "mining.",
    ),
    near=True,
)

# What is worth hiding: modules and attributes that run, load or connect.
DANGEROUS_NAMES = frozenset(
    {
        "os", "subprocess", "socket", "builtins", "__builtins__", "ctypes", "marshal", "importlib", "pty", "shutil", "base64", "urllib", "urllib.request",
        "requests", "system", "popen", "exec", "eval", "compile", "__import__", "Popen", "check_output", "check_call", "spawn", "execv", "execve",
        "rmtree", "loads", "urlopen", "b64decode", "import_module", "getattr", "connect", "environ", "startfile", "fork", "dup2",
    }
)  # fmt: skip
DANGEROUS_CALLS = (
    RUN_CALLS
    | EXEC_CALLS
    | frozenset(
        {
            "socket.socket",
            "socket.create_connection",
            "urllib.request.urlopen",
            "marshal.loads",
            "pickle.loads",
            "shutil.rmtree",
            "builtins.__import__",
            "requests.get",
            "requests.post",
        }
    )
)
