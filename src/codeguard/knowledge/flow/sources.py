"""Where untrusted data enters.  Trust: 0 an attacker's hands, 1 plausible, 2 second-order, 3 local.

Sources: the frameworks' own documentation of their request objects; Python's library reference.
"""

# rows of a table

from __future__ import annotations

from codeguard.knowledge.flow.model import Call, Source

REQUEST = "request"

_FLASK = ("args", "form", "values", "json", "data", "cookies", "headers", "files", "query_string", "path", "full_path",
          "url", "base_url", "url_root", "host", "host_url", "referrer", "user_agent", "stream", "view_args", "environ",
          "authorization", "input_stream", "remote_user")  # fmt: skip
_DJANGO = ("GET", "POST", "body", "COOKIES", "META", "FILES", "headers", "path", "path_info", "data", "query_params",
           "DATA", "encoding", "content_params", "REQUEST")  # fmt: skip
_STARLETTE = ("query_params", "path_params", "headers", "cookies", "url", "body", "form", "json", "stream")
_AIOHTTP = ("query", "match_info", "headers", "cookies", "rel_url", "query_string", "path", "raw_path", "url")
_TORNADO = (
    "arguments",
    "query_arguments",
    "body_arguments",
    "body",
    "headers",
    "cookies",
    "uri",
    "path",
    "query",
    "files",
)
_SANIC = ("args", "form", "json", "body", "cookies", "headers", "files", "query_string", "raw_args", "query_args")
_BOTTLE = (
    "query",
    "forms",
    "params",
    "json",
    "body",
    "cookies",
    "headers",
    "files",
    "GET",
    "POST",
    "url",
    "query_string",
)

ATTRIBUTES: dict[str, Source] = {}


def _request(owner: str, names: tuple[str, ...], words: str) -> None:
    for name in names:
        ATTRIBUTES[f"{owner}.{name}"] = Source(REQUEST, f"{words} (`request.{name}`)")


for _owner in ("flask.request", "flask.globals.request", "quart.request"):
    _request(_owner, _FLASK, "the request")
for _owner in ("bottle.request",):
    _request(_owner, _BOTTLE, "the request")
for _type in ("django.http.HttpRequest", "django.core.handlers.wsgi.WSGIRequest", "django.http.request.HttpRequest",
              "rest_framework.request.Request"):  # fmt: skip
    _request(f"{_type}()", _DJANGO, "the request")
for _type in ("fastapi.Request", "starlette.requests.Request", "fastapi.requests.Request", "fastapi.WebSocket",
              "starlette.websockets.WebSocket"):  # fmt: skip
    _request(f"{_type}()", _STARLETTE, "the request")
_request("aiohttp.web.Request()", _AIOHTTP, "the request")
_request("sanic.request.Request()", _SANIC, "the request")
_request("sanic.Request()", _SANIC, "the request")
_request("tornado.httputil.HTTPServerRequest()", _TORNADO, "the request")
for _base in ("tornado.web.RequestHandler()",):
    ATTRIBUTES[f"{_base}.request"] = Source(REQUEST, "the request")
# A function's first parameter called `request` without an annotation: any framework's request object.
_request("<request>()", tuple({*_DJANGO, *_FLASK, *_STARLETTE, *_AIOHTTP, *_SANIC}), "the request")
for _base in ("django.views.View()", "django.views.generic.View()", "rest_framework.views.APIView()",
              "django.views.generic.TemplateView()", "rest_framework.viewsets.ModelViewSet()"):  # fmt: skip
    ATTRIBUTES[f"{_base}.request"] = Source("", "", type="django.http.HttpRequest")
    ATTRIBUTES[f"{_base}.kwargs"] = Source(REQUEST, "the URL's parameters")

for _name in ("http.server.BaseHTTPRequestHandler", "http.server.SimpleHTTPRequestHandler"):
    for _attr in ("path", "headers", "rfile", "requestline"):
        ATTRIBUTES[f"{_name}().{_attr}"] = Source(REQUEST, f"the request (`self.{_attr}`)")

# Parameters by annotation: an empty kind means that the object itself is trusted, its attributes are not.
for _type in ("django.http.HttpRequest", "django.http.request.HttpRequest", "rest_framework.request.Request",
              "fastapi.Request", "starlette.requests.Request", "fastapi.requests.Request", "fastapi.WebSocket",
              "aiohttp.web.Request", "sanic.request.Request", "sanic.Request"):  # fmt: skip
    ATTRIBUTES[f"<param>{_type}"] = Source("", "", type=_type)
ATTRIBUTES["<param>request"] = Source("", "", type="<request>")
for _type in ("fastapi.UploadFile", "fastapi.datastructures.UploadFile", "werkzeug.datastructures.FileStorage"):
    ATTRIBUTES[f"<param>{_type}"] = Source(REQUEST, "the uploaded file", type=_type)
for _type in ("sqlalchemy.orm.Session", "sqlalchemy.ext.asyncio.AsyncSession", "sqlite3.Connection",
              "sqlite3.Cursor", "logging.Logger", "fastapi.BackgroundTasks", "fastapi.Response", "sqlalchemy.engine.Connection"):  # fmt: skip
    ATTRIBUTES[f"<param>{_type}"] = Source("", "", type=_type)

ATTRIBUTES["sys.argv"] = Source("argv", "the command line (`sys.argv`)", trust=3)
ATTRIBUTES["sys.stdin"] = Source("stdin", "standard input", trust=2)
ATTRIBUTES["os.environ"] = Source("env", "the environment (`os.environ`)", trust=3)
ATTRIBUTES["<exception>"] = Source("exception", "the text of an exception", trust=0)

CALLS: dict[str, Call] = {
    "builtins.input": Call(source=Source("input", "what the user types (`input()`)", trust=1), returns="builtins.str"),
    "builtins.raw_input": Call(source=Source("input", "what the user types", trust=1), returns="builtins.str"),
    "sys.stdin.read": Call(source=Source("stdin", "standard input", trust=1)),
    "sys.stdin.readline": Call(source=Source("stdin", "standard input", trust=1)),
    "os.getenv": Call(source=Source("env", "the environment (`os.getenv`)", trust=3), returns="builtins.str"),
    "os.environ.get": Call(source=Source("env", "the environment (`os.environ`)", trust=3), returns="builtins.str"),
    "argparse.ArgumentParser().parse_args": Call(source=Source("argv", "the command line", trust=3)),
    "optparse.OptionParser().parse_args": Call(source=Source("argv", "the command line", trust=3)),
}
for _method, _words in (
    ("get_json", "the request's JSON"), ("get_data", "the request's body"),
):  # fmt: skip
    for _owner in ("flask.request", "quart.request", "flask.globals.request", "<request>()"):
        CALLS[f"{_owner}.{_method}"] = Call(source=Source(REQUEST, _words))
for _type in ("fastapi.Request", "starlette.requests.Request", "aiohttp.web.Request", "<request>"):
    for _method in ("json", "body", "form", "text", "read", "post"):
        CALLS[f"{_type}().{_method}"] = Call(source=Source(REQUEST, f"the request (`request.{_method}()`)"))
for _method in ("get_argument", "get_arguments", "get_query_argument", "get_body_argument", "get_cookie"):
    CALLS[f"tornado.web.RequestHandler().{_method}"] = Call(source=Source(REQUEST, f"the request (`{_method}`)"))
for _type in ("fastapi.WebSocket", "starlette.websockets.WebSocket"):
    for _method in ("receive_text", "receive_json", "receive_bytes"):
        CALLS[f"{_type}().{_method}"] = Call(source=Source(REQUEST, "a web socket's message"))
for _name in ("recv", "recvfrom", "recv_into"):
    CALLS[f"socket.socket().{_name}"] = Call(source=Source("socket", "a socket", trust=0), returns="builtins.bytes")
    CALLS[f"?.{_name}"] = Call(source=Source("socket", "a socket", trust=1))

CALLS["cgi.FieldStorage"] = Call(source=Source(REQUEST, "the request (`cgi.FieldStorage`)"))
for _name in ("flask.session[]", "flask.session.get"):
    CALLS[_name] = Call(source=Source("session", "the session", trust=2))

# Answers of other machines: trusted for most things, not to be run, unpickled or parsed with entities.
REMOTE = Source("remote", "the answer of another machine", trust=2)
for _verb in ("get", "post", "put", "patch", "request", "delete"):
    for _module in ("requests", "httpx"):
        CALLS[f"{_module}.{_verb}"] = Call(source=REMOTE, returns="requests.Response")
    for _type in ("requests.Session", "httpx.Client", "httpx.AsyncClient", "aiohttp.ClientSession"):
        CALLS[f"{_type}().{_verb}"] = Call(source=REMOTE, returns="requests.Response")
CALLS["urllib.request.urlopen"] = Call(source=REMOTE)
CALLS["urllib2.urlopen"] = Call(source=REMOTE)

# Answers of language models.
MODEL = Source("model", "a language model's answer", trust=0)
for _name in (
    "openai.OpenAI().chat.completions.create", "openai.AsyncOpenAI().chat.completions.create",
    "openai.OpenAI().responses.create", "openai.OpenAI().completions.create", "openai.ChatCompletion.create",
    "openai.Completion.create", "openai.chat.completions.create", "anthropic.Anthropic().messages.create",
    "anthropic.AsyncAnthropic().messages.create", "openai.AzureOpenAI().chat.completions.create",
    "litellm.completion", "litellm.acompletion", "ollama.chat", "ollama.generate", "cohere.Client().chat",
    "google.generativeai.GenerativeModel().generate_content", "mistralai.Mistral().chat.complete",
    "groq.Groq().chat.completions.create", "transformers.pipeline()", "replicate.run",
):  # fmt: skip
    CALLS[_name] = Call(source=MODEL)
for _type in ("langchain_openai.ChatOpenAI", "langchain.chat_models.ChatOpenAI", "langchain_anthropic.ChatAnthropic",
              "langchain.llms.OpenAI", "langchain_openai.OpenAI", "langchain_community.chat_models.ChatOpenAI",
              "langchain.chains.LLMChain", "langchain_ollama.ChatOllama"):  # fmt: skip
    for _method in ("invoke", "predict", "run", "ainvoke", "generate", "call", "__call__"):
        CALLS[f"{_type}().{_method}"] = Call(source=MODEL)
    CALLS[f"{_type}()"] = Call(source=MODEL)
