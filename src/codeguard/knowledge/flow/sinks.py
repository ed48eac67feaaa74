"""Where untrusted data must not go, by subject; each row names the CWE, the most specific first.

Sources: MITRE's CWE entries named in the rows; the documentation of the libraries.
"""

# ruff: noqa: RUF005  # rows of a table

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from codeguard.knowledge.flow.model import Call, Sink

Row = tuple[tuple[str, ...], Sink]

_SQL = Sink("sql", (89,), (0, "sql", "query", "operation", "statement"), when="database", min_trust=2)
SQL: tuple[Row, ...] = (
    (("?.execute", "?.executemany", "?.executescript", "?.raw", "?.execute_sql", "?.execute_query", "?.fetch", "?.fetchrow",
      "?.fetchval"), _SQL),
    (("sqlalchemy.text", "sqlalchemy.sql.text", "sqlalchemy.sql.expression.text", "django.db.models.expressions.RawSQL",
      "pandas.read_sql", "pandas.read_sql_query", "sqlalchemy.literal_column", "peewee.SQL", "peewee.RawQuery",
      "django.db.connection.cursor().execute", "sqlite3.connect().execute", "sqlite3.connect().cursor().execute"),
     Sink("sql", (89,), (0, "sql", "query", "text"), min_trust=2)),
    (("?.extra",), Sink("sql", (89,), ("where", "select", "tables", "order_by"), min_trust=2)),
)  # fmt: skip

COMMANDS: tuple[Row, ...] = (
    (("os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput", "commands.getoutput",
      "commands.getstatusoutput", "os.popen2", "os.popen3", "asyncio.create_subprocess_shell", "popen2.popen2",
      "platform.popen"),
     Sink("shell", (78,), (0, "cmd", "command"))),
    (("subprocess.run", "subprocess.call", "subprocess.Popen", "subprocess.check_output", "subprocess.check_call",
      # without their import, in a piece of code: only one function of these names takes `shell`
      "run", "call", "Popen", "check_output", "check_call"),
     Sink("shell", (78,), (0, "args"), when="shell")),
    (("system", "popen", "getoutput", "getstatusoutput"), Sink("shell", (78,), (0, "cmd", "command"))),
    (("subprocess.run", "subprocess.call", "subprocess.Popen", "subprocess.check_output", "subprocess.check_call",
      "asyncio.create_subprocess_exec"),
     Sink("shell", (78,), (0, "args"), when="no_shell", part="shell", min_trust=2)),
    (("os.execl", "os.execle", "os.execlp", "os.execv", "os.execve", "os.execvp", "os.execvpe", "os.spawnl", "os.spawnv",
      "os.spawnlp", "os.spawnvp", "os.posix_spawn", "os.startfile"),
     Sink("shell", (78,), ("*",))),
    (("?.exec_command",), Sink("shell", (78,), (0, "command"))),
    (("fabric.api.run", "fabric.api.sudo", "fabric.api.local", "invoke.run", "sh.bash"), Sink("shell", (78,), (0, "command"))),
)  # fmt: skip

_PATH = Sink("path", (22,), (0, "file", "path", "filename", "name"), min_trust=2)
PATHS: tuple[Row, ...] = (
    (("builtins.open", "io.open", "codecs.open", "os.open", "aiofiles.open", "gzip.open", "bz2.open", "lzma.open", "tarfile.open",
      "zipfile.ZipFile", "flask.send_file", "flask.helpers.send_file", "django.http.FileResponse", "starlette.responses.FileResponse",
      "fastapi.responses.FileResponse", "os.remove", "os.unlink", "os.rmdir", "os.removedirs", "os.mkdir", "os.makedirs",
      "os.listdir", "os.scandir", "os.chmod", "os.chown", "shutil.rmtree", "builtins.file", "pandas.read_csv", "numpy.load", "joblib.load",
      "aiohttp.web.FileResponse", "linecache.getlines", "fileinput.input", "shelve.open", "os.walk",
      "os.truncate", "os.mkfifo", "os.readlink", "PIL.Image.open", "cv2.imread", "sanic.response.file"), _PATH),
    (("os.rename", "os.replace", "shutil.copy", "shutil.copyfile", "shutil.copy2", "shutil.move", "shutil.copytree", "os.link",
      "os.symlink"), Sink("path", (22,), ("*",), min_trust=2)),
    (("pathlib.Path().open", "pathlib.Path().read_text", "pathlib.Path().read_bytes", "pathlib.Path().write_text",
      "pathlib.Path().write_bytes", "pathlib.Path().unlink", "pathlib.Path().mkdir", "pathlib.Path().rmdir",
      "<resolved path>().open", "<resolved path>().read_text", "<resolved path>().read_bytes", "<resolved path>().write_text",
      "<resolved path>().write_bytes", "<resolved path>().unlink", "?.read_text", "?.read_bytes", "?.write_bytes",
      "?.write_text"), Sink("path", (22,), receiver=True, min_trust=2)),
    (("os.path.exists", "os.path.isfile", "os.path.isdir", "os.path.getsize"), Sink("path", (22,), (0, "path"), when="below", min_trust=1)),
    (("pathlib.Path().exists", "pathlib.Path().is_file", "pathlib.Path().is_dir", "pathlib.Path().stat"),
     Sink("path", (22,), receiver=True, when="below", min_trust=1)),
    (("?.save",), Sink("path", (22, 434), (0, "dst"), min_trust=0)),
    (("tarfile.open().extract", "tarfile.TarFile().extract", "tarfile.TarFile.open().extract"),
     Sink("path", (22,), (0, "member"), when="no_filter", part="member", min_trust=1)),
    (("?.get_contents_to_filename", "?.download_to_filename"), Sink("path", (22,), (0, "filename"), min_trust=1)),
    (("flask.send_from_directory",), Sink("path", (22,), (0, "directory"))),
)  # fmt: skip

CODE: tuple[Row, ...] = (
    (("builtins.eval", "builtins.exec", "builtins.compile", "builtins.execfile", "code.InteractiveInterpreter().runsource",
      "code.InteractiveInterpreter().runcode", "timeit.timeit", "timeit.repeat", "cProfile.run", "profile.run", "pdb.run",
      "bdb.Bdb().run", "pandas.eval", "numexpr.evaluate", "codeop.compile_command"),
     Sink("code", (95, 94), (0, "source", "expression", "stmt", "expr"))),
    (tuple(f"{frame}().{method}" for frame in ("pandas.DataFrame", "pandas.read_csv", "pandas.read_sql") for method in ("eval", "query")),
     Sink("code", (95, 94), (0, "expr"))),
    (("builtins.__import__", "importlib.import_module", "runpy.run_path", "runpy.run_module", "imp.load_source", "imp.load_module"),
     Sink("reflect", (470,), (0, "name"))),
    (("builtins.getattr",), Sink("reflect", (470,), (1, "name"), min_trust=0)),
)  # fmt: skip

TEMPLATES: tuple[Row, ...] = (
    (("flask.render_template_string", "jinja2.Template", "mako.template.Template", "django.template.Template",
      "jinja2.Environment().from_string", "<raw environment>().from_string", "tornado.template.Template", "bottle.template", "bottle.SimpleTemplate", "chevron.render", "pystache.render", "Cheetah.Template.Template"),
     Sink("template", (1336, 94), (0, "source", "text", "template_string"))),
    (("?.from_string",), Sink("template", (1336, 94), (0, "source"), when="not_sandboxed")),
)  # fmt: skip

PAGES: tuple[Row, ...] = (
    (("flask.make_response", "flask.Response", "django.http.HttpResponse", "django.http.HttpResponseBadRequest",
      "django.http.HttpResponseNotFound", "django.http.response.HttpResponse", "starlette.responses.HTMLResponse",
      "fastapi.responses.HTMLResponse", "aiohttp.web.Response", "sanic.response.html", "werkzeug.wrappers.Response",
      "bottle.HTTPResponse", "webob.Response", "quart.Response"),
     Sink("html", (79,), (0, "content", "response", "text", "body"), when="not_json", part="page", min_trust=1)),
    (("markupsafe.Markup", "flask.Markup", "jinja2.Markup", "django.utils.safestring.mark_safe", "django.utils.safestring.SafeString",
      "django.utils.html.mark_safe", "jinja2.utils.markupsafe.Markup"),
     Sink("html", (79,), (0, "s", "base"))),
    (("<raw template>().render",), Sink("html", (79,), ("*",), min_trust=0)),
    (("tornado.web.RequestHandler().write",), Sink("html", (79,), (0, "chunk"))),
    (("<return>",), Sink("html", (79,), (0,), min_trust=0)),
)  # fmt: skip

DESERIALISERS: tuple[Row, ...] = (
    (("pickle.loads", "pickle.load", "cPickle.loads", "cPickle.load", "_pickle.loads", "dill.loads", "dill.load", "cloudpickle.loads",
      "cloudpickle.load", "pickle.Unpickler", "marshal.loads", "marshal.load", "jsonpickle.decode", "jsonpickle.loads", "joblib.load",
      "pandas.read_pickle", "shelve.open", "dill.Unpickler", "pickle._loads"),
     Sink("deser", (502,), (0, "data", "file", "string", "filename"), min_trust=2)),
    (("yaml.load", "yaml.load_all"), Sink("deser", (502,), (0, "stream"), when="unsafe_yaml", min_trust=2)),
    (("yaml.unsafe_load", "yaml.full_load", "yaml.unsafe_load_all", "yaml.full_load_all"), Sink("deser", (502,), (0, "stream"), min_trust=2)),
    (("torch.load",), Sink("deser", (502,), (0, "f"), when="weights", min_trust=2)),
    (("numpy.load",), Sink("deser", (502,), (0, "file"), when="pickled", min_trust=2)),
)  # fmt: skip

_URL = Sink("ssrf", (918,), (0, "url"), part="start", min_trust=1)
REQUESTS: tuple[Row, ...] = (
    (tuple(f"{m}.{v}" for m in ("requests", "httpx") for v in ("get", "post", "put", "patch", "delete", "head", "options", "stream"))
     + ("urllib.request.urlopen", "urllib2.urlopen", "urllib.urlopen", "urllib.request.urlretrieve", "urllib.request.Request", "feedparser.parse"), _URL),
    (("requests.request", "httpx.request", "requests.Session().request", "httpx.Client().request"),
     Sink("ssrf", (918,), (1, "url"), part="start", min_trust=1)),
    (tuple(f"{t}().{v}" for t in ("requests.Session", "httpx.Client", "httpx.AsyncClient", "aiohttp.ClientSession", "requests.session")
           for v in ("get", "post", "put", "patch", "delete", "head", "options")), _URL),
    (("http.client.HTTPConnection", "http.client.HTTPSConnection"),
     Sink("ssrf", (918,), (0, "host"), part="start", min_trust=1)),
)  # fmt: skip

REDIRECTS: tuple[Row, ...] = (
    (("flask.redirect", "django.shortcuts.redirect", "django.http.HttpResponseRedirect", "django.http.HttpResponsePermanentRedirect",
      "starlette.responses.RedirectResponse", "fastapi.responses.RedirectResponse", "werkzeug.utils.redirect", "bottle.redirect",
      "sanic.response.redirect", "aiohttp.web.HTTPFound", "quart.redirect", "django.http.response.HttpResponseRedirect"),
     Sink("redirect", (601,), (0, "location", "to", "redirect_to", "url"), part="start", min_trust=1)),
    (("tornado.web.RequestHandler().redirect",), Sink("redirect", (601,), (0, "url"), part="start")),
)  # fmt: skip

QUERIES: tuple[Row, ...] = (
    (("?.search_s", "?.search_ext_s", "?.search_st", "?.search_ext"), Sink("ldap", (90,), (2, "filterstr"), min_trust=2)),
    (("?.search_s", "?.search_ext_s", "?.search_st", "?.search_ext"), Sink("ldap", (90,), (0, "base"), min_trust=2)),
    (("ldap3.Connection().search",), Sink("ldap", (90,), (1, "search_filter"), min_trust=2)),
    (("ldap3.Connection().search",), Sink("ldap", (90,), (0, "search_base"), min_trust=2)),
    (("?.xpath", "lxml.etree.XPath", "?.xpathEval"), Sink("xpath", (643,), (0, "path", "_path"), min_trust=1)),
    (("?.findall", "?.find", "?.iterfind", "?.findtext"),
     Sink("xpath", (643,), (0, "path", "match"), when="xpath_text", min_trust=1, incidental=True)),
    (("elementpath.select",), Sink("xpath", (643,), (1, "path"), min_trust=1)),
    (("?.scan", "?.query"), Sink("nosql", (943,), ("FilterExpression", "KeyConditionExpression"), min_trust=1, incidental=True)),
    (("?.find_one", "?.find_one_and_update", "?.aggregate", "?.delete_many", "?.update_one", "?.count_documents"),
     Sink("nosql", (943,), (0, "filter"), min_trust=0)),
    (("re.compile", "re.match", "re.search", "re.fullmatch", "re.findall", "re.sub", "re.split", "re.finditer"),
     Sink("regex", (1333, 730, 400), (0, "pattern"), min_trust=1)),
)  # fmt: skip

XML: tuple[Row, ...] = (
    (("lxml.etree.parse", "lxml.etree.fromstring", "lxml.etree.XML", "lxml.etree.iterparse"),
     Sink("xxe", (611,), (0, "source", "text"), when="resolves_entities", min_trust=2)),
    (("xml.sax.parse", "xml.sax.parseString", "xml.dom.pulldom.parse", "xml.dom.pulldom.parseString"),
     Sink("xxe", (611,), (0,), when="sax_entities", min_trust=2)),
    (("?.parse",), Sink("xxe", (611,), (0, "source"), when="own_sax_parser", min_trust=2)),
    (("xml.etree.ElementTree.parse", "xml.etree.ElementTree.fromstring", "xml.etree.ElementTree.XML", "xml.dom.minidom.parseString",
      "xml.dom.minidom.parse", "xml.etree.ElementTree.iterparse"),
     Sink("xxe", (776, 611), (0, "source", "text", "string"), when="sax_entities", min_trust=1)),
)  # fmt: skip

LOGS: tuple[Row, ...] = (
    (tuple(f"{owner}.{level}" for owner in ("logging", "logging.getLogger()", "?logger", "logging.Logger()", "flask.Flask().logger", "flask.current_app.logger")
           for level in ("debug", "info", "warning", "warn", "error", "critical", "exception", "log")),
     Sink("log", (117,), ("*",), min_trust=0)),
)  # fmt: skip

HEADERS: tuple[Row, ...] = (
    (("?.headers[]=", "django.http.HttpResponse()[]=", "django.http.HttpResponseRedirect()[]=", "django.http.response.HttpResponse()[]=",
      "starlette.responses.Response().headers[]="), Sink("header", (113, 93), (0,), min_trust=0)),
    (("<location>",), Sink("redirect", (601,), (0,), part="start", min_trust=1)),
    (("werkzeug.datastructures.Headers().add", "werkzeug.datastructures.Headers().set"), Sink("header", (113, 93), (1,), min_trust=0)),
    (("flask.Response", "django.http.HttpResponse", "django.http.response.HttpResponse", "flask.make_response"),
     Sink("header", (113, 93), ("content_type", "mimetype"), min_trust=0)),
    (("flask.session[]=", "?session[]="), Sink("trust", (501,), (0, "index"), min_trust=0)),
    (("http.server.BaseHTTPRequestHandler().send_header",), Sink("header", (113, 93), (1,))),
)  # fmt: skip

_ROW = Sink("csv", (1236,), (0, "row", "rows", "rowdict", "rowdicts"), part="cells", min_trust=0)
OTHERS: tuple[Row, ...] = (
    (("subprocess.run", "subprocess.call", "subprocess.Popen", "subprocess.check_output", "subprocess.check_call",
      "asyncio.create_subprocess_exec"),
     Sink("argv", (88,), (0, "args"), when="no_shell", part="options", min_trust=1)),
    (("smtplib.SMTP().sendmail", "smtplib.SMTP_SSL().sendmail", "?.sendmail"),
     Sink("mail", (93,), (2, "msg"), part="head", min_trust=1)),
    (("csv.writer().writerow", "csv.writer().writerows", "csv.DictWriter().writerow", "csv.DictWriter().writerows"), _ROW),
    (("builtins.range", "time.sleep", "asyncio.sleep", "os.urandom", "secrets.token_bytes", "secrets.token_hex",
      "secrets.token_urlsafe", "numpy.zeros", "numpy.ones", "numpy.empty", "builtins.bytearray", "itertools.repeat"),
     Sink("size", (770, 400), ("*",), min_trust=0, incidental=True)),
    (("<repeated>",), Sink("size", (770, 400), (0,), min_trust=0)),
    (("<instructions>",), Sink("prompt", (1427, 77), (0,), min_trust=1)),
)  # fmt: skip

ALL = (
    SQL,
    COMMANDS,
    PATHS,
    CODE,
    TEMPLATES,
    PAGES,
    DESERIALISERS,
    REQUESTS,
    REDIRECTS,
    QUERIES,
    XML,
    LOGS,
    HEADERS,
    OTHERS,
)


def by_name() -> dict[str, tuple[Sink, ...]]:
    """Every sink by the name of what is called."""
    found: defaultdict[str, list[Sink]] = defaultdict(list)
    for table in ALL:
        for names, sink in table:
            for name in names:
                found[name].append(sink)
    return {name: tuple(sinks) for name, sinks in found.items()}


def with_sinks(known: Call | None, sinks: Iterable[Sink]) -> Call:
    """A call's row with these sinks."""
    return replace(known or Call(), sinks=tuple(sinks))
