"""How protections are switched off: arguments, settings and calls, with what follows.

Sources: the documentation of requests, httpx, ssl, PyJWT, Flask, Django, paramiko and hashlib.
"""

from __future__ import annotations

import re

_OFF = "switches off the verification of certificates"
_CSRF = "switches off the protection against forged requests"
KEYWORDS = {
    ("verify", "False"): _OFF,
    ("verify_ssl", "False"): _OFF,
    ("ssl", "False"): _OFF,
    ("check_hostname", "False"): "switches off the check of the host's name",
    ("cert_reqs", "CERT_NONE"): _OFF,
    ("cert_reqs", "none"): _OFF,
    ("assert_hostname", "False"): "switches off the check of the host's name",
    ("verify_signature", "False"): "switches off the check of the signature",
    ("verify_exp", "False"): "accepts expired tokens",
    ("algorithms", "[none]"): "accepts unsigned tokens",
    ("autoescape", "False"): "switches off the escaping of HTML",
    ("httponly", "False"): "shows the cookie to scripts",
    ("secure", "False"): "sends the cookie over unprotected connections",
    ("iterations", "1"): "derives the key with a single round",
    ("rounds", "1"): "derives the key with a single round",
    ("Loader", "UnsafeLoader"): "builds any Python object that the text asks for",
    ("Loader", "Loader"): "builds any Python object that the text asks for",
    ("shell", "True"): "hands the text to a shell",
    ("debug", "True"): "shows the program's inner state to everybody",
    ("allow_pickle", "True"): "runs code that the file holds",
    ("algorithm", "none"): "signs nothing",
    ("safe_mode", "False"): "lets a model file run code",
    ("trust_remote_code", "True"): "runs code that a remote repository holds",
    ("weights_only", "False"): "lets a model file run code",
}
SETTINGS = {
    ("verify", "False"): _OFF,
    ("check_hostname", "False"): "switches off the check of the host's name",
    ("verify_mode", "CERT_NONE"): _OFF,
    ("_create_default_https_context", "_create_unverified_context"): _OFF,
    ("verify_signature", "False"): "switches off the check of the signature",
    ("verify_exp", "False"): "accepts expired tokens",
    ("verify_aud", "False"): "accepts tokens made for others",
    ("WTF_CSRF_ENABLED", "False"): _CSRF,
    ("CSRF_COOKIE_SECURE", "False"): "sends the cookie over unprotected connections",
    ("SESSION_COOKIE_SECURE", "False"): "sends the cookie over unprotected connections",
    ("SESSION_COOKIE_HTTPONLY", "False"): "shows the cookie to scripts",
    ("SECURE_SSL_REDIRECT", "False"): "accepts unprotected connections",
    ("ALLOWED_HOSTS", "[*]"): "accepts any host name",
    ("CORS_ALLOW_ALL_ORIGINS", "True"): "lets any site read the answers",
    ("DEBUG", "True"): "shows the program's inner state to everybody",
}
CALLS = {
    "pickle.loads": "runs code that the data holds",
    "dill.loads": "runs code that the data holds",
    "yaml.unsafe_load": "builds any Python object that the text asks for",
    "ssl._create_default_https_context": _OFF,
    "Crypto.Cipher.Blowfish.new": "encrypts with a broken cipher",
    "Crypto.Cipher.DES3.new": "encrypts with a broken cipher",
    "cryptography.hazmat.primitives.ciphers.algorithms.ARC4": "encrypts with a broken cipher",
    "cryptography.hazmat.primitives.ciphers.algorithms.TripleDES": "encrypts with a broken cipher",
    "cryptography.hazmat.primitives.hashes.MD5": "makes a digest that can be forged",
    "cryptography.hazmat.primitives.hashes.SHA1": "makes a digest that can be forged",
    "random.randbytes": "is predictable",
    "random.randrange": "is predictable",
    "random.sample": "is predictable",
    "ssl._create_unverified_context": _OFF,
    "urllib3.disable_warnings": "hides that certificates are not verified",
    "paramiko.AutoAddPolicy": "accepts any host key",
    "paramiko.WarningPolicy": "accepts any host key",
    "hashlib.md5": "makes a digest that can be forged",
    "hashlib.sha1": "makes a digest that can be forged",
    "Crypto.Cipher.DES.new": "encrypts with a broken cipher",
    "Crypto.Cipher.ARC4.new": "encrypts with a broken cipher",
    "cryptography.hazmat.primitives.ciphers.modes.ECB": "shows which blocks are equal",
    "random.random": "is predictable",
    "random.choice": "is predictable",
    "random.choices": "is predictable",
    "random.randint": "is predictable",
    "random.getrandbits": "is predictable",
    "tempfile.mktemp": "lets others take the file's place",
    "markupsafe.Markup": "switches off the escaping of HTML",
    "django.utils.safestring.mark_safe": "switches off the escaping of HTML",
}
DIGESTS = frozenset(
    {
        "hashlib.md5",
        "hashlib.sha1",
        "hashlib.sha256",
        "hashlib.sha512",
        "hashlib.blake2b",
        "base64.b64encode",
        "base64.urlsafe_b64encode",
    }
)
DRAWS = frozenset({"random", "randint", "getrandbits", "choice", "choices", "randrange", "randbytes", "uniform"})
WORTH_A_LOOK = re.compile(
    r"verify|check_hostname|CERT_NONE|_unverified_|UnsafeLoader|\bLoader=|shell=True|allow_pickle|pickle\.load|unsafe_load|extractall|PROTOCOL_|NULL|debug=True|DES3|Blowfish|MODE_ECB|modes\.|AESGCM|ChaCha20|pbkdf2|PBKDF2|0\.0\.0\.0|disable_warnings|AutoAddPolicy|md5|sha1|\bDES\b|ARC4|ECB|random\.|mktemp|Markup|mark_safe|csrf|CSRF|COOKIE|cookie|ALLOWED_HOSTS|DEBUG|chmod|return True|return .*==|iterations|rounds|none|trust_remote_code|weights_only|safe_mode|autoescape|CORS|SSL|ssl"
)
PROTECTION = re.compile(
    r"certificat|TLS|SSL|signature|verif|hash|token|password|csrf|escap|random|encrypt|secur|auth|valid", re.IGNORECASE
)
DIRECTIVE = re.compile(r"#\s*(?:nosec|noqa|nosem|type:|pylint|pragma)", re.IGNORECASE)
