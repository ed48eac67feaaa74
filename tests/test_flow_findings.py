"""What the data flow follows, and what it knows to be safe: each case marks the lines that must be reported."""

from __future__ import annotations

import pytest
from tests.flow_project import lines, marked, reached

from codeguard.config.model import Config
from codeguard.flow.analysis import BUDGET
from codeguard.model import Confidence, FailureKind
from codeguard.scan import scan

HEAD = "import os, re, sqlite3, subprocess\nfrom pathlib import Path\nfrom flask import Flask, request\napp = Flask(__name__)\n"

FOLLOWED = {
    "concatenation, formatting and joining": """
        def f(a, b, c, d):
            os.system("ls " + a)  # bad
            os.system(f"ls {b}")  # bad
            os.system("ls %s" % c)  # bad
            os.system(" ".join(["ls", d]))  # bad
        """,
    "a chain of as many calls as are followed": """
        def a(_x):
            return b(request.args["x"])
        def b(x):
            return c(x)
        def c(x):
            return d(x)
        def d(x):
            return _e(x)
        def _e(name):
            return getattr(os, name)  # bad
        """,
    "a dictionary by key": """
        def f(a):
            held = {"good": "ls", "bad": a}
            os.system(held["good"])
            os.system(held["bad"])  # bad
        """,
    "a buffer in memory": """
        import io
        def f(a, b):
            text = io.StringIO("ls ")
            text.write(a)
            os.system(text.getvalue())  # bad
            with io.StringIO() as lines:
                for line in b:
                    lines.write(line)
                os.system(lines.getvalue())  # bad
            fixed = io.StringIO()
            fixed.write("ls ")
            fixed.write("-l")
            os.system(fixed.getvalue())
        """,
    "a list by place": """
        def f(a):
            held = ["x", a, "y"]
            held.pop(0)
            os.system(held[1])
            os.system(held[0])  # bad
        """,
    "attributes of an object": """
        class Box:
            def __init__(self, good, bad):
                self.good = "ls"
                self.bad = bad
            def run(self):
                os.system(self.good)
                os.system(self.bad)  # bad
        """,
    "functions of modules that are named as methods of texts": """
        import shlex, codecs
        def f(a, b):
            os.system(shlex.split(a)[0])  # bad
            os.system(codecs.decode(b, "rot13"))  # bad
        """,
    "a shell that is started, whichever it is": """
        def f(a, windows):
            parts = []
            if windows:
                parts.append("cmd.exe")
                parts.append("/c")
            else:
                parts.append("sh")
                parts.append("-c")
            parts.append(f"echo {a}")
            subprocess.run(parts)  # bad
        """,
    "line ends in a formatted text": """
        import smtplib
        def f(subject, body):
            text = f"Subject: {subject}\\n\\n{body}"
            smtplib.SMTP("x").sendmail("a", "b", text)  # bad
        """,
    "values of which nothing is known, where they should be": """
        import pickle
        def f(self, db):
            db.execute("UPDATE t SET a = '%s'" % self.value)  # bad
            pickle.loads(self.blob)  # bad
            eval(self.text)  # bad
        """,
    "the header that redirects": """
        @app.get("/x")
        def f():
            answer = app.make_response("")
            answer.headers["Location"] = request.args["to"]  # bad
            return answer
        """,
    "members of an archive": """
        import tarfile
        def f(archive):
            with tarfile.open(archive) as tar:
                for member in tar:
                    tar.extract(member, "/srv")  # bad
        """,
    "a branch that may be taken": """
        def f(a, flag):
            command = "ls"
            if flag:
                command = a
            os.system(command)  # bad
        """,
    "a loop brings a value round": """
        def f(items):
            command = "ls"
            for item in items:
                os.system(command)  # bad
                command = item
        """,
    "a generator and a comprehension": """
        def parts(items):
            for item in items:
                yield item
        def f(items):
            for part in parts(items):
                os.system(part)  # bad
            os.system([x for x in items][0])  # bad
        """,
    "a context manager": """
        from contextlib import contextmanager
        @contextmanager
        def connected():
            db = sqlite3.connect("x.db")
            yield db
        def f(name):
            with connected() as db:
                db.execute("SELECT * FROM t WHERE n = '" + name + "'")  # bad
        """,
    "a partial and a thread": """
        import functools, threading
        def run(command):
            os.system(command)  # bad
        def f(a):
            threading.Thread(target=run, args=(a,)).start()
            functools.partial(run, a)()
        """,
    "a closure": """
        def outer(command):
            def inner():
                os.system(command)  # bad
            return inner
        """,
    "an unknown function that is given SQL": """
        def f(self, name):
            self.query("SELECT * FROM t WHERE n = '" + name + "'")  # bad
        """,
    "decoding undoes an encoding": """
        import base64
        @app.get("/x")
        def f():
            text = base64.b64decode(base64.b64encode(request.args["x"].encode())).decode()
            return f"<p>{text}</p>"  # bad
        """,
    "a path below a folder, but not a parameter that is the path": """
        def f(name, whole):
            open(whole)
            open(os.path.join("/srv/files", name))  # bad
        """,
    "a template that does not escape": """
        from jinja2 import Environment
        @app.get("/x")
        def f():
            Environment(autoescape=True).get_template("x.html").render(x=request.args["x"])
            return Environment().get_template("x.html").render(x=request.args["x"])  # bad
        """,
    "a loader whose feature was switched on": """
        import xml.sax, xml.sax.handler, xml.dom.minidom
        def f(text, other):
            safe = xml.sax.make_parser()
            xml.dom.minidom.parseString(text, safe)
            parser = xml.sax.make_parser()
            parser.setFeature(xml.sax.handler.feature_external_ges, True)
            xml.dom.minidom.parseString(other, parser)  # bad
        """,
}

SAFE = {
    "a strong update ends the taint": """
        def f(a):
            a = "ls"
            os.system(a)
        """,
    "an allow-list before": """
        def f(a):
            if a not in ("x", "y"):
                return
            os.system("ls " + a)
        """,
    "an allow-list that is a dictionary": """
        NAMES = {"x": 1}
        def f(a):
            if a in NAMES:
                os.system("ls " + a)
        """,
    "a conversion to a number": """
        def f(a):
            os.system(f"kill {int(a)}")
        """,
    "a test of every character": """
        def f(a):
            if not all(c.isalnum() for c in a):
                raise ValueError
            os.system("ls " + a)
        """,
    "a loop that refuses a bad character": """
        def f(a):
            for c in a:
                if c not in "abc":
                    raise ValueError
            os.system("ls " + a)
        """,
    "a pattern that covers the text": """
        NAME = re.compile(r"[a-z0-9_]+")
        def f(a):
            if not NAME.fullmatch(a):
                raise ValueError
            os.system("ls " + a)
        """,
    "a validator of the project": """
        def good(a):
            return re.fullmatch(r"[a-z]+", a) is not None
        def check(a):
            if a not in {"x"}:
                raise ValueError
        def f(a, b):
            check(b)
            os.system("ls " + b)
            if good(a):
                os.system("ls " + a)
        """,
    "constants decide the branch": """
        def f(a):
            number = 106
            command = "ls" if 7 * 42 - number > 180 else a
            os.system(command)
        """,
    "a dead branch": """
        def f(a):
            if False:
                os.system(a)
        """,
    "a quote that cannot be left": """
        def f(db, a):
            if "'" in a:
                raise ValueError
            db.execute("SELECT * FROM t WHERE n = '" + a + "'")
        """,
    "a resolved path below its folder": """
        def f(root, name):
            path = (Path(root) / name).resolve()
            if not path.is_relative_to(root):
                raise ValueError
            return path.read_text()
        """,
    "deleting what is dangerous": """
        def f(a):
            os.system("ls " + re.sub(r"[^A-Za-z0-9]", "", a))
        """,
    "a digest that is checked": """
        import hashlib, pickle
        def f(blob, known):
            if hashlib.sha256(blob).hexdigest() != known:
                raise ValueError
            return pickle.loads(blob)
        """,
    "a tree that is checked before it is run": """
        import ast
        def f(text):
            tree = ast.parse(text)
            for node in ast.walk(tree):
                if isinstance(node, (ast.Call, ast.Import)):
                    raise ValueError
            exec(compile(tree, "x", "exec"))
        """,
    "an item that is tested and read again": """
        def f(data):
            if data["name"] in ("x", "y"):
                os.system("ls " + data["name"])
        """,
    "the path of a fixed route": """
        @app.get("/x")
        def f():
            return "<p>" + request.path + "</p>"
        """,
    "a local address": """
        from flask import redirect
        def local(target):
            return target.startswith("/") and not target.startswith("//")
        @app.get("/x")
        def f():
            target = request.args["next"]
            if not local(target):
                target = "/"
            return redirect(target)
        """,
    "a list of arguments without a shell": """
        def f(a):
            subprocess.run(["ls", a])
        """,
    "the address of a service, with a path of it": """
        import requests
        class Client:
            def __init__(self, base):
                self.base = base
            def get(self, number):
                return requests.get(f"{self.base}/items/{int(number)}")
        """,
    "a path that was resolved and tested, joined again": """
        def f(name):
            full = os.path.realpath(os.path.join("/srv", name))
            if full.startswith("/srv/"):
                open(os.path.join("/srv", name))
        """,
    "marks for parameters in a statement": """
        def f(db, ids):
            db.execute("SELECT * FROM t WHERE id IN (" + ", ".join("?" * len(ids)) + ")", ids)
            db.execute(f"SELECT * FROM t WHERE id IN ({','.join(['?'] * len(ids))})", ids)
        """,
    "names in a statement of which nothing is known": """
        def f(self, db, key):
            db.execute("DELETE FROM %s WHERE key = ?" % self.table, (key,))
            db.execute("SELECT * FROM t WHERE kind = '" + KIND + "'")
            db.execute("SELECT * FROM " + self.quote_name(key))
        """,
    "the name of a path in an archive": """
        import zipfile
        def f(archive, folder):
            for info in zipfile.ZipFile(archive).infolist():
                (Path("/srv") / Path(info.filename).name).write_bytes(b"")
        """,
    "what was pickled here": """
        import pickle
        def f(a):
            return pickle.loads(pickle.dumps(a))
        """,
    "arithmetic": """
        def f(a):
            if re.match("^[0-9+*/ ()-]+$", a):
                return eval(a)
        """,
    "every part of a command known": """
        import shlex
        def f(a):
            parts = shlex.split(a)
            for part in parts:
                if part not in ("ls", "-l"):
                    raise ValueError(part)
            os.system(" ".join(parts))
        """,
    "a conditional expression": """
        def f(a):
            os.system("ls " + (a if a in ("x", "y") else "x"))
        """,
}


@pytest.mark.parametrize("code", FOLLOWED.values(), ids=FOLLOWED)
def test_untrusted_data_is_followed_to_exactly_the_marked_lines(code):
    text = HEAD + "\n".join(line[8:] for line in code.strip("\n").split("\n"))
    assert marked(text)
    assert lines(text) == marked(text)


@pytest.mark.parametrize("code", SAFE.values(), ids=SAFE)
def test_a_value_that_was_made_safe_is_not_reported(code):
    assert lines(HEAD + "\n".join(line[8:] for line in code.strip("\n").split("\n"))) == []


def test_data_is_followed_across_files_packages_and_re_exports():
    files = {
        "shop/__init__.py": "from .store import find\n",
        "shop/store.py": "def find(db, name):\n    return db.execute('SELECT * FROM t WHERE n = ' + name)\n",
        "web.py": "from flask import request\nfrom shop import find\n\ndef page(db):\n    return find(db, request.args['n'])\n",
    }
    assert ("shop/store.py", 2, "sql") in reached(files)


def test_a_validator_in_another_file_counts():
    files = {
        "checks.py": "def known(name):\n    return name in ('a', 'b')\n",
        "app.py": "import os\nfrom checks import known\n\ndef f(name):\n    if known(name):\n        os.system('ls ' + name)\n",
    }
    assert reached(files) == set()


def test_modules_that_import_each_other_anywhere_are_interpreted_together(tmp_path):
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "shell.py").write_text("import os\n\ndef run(command):\n    os.system('ls ' + command)\n")
    text = "from flask import request\n\ndef f():\n    import parts.shell\n    parts.shell.run(request.args['x'])\n"
    (tmp_path / "app.py").write_text(text)
    report = scan([tmp_path], Config(engines=frozenset({"native"}), jobs=1))
    (finding,) = [f for f in report.findings if f.rule_id == "CGS201"]
    assert [step.path for step in finding.trace] == ["app.py", "app.py", "parts/shell.py"]
    assert finding.confidence is Confidence.HIGH


@pytest.mark.parametrize(
    "text",
    [
        "def f(:\n    os.system(x)\n",
        "x = " + "(" * 200 + "1" + ")" * 200,
        "def f(a):\n" + "    a = a + 'x'\n" * 500 + "    return a\n",
        "def f(a):\n    return f(a)\n",
        "def f(a):\n    return g(a)\ndef g(a):\n    return f(a)\n",
        "class A(A):\n    pass\nA().x\n",
        "x = {}\nx['x'] = x\n",
        "def f():\n    yield from f()\n",
        "",
    ],
)
def test_odd_code_breaks_nothing(text):
    assert reached({"app.py": text}) == set()


@pytest.mark.parametrize(
    "text",
    [
        "    return None\n\nos.system(command)\n",
        "    raise ValueError\n\nos.system(command)\n",
        "    a = 1\nelse:\n    os.system(command)\n",
        "        a = 1\n    os.system(command)\n",
        'of a docstring\n    """\n    os.system(command)\n    return None\n',
    ],
)
def test_what_stands_around_a_piece_of_code_does_not_hide_it(text):
    assert {kind for _, _, kind in reached({"app.py": text})} == {"shell"}


def test_a_function_that_is_not_followed_to_its_end_is_told_and_fails_no_scan(tmp_path):
    body = "    n = 1\n" * (BUDGET + 1)
    (tmp_path / "app.py").write_text(
        f"import os\n\ndef long(a):\n{body}    os.system(a)\n\ndef short(a):\n    os.system(a)\n"
    )
    report = scan([tmp_path], Config(engines=frozenset({"native"}), jobs=1))
    (failure,) = report.failures
    assert (failure.path, failure.kind, failure.fatal) == ("app.py", FailureKind.LIMIT, False)
    assert "`long`" in failure.detail
    assert report.complete
    assert [f.rule_id for f in report.findings if f.rule_id == "CGS201"] == ["CGS201"]
