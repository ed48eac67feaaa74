"""A handler for every exception does nothing: errors vanish.

What fails later then has no visible reason: `except: pass` also hides typing errors, missing files and, where it is bare, Ctrl-C.  Catch what is expected, or log
it.  Clean-up whose failure does not matter, optional imports, and a handler with a comment that says why are left
alone.  Source: CWE-390; PEP 8, "Programming Recommendations".
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._placeholders import UNWRITTEN
from codeguard.checks.correctness._shape import comments_of, last_word, small_statements
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

BROAD = {"Exception", "BaseException"}
CLEAN_UP = {
    "close", "shutdown", "terminate", "kill", "unlink", "remove", "rmtree", "rmdir", "disconnect", "cancel", "release",
    "quit", "flush", "stop", "cleanup", "clean_up", "destroy", "aclose", "join", "detach", "unregister", "rollback",
    "removedirs", "exit", "finish", "clear", "deactivate", "delete", "send_signal", "wait", "logout", "end", "abort",
}  # fmt: skip
TEARDOWN = {
    "__del__",
    "__exit__",
    "__aexit__",
    "close",
    "aclose",
    "shutdown",
    "cleanup",
    "teardown",
    "tearDown",
    "stop",
    "disconnect",
}


def find(node: cst.Try, unit: Unit) -> Iterator[Hit]:
    """Report each broad handler that neither acts nor says why."""
    if node.orelse is not None:
        return  # `else` holds what the error skips: the handler is there to skip it
    for handler in node.handlers:
        caught = _broad(handler.type)
        if not caught or not _does_nothing(handler.body):
            continue
        # Where the expected failure has its own handler before this one, it is not what this one is for.
        if _explained(handler) or (handler is node.handlers[0] and _is_clean_up(node, unit)):
            continue
        first = next(iter(small_statements(handler.body.body)))
        does = "`continue`" if isinstance(first, cst.Continue) else "`...`" if isinstance(first, cst.Expr) else "`pass`"
        yield Hit(
            handler,
            f"{caught} and nothing but {does} follows: errors vanish without a trace",
            severity=Severity.MEDIUM if handler.type is None else None,
        )


def _broad(node: cst.BaseExpression | None) -> str:
    if node is None:
        return "Every exception is caught, Ctrl-C included,"
    types = [e.value for e in node.elements] if isinstance(node, cst.Tuple) else [node]
    return "Every exception is caught" if any(last_word(t) in BROAD for t in types) else ""


def _does_nothing(body: cst.BaseSuite) -> bool:
    return all(
        isinstance(s, (cst.Pass, cst.Continue))
        or (isinstance(s, cst.Expr) and isinstance(s.value, (cst.Ellipsis, cst.SimpleString)))
        for s in small_statements(body.body)
    )


def _explained(handler: cst.ExceptHandler) -> bool:
    """Whether a comment or a text in the handler says why; one that says "TODO" explains nothing."""
    told = list(comments_of(handler.body))
    told += [line.comment.value for line in handler.leading_lines if line.comment is not None]
    for statement in small_statements(handler.body.body):
        if isinstance(statement, cst.Expr) and isinstance(statement.value, cst.SimpleString):
            told.append(statement.value.value)
    return any(not UNWRITTEN.search(text) and _is_reason(text) for text in told)


def _is_reason(told: str) -> bool:
    """Whether a comment holds words for people, not only marks for tools."""
    bare = told.strip("#: \"'")
    return len(bare) > 3 and not bare.lower().startswith(("noqa", "nosec", "pylint", "type:", "pragma"))


def _is_clean_up(node: cst.Try, unit: Unit) -> bool:
    """Whether the protected block only closes and removes things, looks for optional modules, or is itself a teardown."""
    function = unit.function_of(node)
    if isinstance(function, cst.FunctionDef) and function.name.value in TEARDOWN:
        return True
    statements = list(small_statements(node.body.body))
    return all(_is_closing(s) or isinstance(s, (cst.Import, cst.ImportFrom)) for s in statements)


def _is_closing(statement: cst.CSTNode) -> bool:
    if isinstance(statement, cst.Del):
        return True
    value = statement.value if isinstance(statement, cst.Expr) else None
    call = value.expression if isinstance(value, cst.Await) else value
    return (
        isinstance(call, cst.Call) and any(word in CLEAN_UP for word in last_word(call.func).split("__"))
    ) or _begins_so(call)


def _begins_so(call: cst.CSTNode | None) -> bool:
    return isinstance(call, cst.Call) and last_word(call.func).lstrip("_").partition("_")[0] in CLEAN_UP


CHECK = Check(
    id="CGC015",
    name="swallowed-exception",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    cwe=(390, 703),
    aliases=("bandit:B110", "bandit:B112", "ruff:S110", "ruff:S112", "ruff:SIM105"),
    hints=("except",),
    nodes=(cst.Try,),
    find=find,
    fix="Catch the exceptions that are expected, and log or raise the others.",
    bad=(
        Bad("def load(path):\n    try:\n        return read(path)\n    except:  # finding\n        pass\n"),
        Bad(
            "for sheet in sheets:\n    try:\n        write(sheet)\n    except Exception:  # finding\n        continue\n"
        ),
        Bad("try:\n    send()\nexcept (ValueError, Exception) as error:  # finding\n    ...\n"),
        Bad("try:\n    path.unlink()\nexcept FileNotFoundError:\n    pass\nexcept Exception:  # finding\n    pass\n"),
        Bad("try:\n    send()\nexcept Exception:  # finding\n    pass  # TODO: handle this\n"),
    ),
    good=(
        Good("try:\n    send()\nexcept ConnectionError:\n    pass\n"),
        Good("try:\n    send()\nexcept Exception:\n    log.exception('not sent')\n"),
        Good("try:\n    conn.close()\nexcept Exception:\n    pass\n"),
        Good("try:\n    import fast\nexcept Exception:\n    pass\n"),
        Good("try:\n    send()\nexcept Exception:\n    # the next round sends it again\n    pass\n"),
        Good(
            "class A:\n    def __del__(self):\n        try:\n            self.work()\n        except Exception:\n            pass\n"
        ),
    ),
    misses=(
        Miss(
            "def f():\n    try:\n        return g()\n    except Exception:  # finding\n        return None\n",
            why="None may be an answer that callers expect",
        ),
    ),
)
