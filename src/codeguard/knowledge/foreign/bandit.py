"""Bandit's plugins and blacklists (read from Bandit 1.9.4), one row each.

The CWE is ours: Bandit files `eval` under OS command injection and XML under input validation.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from codeguard.knowledge.foreign.row import Row, rules_of
from codeguard.model import Category, Profile, Rule

SECURITY, CORRECTNESS, MALICIOUS = Category.SECURITY, Category.CORRECTNESS, Category.MALICIOUS
DEFAULT, STRICT, AUDIT = Profile.DEFAULT, Profile.STRICT, Profile.AUDIT

# What Bandit itself thinks less of, by the severity and confidence that it gives the finding: a literal command, a mode
# that only lets the group execute, members that somebody has chosen, SQL text that goes to no `execute`.
VARIANTS: Mapping[tuple[str, str, str], str] = {
    ("B103", "MEDIUM", "HIGH"): "B103-executable",
    ("B202", "LOW", "LOW"): "B202-members",
    ("B202", "MEDIUM", "MEDIUM"): "B202-members",
    ("B602", "LOW", "HIGH"): "B602-literal",
    ("B605", "LOW", "HIGH"): "B605-literal",
    ("B608", "MEDIUM", "LOW"): "B608-unexecuted",
}

ROWS = (
    # Single statements and literals.
    Row("B101", "assert-as-check", SECURITY, "info/low", AUDIT, (617,), "`python -O` removes this assertion"),
    Row("B102", "exec-call", SECURITY, "high/medium", STRICT, (95, 94), "`exec` runs any code that its argument holds"),
    Row("B103", "permissive-file-mode", SECURITY, "high/high", DEFAULT, (732,), "Everybody may write this file"),
    Row("B103-executable", "group-executable-file", SECURITY, "low/low", AUDIT, (732,), "The group may run this file"),
    Row("B104", "bind-all-interfaces", SECURITY, "medium/medium", STRICT, (1327, 605), "Listens on every interface"),
    # These three judge the name of a variable and never look at the value, which may be a label or empty.
    Row("B105", "password-in-code", SECURITY, "medium/low", STRICT, (798, 259), "A password may stand in the code"),
    Row("B106", "password-argument", SECURITY, "medium/low", AUDIT, (798, 259), "A password may be passed as a literal"),
    Row("B107", "password-default", SECURITY, "medium/low", STRICT, (798, 259), "A password may be a default value"),
    Row("B108", "fixed-temporary-path", SECURITY, "medium/low", STRICT, (377, 379), "A fixed path in a shared folder"),
    # A swallowed exception is a mistake before it is a weakness, and no measure of security.
    Row("B110", "except-pass", CORRECTNESS, "low/medium", DEFAULT, (390, 703), "The exception is swallowed"),
    Row("B112", "except-continue", CORRECTNESS, "low/medium", DEFAULT, (390, 703), "The exception is skipped over"),
    Row("B113", "request-without-timeout", CORRECTNESS, "low/high", DEFAULT, (1088, 400), "This request may never end"),
    Row("B201", "flask-debug", SECURITY, "high/high", DEFAULT, (489, 94), "Flask's debugger lets visitors run code"),
    Row("B202", "unsafe-extractall", SECURITY, "high/medium", STRICT, (22,), "An archive can write outside its folder"),
    Row("B202-members", "extractall-of-members", SECURITY, "medium/low", AUDIT, (22,), "Archive members need a check"),
    # Calls of dangerous functions.
    Row("B301", "pickle-load", SECURITY, "high/medium", DEFAULT, (502,), "Unpickling runs code that the data holds"),
    Row("B302", "marshal-load", SECURITY, "high/medium", DEFAULT, (502,), "`marshal` is unsafe with foreign data"),
    Row("B303", "broken-hash", SECURITY, "medium/high", DEFAULT, (328, 327), "This hash function is broken"),
    Row("B304", "broken-cipher", SECURITY, "high/high", DEFAULT, (327,), "This cipher is broken"),
    Row("B305", "ecb-mode", SECURITY, "high/high", DEFAULT, (327,), "ECB shows which blocks of the plain text repeat"),
    Row("B306", "mktemp", SECURITY, "medium/high", DEFAULT, (377,), "Another process can take the name first"),
    Row("B307", "eval-call", SECURITY, "high/medium", STRICT, (95, 94), "`eval` runs any code that its argument holds"),
    Row("B308", "mark-safe", SECURITY, "medium/low", AUDIT, (79,), "`mark_safe` switches escaping off", ("bandit:B703",)),
    Row("B310", "urlopen", SECURITY, "medium/low", AUDIT, (918,), "`urlopen` also opens `file:` and private addresses"),
    Row("B311", "random-not-secret", SECURITY, "medium/low", STRICT, (338, 330), "`random` can be predicted"),
    Row("B312", "telnet", SECURITY, "high/high", DEFAULT, (319,), "Telnet sends everything in the clear"),
    Row("B313", "xml-celementtree", SECURITY, "medium/low", AUDIT, (611, 776), "Foreign XML may expand its entities"),
    Row("B314", "xml-elementtree", SECURITY, "medium/low", AUDIT, (611, 776), "Foreign XML may expand its entities"),
    Row("B315", "xml-expatreader", SECURITY, "medium/low", AUDIT, (611, 776), "Foreign XML may expand its entities"),
    Row("B316", "xml-expatbuilder", SECURITY, "medium/low", AUDIT, (611, 776), "Foreign XML may expand its entities"),
    Row("B317", "xml-sax", SECURITY, "medium/low", AUDIT, (611, 776), "Foreign XML may expand its entities"),
    Row("B318", "xml-minidom", SECURITY, "medium/low", AUDIT, (611, 776), "Foreign XML may expand its entities"),
    Row("B319", "xml-pulldom", SECURITY, "medium/low", AUDIT, (611, 776), "Foreign XML may expand its entities"),
    Row("B321", "ftp", SECURITY, "high/high", DEFAULT, (319,), "FTP sends passwords and files in the clear"),
    Row("B323", "unverified-ssl-context", SECURITY, "high/high", DEFAULT, (295,), "Certificates are not checked"),
    # Without `usedforsecurity=False` nobody can tell a checksum from a signature; most such calls are worth the flag.
    Row("B324", "weak-hash", SECURITY, "medium/medium", DEFAULT, (328, 327), "MD5 and SHA-1 are broken for security"),
    # Imports: that a module is used says nothing about how.
    Row("B401", "telnetlib-import", SECURITY, "low/low", AUDIT, (319,), "`telnetlib` speaks without encryption"),
    Row("B402", "ftplib-import", SECURITY, "low/low", AUDIT, (319,), "`ftplib` speaks without encryption"),
    Row("B403", "pickle-import", SECURITY, "info/low", AUDIT, (502,), "Code that unpickles must trust its data"),
    Row("B404", "subprocess-import", SECURITY, "info/low", AUDIT, (78,), "Code that starts programs wants a look"),
    Row("B405", "etree-import", SECURITY, "info/low", AUDIT, (611, 776), "Code that reads XML must trust its data"),
    Row("B406", "sax-import", SECURITY, "info/low", AUDIT, (611, 776), "Code that reads XML must trust its data"),
    Row("B407", "expat-import", SECURITY, "info/low", AUDIT, (611, 776), "Code that reads XML must trust its data"),
    Row("B408", "minidom-import", SECURITY, "info/low", AUDIT, (611, 776), "Code that reads XML must trust its data"),
    Row("B409", "pulldom-import", SECURITY, "info/low", AUDIT, (611, 776), "Code that reads XML must trust its data"),
    Row("B411", "xmlrpc-import", SECURITY, "low/low", AUDIT, (776, 611), "XML-RPC reads XML that others send"),
    Row("B412", "cgi-proxy-header", SECURITY, "low/low", AUDIT, (454,), "CGI turns a `Proxy` header into a setting"),
    # PyCryptodome, which is kept, has the same import name.
    Row("B413", "pycrypto-import", SECURITY, "low/low", AUDIT, (1104, 327), "PyCrypto is abandoned"),
    Row("B415", "ipmi-import", SECURITY, "low/low", AUDIT, (319,), "IPMI is a weak protocol"),
    # Connections and cryptography: the flaw is an argument that can be seen.
    Row("B501", "no-certificate-check", SECURITY, "high/high", DEFAULT, (295,), "Certificates are not checked"),
    Row("B502", "old-tls-version", SECURITY, "high/high", DEFAULT, (327, 326), "This version of SSL or TLS is broken"),
    Row("B503", "old-tls-default", SECURITY, "high/high", DEFAULT, (327, 326), "The default version of TLS is broken"),
    Row("B504", "no-tls-version", SECURITY, "medium/medium", DEFAULT, (327, 326), "Any version of SSL is accepted"),
    Row("B505", "short-key", SECURITY, "high/high", DEFAULT, (326,), "The key is too short"),
    Row("B506", "unsafe-yaml-load", SECURITY, "high/high", DEFAULT, (502,), "`yaml.load` can build any Python object"),
    Row("B507", "any-host-key", SECURITY, "high/high", DEFAULT, (322, 295), "SSH accepts the key of any host"),
    Row("B508", "old-snmp-version", SECURITY, "medium/high", DEFAULT, (319,), "SNMP before version 3 has no encryption"),
    Row("B509", "snmp-without-encryption", SECURITY, "medium/high", DEFAULT, (319,), "SNMP without encryption"),
    # Injection.
    Row("B601", "paramiko-command", SECURITY, "medium/low", AUDIT, (78,), "A command goes to another host's shell"),
    Row("B602", "subprocess-shell", SECURITY, "high/medium", STRICT, (78,), "A shell reads this command"),
    Row("B602-literal", "literal-subprocess-shell", SECURITY, "info/low", AUDIT, (78,), "A shell reads a fixed command"),
    Row("B603", "subprocess-call", SECURITY, "info/low", AUDIT, (78,), "A program is started"),
    Row("B604", "shell-argument", SECURITY, "medium/low", STRICT, (78,), "`shell=True` goes to a function"),
    Row("B605", "shell-command", SECURITY, "high/high", DEFAULT, (78,), "A shell reads a command that is put together"),
    Row("B605-literal", "literal-shell-command", SECURITY, "info/low", AUDIT, (78,), "A shell reads a fixed command"),
    Row("B606", "process-without-shell", SECURITY, "info/low", AUDIT, (78,), "A program is started"),
    Row("B607", "relative-program", SECURITY, "info/low", AUDIT, (426,), "The program is looked up in PATH"),
    Row("B608", "built-sql", SECURITY, "high/medium", DEFAULT, (89,), "Values are put into SQL that is executed"),
    Row("B608-unexecuted", "sql-text", SECURITY, "medium/low", STRICT, (89,), "Values are put into text that looks like SQL"),
    Row("B609", "shell-wildcard", SECURITY, "medium/medium", STRICT, (155, 88), "File names can become options"),
    Row("B610", "django-extra", SECURITY, "high/medium", DEFAULT, (89,), "`extra` takes SQL that is put together"),
    Row("B611", "django-rawsql", SECURITY, "high/medium", DEFAULT, (89,), "`RawSQL` takes SQL that is put together"),
    Row("B612", "logging-listen", SECURITY, "medium/high", DEFAULT, (94,), "Anybody who connects can change the logging"),
    # Right-to-left marks are legitimate in text; our own check tells them from an attack.
    Row("B613", "bidi-control", MALICIOUS, "high/low", STRICT, (1007, 838), "Text may show in another order than it runs"),
    # PyTorch loads weights only since 2.6, so a bare call is unsafe with older versions alone.
    Row("B614", "torch-load", SECURITY, "high/medium", STRICT, (502,), "`torch.load` may run code that the file holds"),
    Row("B615", "unpinned-model", SECURITY, "medium/low", STRICT, (494, 353), "The model may change between downloads"),
    # Templates: many render no HTML, and what goes in may have been escaped before.
    Row("B701", "jinja-without-autoescape", SECURITY, "high/medium", STRICT, (79, 116), "Jinja does not escape values"),
    Row("B702", "mako-template", SECURITY, "medium/low", STRICT, (79, 116), "Mako does not escape values"),
    Row("B703", "mark-safe-value", SECURITY, "medium/medium", STRICT, (79,), "A value is marked as safe HTML"),
    Row("B704", "markup-value", SECURITY, "medium/medium", STRICT, (79,), "A value becomes HTML without escaping"),
)


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule of Bandit's by codeguard's id."""
    return rules_of("bandit", ROWS)
