"""Bandit's plugins and blacklists (read from Bandit 1.9.4), one row each; `rows.read` says how to read them.

The CWEs are ours: Bandit files `eval` under OS command injection and XML under input validation.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from codeguard.knowledge.foreign.rows import by_id, read
from codeguard.model import Category, Rule

# What Bandit itself thinks less of, by the severity and confidence that it gives the finding: a mode that only lets the
# group execute, members that somebody has chosen, a literal command, SQL text that goes to no `execute`.
VARIANTS: Mapping[tuple[str, str, str], str] = {
    ("B103", "MEDIUM", "HIGH"): "B103-executable",
    ("B202", "LOW", "LOW"): "B202-members",
    ("B202", "MEDIUM", "MEDIUM"): "B202-members",
    ("B602", "LOW", "HIGH"): "B602-literal",
    ("B605", "LOW", "HIGH"): "B605-literal",
    ("B608", "MEDIUM", "LOW"): "B608-unexecuted",
}

SECURITY = """
B101            assert-as-check               I/L A 617       `python -O` removes this assertion
B102            exec-call                     H/M S 95,94     `exec` runs any code that its argument holds
B103            world-writable-file           H/H D 732       Every user of the machine may write this file
B103-executable group-executable-file         L/L A 732       The group may run this file
B104            bind-all-interfaces           M/M S 1327,605  The program listens on every network interface
# The next three judge the name of a variable and never its value, which may be a label or empty.
B105            password-in-code              M/L S 798,259   A password may stand in the code
B106            password-argument             M/L A 798,259   A password may be passed as a literal
B107            password-default              M/L S 798,259   A password may be the default of a parameter
B108            fixed-temporary-path          M/L S 377,379   A fixed path in a folder that all users share
B201            flask-debug                   H/H D 489,94    Flask's debugger lets visitors run code
B202            unsafe-extractall             H/M S 22        An archive can write outside of its folder
B202-members    extractall-of-members         M/L A 22        The chosen members of an archive want a check

# Calls of dangerous functions.
B301            pickle-load                   M/M D 502       Unpickling runs code that the data holds
B302            marshal-load                  M/M D 502       `marshal` is not made for data that others send
B303            broken-hash                   M/H D 328,327   This hash function is broken
B304            broken-cipher                 H/H D 327       This cipher is broken
B305            ecb-mode                      H/H D 327       ECB shows which blocks of the plain text repeat
B306            mktemp                        M/H D 377       Another process can take the name first
B307            eval-call                     H/M S 95,94     `eval` runs any code that its argument holds
B308            mark-safe                     M/L A 79        `mark_safe` switches escaping off
B310            urlopen                       M/L A 918       `urlopen` also opens `file:` and private addresses
B311            predictable-random            M/L S 338,330   The numbers of `random` can be predicted
B312            telnet                        H/H D 319       Telnet sends everything in the clear
B313            xml-celementtree              M/L A 611,776   XML from others may expand entities
B314            xml-elementtree               M/L A 611,776   XML from others may expand entities
B315            xml-expatreader               M/L A 611,776   XML from others may expand entities
B316            xml-expatbuilder              M/L A 611,776   XML from others may expand entities
B317            xml-sax                       M/L A 611,776   XML from others may expand entities
B318            xml-minidom                   M/L A 611,776   XML from others may expand entities
B319            xml-pulldom                   M/L A 611,776   XML from others may expand entities
B321            ftp                           M/H D 319       FTP sends passwords and files in the clear
B323            unverified-ssl-context        H/H D 295       Certificates are not checked
# Without `usedforsecurity=False` nobody can tell a checksum from a signature.
B324            weak-hash                     M/M D 328,327   MD5 and SHA-1 are broken wherever security hangs on them

# Imports: that a module is used says nothing about how.
B401            telnetlib-import              L/L A 319       `telnetlib` speaks without encryption
B402            ftplib-import                 L/L A 319       `ftplib` speaks without encryption
B403            pickle-import                 I/L A 502       Code that unpickles must trust its data
B404            subprocess-import             I/L A 78        Code that starts programs wants a look
B405            etree-import                  I/L A 611,776   Code that reads XML must trust its data
B406            sax-import                    I/L A 611,776   Code that reads XML must trust its data
B407            expat-import                  I/L A 611,776   Code that reads XML must trust its data
B408            minidom-import                I/L A 611,776   Code that reads XML must trust its data
B409            pulldom-import                I/L A 611,776   Code that reads XML must trust its data
B411            xmlrpc-import                 L/L A 776,611   XML-RPC reads XML that others send
B412            cgi-proxy-header              L/L A 454       CGI turns a `Proxy` header into a setting
# PyCryptodome, which is maintained, has the same import name.
B413            pycrypto-import               L/L A 1104,327  PyCrypto is abandoned
B415            ipmi-import                   L/L A 319       IPMI is a weak protocol

# Connections and cryptography: the flaw is an argument that can be seen.
B501            no-certificate-check          H/H D 295       Certificates are not checked
B502            old-tls-version               H/H D 327,326   This version of SSL or TLS is broken
B503            old-tls-default               M/M D 327,326   A broken version of SSL or TLS is the default
B504            no-tls-version                M/M D 327,326   Any version of SSL is accepted
B505            short-key                     H/H D 326       The key is too short
B506            unsafe-yaml-load              H/H D 502       `yaml.load` can build any Python object
B507            any-host-key                  H/H D 322,295   SSH accepts the key of any host
B508            old-snmp-version              M/H D 319       SNMP before version 3 has no encryption
B509            snmp-without-encryption       M/H D 319       This SNMP user does not encrypt

# Injection.
B601            paramiko-command              M/L A 78        A command goes to the shell of another host
B602            subprocess-shell              H/M S 78        A shell reads a command that is put together
B602-literal    literal-subprocess-shell      I/L A 78        A shell reads a fixed command
B603            subprocess-call               I/L A 78        A program is started
B604            shell-argument                M/L S 78        `shell=True` goes to a function
B605            shell-command                 H/H D 78        A shell reads a command that is put together
B605-literal    literal-shell-command         I/L A 78        A shell reads a fixed command
B606            process-without-shell         I/L A 78        A program is started
B607            program-from-path             I/L A 426       The program is looked up in PATH
B608            built-sql                     H/M D 89        Values are put into SQL that is executed
B608-unexecuted sql-text                      M/L S 89        Values are put into text that looks like SQL
B609            shell-wildcard                M/M S 155,88    A file's name can become an option
B610            django-extra                  H/M D 89        `extra` takes SQL that is put together
B611            django-rawsql                 H/M D 89        `RawSQL` takes SQL that is put together
B612            logging-listen                M/H D 94        Whoever connects can change the logging
# PyTorch loads weights only since 2.6, so that a bare call is unsafe with older versions alone.
B614            torch-load                    H/M S 502       `torch.load` may run code that the file holds
B615            unpinned-model                M/L S 494,353   The model may be another at the next download

# Templates: many render no HTML, and what goes in may have been escaped before.
B701            jinja-without-autoescape      H/M S 79,116    Jinja does not escape what it renders
B702            mako-template                 M/L S 79,116    Mako does not escape what it renders
B703            mark-safe-value               M/M S 79        A value is marked as safe HTML
B704            markup-value                  M/M S 79        A value becomes HTML without escaping
"""

# A swallowed exception and a missing time limit are mistakes before they are weaknesses.
CORRECTNESS = """
B110            except-pass                   L/M D 390,703   The exception is swallowed
B112            except-continue               L/M D 390,703   The exception is passed over
B113            request-without-timeout       L/H D 1088,400  Without a time limit the request may never end
"""

# Right-to-left marks are legitimate in text; our own check tells them from an attack.
MALICIOUS = """
B613            bidi-control                  H/L S 1007,838  The text may be shown in another order than it runs
"""

TABLES = ((Category.SECURITY, SECURITY), (Category.CORRECTNESS, CORRECTNESS), (Category.MALICIOUS, MALICIOUS))


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule of Bandit's by codeguard's id."""
    return by_id(read("bandit", TABLES))
