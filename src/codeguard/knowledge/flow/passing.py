"""What library calls do to untrusted data on the way: make it safe for kinds of sink, type it, hand it on.

Sources: Python's library reference; the documentation of markupsafe, bleach, werkzeug, shlex, ldap3, psycopg.
"""

from __future__ import annotations

from codeguard.knowledge.flow.model import ALL_KINDS, NUMBER_SAFE, Call

HTML = frozenset({"html", "xml"})
PATH = frozenset({"path"})
NAME = frozenset({"path", "upload"})
URL = frozenset({"ssrf", "redirect", "html", "header", "log", "shell", "path", "xpath", "ldap"})


def _clean(kinds: frozenset[str], *names: str, returns: str | None = "builtins.str", passes: tuple[int | str, ...] | None = None) -> dict[str, Call]:
    return {name: Call(returns=returns, cleans=kinds, passes=passes) for name in names}


CALLS: dict[str, Call] = {
    **_clean(NUMBER_SAFE, "builtins.int", "builtins.float", "builtins.complex", returns="builtins.int"),
    **_clean(NUMBER_SAFE, "uuid.UUID", "decimal.Decimal", "fractions.Fraction", "datetime.datetime.strptime",
             "datetime.datetime.fromisoformat", "datetime.date.fromisoformat", "ipaddress.ip_address", "ipaddress.ip_network",
             "ipaddress.IPv4Address", "ipaddress.IPv6Address", "dateutil.parser.parse", "builtins.hex", "builtins.oct",
             "builtins.bin", "builtins.ord", "builtins.round", "builtins.abs"),
    **_clean(ALL_KINDS, "builtins.bool", "builtins.len", "builtins.isinstance", "builtins.hash", "builtins.id",
             "builtins.callable", "builtins.issubclass", "os.path.exists", "os.path.isfile", "os.path.isdir", "os.path.getsize",
             "?.count", "?.find", "?.index", "?.isdigit", "?.exists", "?.is_file", "?.is_dir", "hmac.compare_digest",
             "secrets.compare_digest", returns="builtins.bool"),
    **_clean(ALL_KINDS, "hashlib.md5().hexdigest", "hashlib.sha1().hexdigest", "hashlib.sha256().hexdigest",
             "hashlib.sha512().hexdigest", "?.hexdigest", "?.digest", "uuid.uuid5", "uuid.uuid3", "werkzeug.security.generate_password_hash",
             "bcrypt.hashpw", "zlib.crc32", "binascii.crc32", "ast.literal_eval_"),
    **_clean(HTML, "html.escape", "markupsafe.escape", "flask.escape", "cgi.escape", "bleach.clean", "bleach.linkify",
             "xml.sax.saxutils.escape", "xml.sax.saxutils.quoteattr", "django.utils.html.escape",
             "django.utils.html.conditional_escape", "django.utils.html.strip_tags", "nh3.clean", "jinja2.escape",
             "django.utils.html.format_html", "tornado.escape.xhtml_escape", "werkzeug.utils.escape", "escape",
             "helpers.utils.escape_for_html", "lxml.html.clean.clean_html", "markdown2.markdown_"),
    **_clean(frozenset({"shell", "argv"}), "shlex.quote", "pipes.quote", "shlex.join", "subprocess.list2cmdline"),
    **_clean(URL, "urllib.parse.quote", "urllib.parse.quote_plus", "urllib.parse.urlencode", "urllib.quote", "urllib.quote_plus",
             "urllib.urlencode", "django.utils.http.urlquote", "werkzeug.urls.url_quote", "requests.utils.quote"),
    **_clean(NAME, "werkzeug.utils.secure_filename", "os.path.basename", "ntpath.basename", "posixpath.basename",
             "django.utils.text.get_valid_filename", "pathvalidate.sanitize_filename", "secure_filename"),
    **_clean(PATH | NAME, "werkzeug.utils.safe_join", "werkzeug.security.safe_join", "flask.safe_join",
             "django.utils._os.safe_join"),
    **_clean(frozenset({"ldap"}), "ldap.filter.escape_filter_chars", "ldap.dn.escape_dn_chars",
             "ldap3.utils.conv.escape_filter_chars", "ldap3.utils.dn.escape_rdn"),
    **_clean(frozenset({"regex"}), "re.escape", "regex.escape"),
    **_clean(frozenset({"sql"}), "psycopg2.extensions.quote_ident", "psycopg2.sql.Identifier", "psycopg.sql.Identifier",
             "psycopg2.sql.Literal", "psycopg.sql.Literal", "psycopg2.sql.Placeholder", "pymysql.converters.escape_string",
             "MySQLdb.escape_string", "?.mogrify", "?.escape_string", "?.quote_name", "?.literal_processor", returns=None),
    **_clean(frozenset({"log", "header", "mail", "code", "html"}), "builtins.repr", "builtins.ascii"),
    **_clean(frozenset({"html", "log", "header"}), "base64.b64encode", "base64.urlsafe_b64encode", "binascii.hexlify"),
    **_clean(frozenset({"code", "log", "header", "sql", "deser"}), "json.dumps", "flask.jsonify", "simplejson.dumps", "orjson.dumps"),
    # the text of a constant-only parser: what it returns is plain data
    "ast.literal_eval": Call(cleans=frozenset({"code", "deser"})),
    "json.loads": Call(cleans=frozenset({"deser", "code"})),
    "yaml.safe_load": Call(cleans=frozenset({"deser"})),
    # what they return is not what went in
    "builtins.print": Call(passes=()),
    "builtins.open": Call(passes=(), returns="<file>"),
    "builtins.range": Call(cleans=NUMBER_SAFE),
    "subprocess.run": Call(passes=(), returns="subprocess.CompletedProcess"),
    "subprocess.check_output": Call(passes=(), returns="builtins.bytes"),
    "subprocess.Popen": Call(passes=(), returns="subprocess.Popen"),
    "os.listdir": Call(passes=(), returns="builtins.list"),
    "os.system": Call(passes=(), returns="builtins.int"),
    "os.path.splitext": Call(keeps=False),
    "sqlite3.connect": Call(passes=(), returns="sqlite3.Connection"),
    "flask.render_template": Call(cleans=HTML),
    "django.shortcuts.render": Call(cleans=HTML),
    "flask.url_for": Call(passes=(), returns="builtins.str"),
    "django.urls.reverse": Call(passes=(), returns="builtins.str"),
    "lxml.etree.XMLParser": Call(passes=()),
    "builtins.str": Call(returns="builtins.str", keeps=True),
    "os.fspath": Call(keeps=True),
    "socket.gethostbyname": Call(keeps=True),
    "?.items": Call(),
    "?.execute": Call(passes=()),
    "?.executemany": Call(passes=()),
    "?.fetchone": Call(passes=()),
    "?.fetchall": Call(passes=()),
    "?.cursor": Call(passes=()),
    "?.commit": Call(passes=()),
    "?.filter_by": Call(passes=()),
    "?.quote": Call(),
}

FIELDS: dict[str, Call] = {
    "hostname": Call(keeps=True),
    "netloc": Call(keeps=True),
    "scheme": Call(),
    "name": Call(),
    "stem": Call(cleans=NAME),
    "is_private": Call(keeps=True),
    "size": Call(),
    "suffix": Call(cleans=PATH),
}
