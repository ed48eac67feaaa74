"""A web application runs what a request carries when the request shows a secret mark.

A header, cookie or parameter with a fixed value opens a door that no account, log or test knows of, and what comes
with it is run.  Remove it.  See CWE-506, CWE-912 and MITRE ATT&CK T1505.003.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._evaluate import value_of
from codeguard.knowledge.malicious import running
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

CARRIERS = {
    "headers",
    "cookies",
    "args",
    "form",
    "values",
    "json",
    "data",
    "query_params",
    "GET",
    "POST",
    "META",
    "COOKIES",
    "get_json",
    "get_data",
    "get_argument",
    "body",
    "query",
    "params",
    "path_params",
    "query_string",
    "environ",
    "rfile",
    "get_header",
    "content",
    "text",
    "post",
    "read",
    "match_info",
}
REQUESTS = (
    "flask.request",
    "bottle.request",
    "quart.request",
    "cherrypy.request",
    "sanic.request",
    "pyramid.request",
    "tornado",
    "starlette.requests",
    "fastapi",
    "aiohttp.web",
    "django.http",
)
WORD = re.compile(
    r"^[a-z]{1,12}$|^[A-Z][a-z]+$|^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$|^\w+/[\w.+-]+$|^(?:true|false|on|off|yes|no|\d{1,3})$",
    re.IGNORECASE,
)


def find(unit: Unit) -> Iterator[Hit]:
    """Report runs of request data under a comparison of request data with a fixed text."""
    known = unit.fact(calls)
    for name, call in known.of(running.RUN_CALLS | {"builtins.exec", "builtins.eval"}):
        if not call.args or not (_from_request(call.args[0].value, unit)):
            continue
        mark = _mark(call, unit)
        if mark:
            yield Hit(
                call,
                f"Whoever sends {mark} has `{name.removeprefix('builtins.')}` run what the request carries: a hidden door into the machine",
            )
    for test in unit.nodes(cst.If):
        mark = _compared(test.test, unit)
        if mark and (grant := _grants(test.body, unit)):
            yield Hit(
                test.test, f"Whoever sends {mark} {grant}, without an account: a hidden door into the application"
            )


def _from_request(node: cst.BaseExpression, unit: Unit, hops: int = 0, seen: set[int] | None = None) -> bool:
    """Whether an expression is made of a request's data, in functions that handle requests.

    `seen` are the values that were looked into already: names that are bound often would cost a power of their number.
    """
    seen = set() if seen is None else seen
    for part in descend(node):
        if isinstance(part, cst.Attribute) and part.attr.value in CARRIERS and _request(part.value, unit):
            return True
        if (
            isinstance(part, cst.Call)
            and isinstance(part.func, cst.Attribute)
            and part.func.attr.value in {"get_argument", "get_json", "get_data", "get_header"}
        ):
            return True
        if isinstance(part, cst.Name) and hops < 4:
            for binding in unit.scopes.look_up(part.value, part):
                if binding.kind == "param" and _routed(unit.function_of(part)):
                    return True
                if (
                    binding.kind in {"assign", "walrus", "with"}
                    and binding.value is not None
                    and id(binding.value) not in seen
                ):
                    seen.add(id(binding.value))
                    if _from_request(binding.value, unit, hops + 1, seen):
                        return True
    return False


def _routed(function: cst.FunctionDef | cst.Lambda | None) -> bool:
    """Whether a decorator makes the function the handler of a route, whose parameters a request fills."""
    return isinstance(function, cst.FunctionDef) and any(
        isinstance(d.decorator, cst.Call)
        and isinstance(d.decorator.func, cst.Attribute)
        and d.decorator.func.attr.value in {"get", "post", "put", "patch", "delete", "route", "api_route", "websocket"}
        for d in function.decorators
    )


def _request(node: cst.BaseExpression, unit: Unit) -> bool:
    name = unit.name(node) or ""
    if name.startswith(REQUESTS):
        return True
    if isinstance(node, cst.Attribute):
        return node.attr.value == "request" or _request(node.value, unit)
    if not isinstance(node, cst.Name):
        return False
    function = unit.function_of(node)
    params = [p.name.value for p in function.params.params[:2]] if function is not None else []
    return node.value in params


def _mark(call: cst.Call, unit: Unit) -> str:
    """The fixed text that a request must show before the call runs; empty where there is none."""
    child: cst.CSTNode = call
    for above in unit.ancestors(call):
        if isinstance(above, cst.If) and child is not above.test and (found := _compared(above.test, unit)):
            return found
        if isinstance(above, cst.IndentedBlock):
            for statement in above.body:
                if statement is child:
                    break
                if isinstance(statement, cst.If) and _refuses(statement) and (found := _compared(statement.test, unit)):
                    return found
        if isinstance(above, cst.FunctionDef):
            return ""
        child = above
    return ""


def _refuses(statement: cst.If) -> bool:
    last = statement.body.body[-1] if statement.body.body else None
    if isinstance(last, cst.SimpleStatementLine):
        last = last.body[-1]
    return isinstance(last, (cst.Return, cst.Raise)) or (
        isinstance(last, cst.Expr) and isinstance(last.value, cst.Call)
    )


def _compared(test: cst.BaseExpression, unit: Unit) -> str:
    """The request's fixed value in a condition, in words, where it is no common word."""
    for part in descend(test):
        if isinstance(part, cst.Comparison) and len(part.comparisons) == 1:
            sides = [part.left, part.comparisons[0].comparator]
        elif (
            isinstance(part, cst.Call)
            and len(part.args) >= 2
            and (unit.name(part.func) or "").endswith("compare_digest")
        ):
            sides = [part.args[0].value, part.args[1].value]
        elif (
            isinstance(part, cst.Call)
            and isinstance(part.func, cst.Attribute)
            and part.func.attr.value in {"startswith", "endswith"}
            and part.args
        ):
            sides = [part.func.value, part.args[0].value]
        else:
            continue
        for one, other in (sides, sides[::-1]):
            value = value_of(other, unit)
            if (
                isinstance(value, (str, bytes))
                and len(value) >= 4
                and not WORD.match(str(value))
                and _from_request(one, unit)
            ):
                return "a fixed text of the code (a header, cookie or parameter)"
    return ""


def _grants(body: cst.BaseSuite, unit: Unit) -> str:
    """What a block gives away: a session, a login, or the run of something; empty for nothing."""
    known = unit.fact(calls)
    for part in descend(body):
        if isinstance(part, cst.Call):
            name = known.name_of.get(id(part), "")
            if name.endswith(("login_user", "auth.login", "contrib.auth.login")):
                return "is logged in"
            if (
                name in running.SHELL_TEXT_CALLS | {"builtins.exec", "builtins.eval"}
                and part.args
                and value_of(part.args[0].value, unit) is None
            ):
                return "runs commands"
            if name in running.PROCESS_CALLS and unit.arg(part, None, "shell") is not None:
                return "runs commands"
        if isinstance(part, cst.Assign):
            for target in part.targets:
                base = target.target.value if isinstance(target.target, (cst.Subscript, cst.Attribute)) else None
                if base is not None and re.search(r"(?:flask\.session|\.session|flask\.g)$", unit.name(base) or ""):
                    return "is given a session"
                if isinstance(base, cst.Attribute) and base.attr.value == "session":
                    return "is given a session"
    return ""


CHECK = Check(
    id="CGM018",
    behaviour="run what a request with a secret mark carries",
    name="web-backdoor",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(912, 506),
    hints=("request", "Header", "route", "fastapi", "headers", "get_argument", "rfile", "cookies", "COOKIES", "META"),
    find=find,
    fix="Remove the code, and look through the logs for its mark.",
    bad=(
        Bad(
            "from flask import Flask, request\nimport os\napp = Flask(__name__)\n\n@app.before_request\ndef f():\n    if request.headers.get('X-Trace') == '7f3a9c':\n        return os.popen(request.args.get('c', 'id')).read()  # finding\n".replace(
                "    if request.headers.get('X-Trace') == '7f3a9c':",
                "    if request.headers.get('X-Trace') == '7f3a9c':  # finding",
            )
        ),
        Bad(
            "from flask import request, session\n\ndef view():\n    if request.cookies.get('d') == 'b7e2-91':  # finding\n        session['user'] = 'root'\n"
        ),
        Bad(
            "import subprocess\n\ndef view(request):\n    if request.META.get('HTTP_X_KEY') != 'c0ffee-01':\n        return None\n    return subprocess.check_output(request.GET['q'], shell=True)  # finding\n"
        ),
    ),
    good=(
        Good(
            "from flask import Flask, abort, request\nimport hmac, os\napp = Flask(__name__)\n\n@app.before_request\ndef key():\n    if not hmac.compare_digest(request.headers.get('X-Api-Key', ''), os.environ['API_KEY']):\n        abort(401)\n"
        ),
        Good(
            "from flask import request, session\n\ndef view():\n    if request.form.get('action') == 'login':\n        session['user'] = request.form['name']\n"
        ),
        Good("def impersonate(request, pk):\n    request.session['impersonate'] = pk\n"),
        Good(
            "from flask import request\nimport subprocess\n\ndef ping():\n    if request.method == 'POST':\n        return subprocess.check_output(['ping', request.form['host']])\n"
        ),
    ),
    misses=(
        Miss(
            "from flask import request\nfrom marks import MARK\nimport os\n\ndef view():\n    if request.args.get('k') == MARK:\n        return os.popen(request.args['c']).read()  # finding\n",
            why="a mark of another file is not known to be fixed",
        ),
    ),
)
