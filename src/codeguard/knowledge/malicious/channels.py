"""Ways out of a machine, and what comes back: calls by resolved name, from the libraries' own documentation."""

from __future__ import annotations

import re

_VERBS = ("get", "post", "put", "patch", "request", "head", "delete", "options", "stream", "send")
_CLIENTS = (
    "requests",
    "requests_html.HTMLSession()",
    "httplib2.Http()",
    "treq",
    "pip._vendor.requests",
    "botocore.vendored.requests",
    "primp.Client()",
    "tls_client.Session()",
    "curl_cffi.requests.Session()",
    "niquests.Session()",
    "urllib3.HTTPConnectionPool()",
    "urllib3.HTTPSConnectionPool()",
    "requests.api",
    "requests.Session()",
    "requests.session()",
    "requests.sessions.Session()",
    "httpx",
    "httpx.Client()",
    "httpx.AsyncClient()",
    "aiohttp.ClientSession()",
    "aiohttp",
    "urllib3",
    "urllib3.PoolManager()",
    "niquests",
    "curl_cffi.requests",
    "cloudscraper.create_scraper()",
    "grequests",
    "asks",
)
# Methods taken from their class, which are given the session as well.
UNBOUND = frozenset(f"{c.removesuffix('()')}.{verb}" for c in _CLIENTS if c.endswith("()") for verb in _VERBS)
HTTP_CALLS = frozenset(
    {f"{client}.{verb}" for client in _CLIENTS for verb in _VERBS}
    | UNBOUND
    | {
        "urllib.request.urlopen",
        "urllib.request.urlretrieve",
        "urllib.request.build_opener().open",
        "urllib2.urlopen",
        "urllib.urlopen",
        "http.client.HTTPConnection().request",
        "http.client.HTTPSConnection().request",
        "http.client.HTTPConnection().getresponse",
        "http.client.HTTPSConnection().getresponse",
        "six.moves.urllib.request.urlopen",
        "wget.download",
        "tornado.httpclient.HTTPClient().fetch",
        "tornado.httpclient.AsyncHTTPClient().fetch",
        "websocket.create_connection().send",
        "websocket.create_connection().recv",
        "websocket.WebSocket().send",
        "websocket.WebSocket().recv",
        "websockets.connect().send",
        "websockets.connect().recv",
        "websockets.sync.client.connect().send",
        "websockets.sync.client.connect().recv",
        "xmlrpc.client.ServerProxy",
        "feedparser.parse",
        "webbrowser.open",
    }
)
# What makes a session, which a file may hand to the function that sends.
SESSIONS = frozenset(client.removesuffix("()") for client in _CLIENTS if client.endswith("()"))
SESSION_VERBS = ("post", "put", "patch", "request", "get", "send")
GETTERS = frozenset({"get", "urlopen", "urlretrieve", "open", "head", "recv", "getresponse", "download", "stream"})
# Keyword arguments that carry who asks or how, not what is told.
ABOUT_THE_REQUEST = frozenset(
    {"auth", "cookies", "cert", "verify", "proxies", "timeout", "context", "allow_redirects", "stream"}
)

# What mail boxes and name servers hand out, by what its full name holds.
OTHER_FETCHERS = {
    "fetch": ("imaplib.", "imapclient.", "imap_tools."),
    "retr": ("poplib.",),
    "retrbinary": ("ftplib.",),
    "retrlines": ("ftplib.",),
    "resolve": ("dns.",),
    "query": ("dns.", "aiodns."),
    "read_until": ("telnetlib.",),
}

# What a web request or a message of a chat carries: the libraries' objects, the classes whose methods handle one, and
# the calls that are given a handler.
REQUESTS = (
    "flask.request.",
    "bottle.request.",
    "quart.request.",
    "cherrypy.request.",
    "pyramid.request.",
    "web.input()",
    "cgi.FieldStorage()",
    "starlette.requests.Request()",
    "fastapi.Request()",
    "fastapi.WebSocket()",
    "django.http.HttpRequest()",
    "aiohttp.web.Request()",
)
HANDLERS = (
    "http.server.BaseHTTPRequestHandler",
    "http.server.SimpleHTTPRequestHandler",
    "socketserver.StreamRequestHandler",
    "socketserver.BaseRequestHandler",
    "socketserver.DatagramRequestHandler",
    "tornado.web.RequestHandler",
    "tornado.websocket.WebSocketHandler",
    "starlette.endpoints.HTTPEndpoint",
    "flask.views.MethodView",
    "flask_restful.Resource",
    "django.views.View",
    "twisted.internet.protocol.Protocol",
    "asyncio.Protocol",
)
HANDLED = frozenset({"headers", "path", "rfile", "request", "raw_requestline", "requestline"})
HANDLER_METHODS = frozenset(
    {"get_argument", "get_arguments", "get_cookie", "get_body_argument", "get_query_argument", "get_json"}
)
DJANGO = frozenset({"META", "GET", "POST", "COOKIES"})
WSGI = re.compile(r"^(?:QUERY_STRING|PATH_INFO|wsgi\.input|HTTP_\w+|RAW_URI|REQUEST_URI)$")
ROUTES = frozenset(
    {"get", "post", "put", "patch", "delete", "route", "api_route", "websocket", "add_api_route", "action", "exposed"}
)
MESSAGE_DECORATORS = frozenset(
    {
        "event",
        "on_message",
        "message_handler",
        "command",
        "message",
        "on",
        "listen",
        "handle",
        "subscribe",
        "channel_post_handler",
    }
)
CHATS = (
    "discord",
    "telebot.",
    "telegram",
    "aiogram",
    "telethon",
    "pyrogram",
    "slack_bolt",
    "socketio",
    "irc.",
    "slixmpp",
    "nextcord",
    "twitchio",
    "paho.",
    "fastapi",
    "nats",
)
REGISTERS = frozenset({
    "asyncio.start_server", "asyncio.start_unix_server", "websockets.serve", "websockets.sync.server.serve",
    "aiohttp.web.get", "aiohttp.web.post", "aiohttp.web.put", "aiohttp.web.route", "telegram.ext.CommandHandler", "telegram.ext.MessageHandler",
    "websocket.WebSocketApp", "starlette.routing.Route", "xmlrpc.server.SimpleXMLRPCServer().register_function",
})  # fmt: skip
REGISTER_METHODS = frozenset(
    {
        "add_get",
        "add_post",
        "add_route",
        "add_url_rule",
        "add_api_route",
        "basic_consume",
        "register_function",
        "add_handler",
    }
)
CALLBACKS = frozenset({"on_message", "on_data", "message_callback", "on_message_callback", "view_func"})

# Calls whose argument becomes part of a name that is looked up.
DNS_CALLS = frozenset(
    {
        "socket.gethostbyname",
        "socket.gethostbyname_ex",
        "socket.getaddrinfo",
        "dns.resolver.resolve",
        "dns.resolver.query",
        "dns.resolver.Resolver().resolve",
        "dns.resolver.Resolver().query",
        "dns.asyncresolver.resolve",
        "dns.message.make_query",
        "aiodns.DNSResolver().query",
        "dns.query.udp",
        "asyncio.get_event_loop().getaddrinfo",
        "asyncio.get_running_loop().getaddrinfo",
        "dnslib.DNSRecord.question",
    }
)
# Methods of other libraries that send: method -> what its full name holds, how that is in words, whether an argument is
# the path of what is sent.
_SENDERS = (
    ("smtplib.SMTP", "sendmail send_message", "mail", False),
    ("aiosmtplib", "send send_message", "mail", False),
    ("yagmail.", "send", "mail", True),
    ("ftplib.FTP", "storbinary storlines", "FTP", False),
    ("paramiko.", "put putfo", "SFTP", True),
    ("asyncssh.", "put scp", "SFTP", True),
    ("pysftp.", "put", "SFTP", True),
    ("scp.SCPClient", "put putfo", "SFTP", True),
    ("fabric.", "put", "SFTP", True),
    ("mqtt", "single multiple publish", "MQTT", False),
    ("discord", "send DiscordWebhook upload", "a messaging library", False),
    ("dhooks.", "send", "a messaging library", False),
    ("telegram.", "send_message send_document send_photo send_audio", "a messaging library", False),
    ("telebot.", "send_message send_document send_photo", "a messaging library", False),
    ("telethon.", "send_message send_file", "a messaging library", True),
    ("pyrogram.", "send_message send_document", "a messaging library", True),
    ("slack_sdk.", "chat_postMessage send files_upload files_upload_v2", "a messaging library", True),
    ("slack.", "chat_postMessage files_upload", "a messaging library", True),
    ("pymsteams.", "text", "a messaging library", False),
    ("scapy.", "send sendp sr sr1 srp1", "raw packets", False),
    ("pastebin.", "paste", "a paste service", False),
    ("github.", "create_gist create_file create_issue update_file", "a code host", False),
    ("boto3.", "put_object upload_file upload_fileobj send_message publish put", "object storage", True),
    ("aioboto3.", "put_object upload_file upload_fileobj", "object storage", True),
    ("minio.", "put_object fput_object", "object storage", True),
    ("azure.", "upload_blob upload_data upload_file", "object storage", False),
    ("google.cloud.", "upload_from_string upload_from_filename upload_from_file", "object storage", True),
    ("dropbox.", "files_upload", "object storage", False),
    ("redis.", "set publish rpush lpush hset xadd", "a database", False),
    ("pymongo.", "insert_one insert_many", "a database", False),
    ("firebase", "put post set push patch", "a database", False),
    ("pika.", "basic_publish", "a message queue", False),
    ("kafka.", "send", "a message queue", False),
    ("nats.", "publish", "a message queue", False),
    ("zmq.", "send send_string send_json send_multipart send_pyobj", "a message queue", False),
    ("socketio.", "emit send", "a web socket", False),
    ("websocket", "send send_text send_binary send_bytes", "a web socket", False),
    ("xmlrpc.client.ServerProxy()", "*", "XML-RPC", False),
    ("smb.SMBConnection", "storeFile", "a network share", False),
    ("pycurl.Curl()", "setopt", "HTTP", False),
    ("asyncio.open_connection", "write writelines", "a socket", False),
    ("telnetlib.Telnet()", "write", "a socket", False),
    ("serial.Serial()", "write", "a serial line", False),
)
SENDERS: dict[str, tuple[tuple[str, str, bool], ...]] = {}
for _base, _methods, _how, _reads in _SENDERS:
    for _method in _methods.split():
        SENDERS[_method] = (*SENDERS.get(_method, ()), (_base, _how, _reads))


def sender(name: str) -> tuple[str, bool] | None:
    """How a call of this full name sends, in words, and whether it takes the path of what it sends; None: it does not."""
    tail = name.rpartition(".")[2]
    for base, how, reads in SENDERS.get(tail, ()):
        if base in name and base != name:
            return how, reads
    return ("XML-RPC", False) if name.startswith("xmlrpc.client.ServerProxy().") else None


# Programs that send what stands in their arguments; and the flags whose value says who asks, not what is told.
DNS_PROGRAMS = frozenset(
    {"nslookup", "dig", "host", "drill", "ping", "ping6", "getent", "kdig", "resolvectl", "Resolve-DnsName"}
)
SEND_PROGRAMS = frozenset(
    {
        "curl",
        "wget",
        "nc",
        "ncat",
        "netcat",
        "scp",
        "rsync",
        "sftp",
        "mail",
        "mailx",
        "mutt",
        "sendmail",
        "telnet",
        "socat",
        "rclone",
        "tftp",
    }
)
IDENTITY_FLAGS = frozenset(
    {
        "-H",
        "--header",
        "-u",
        "--user",
        "-b",
        "--cookie",
        "--oauth2-bearer",
        "-i",
        "-E",
        "--cert",
        "--key",
        "-e",
        "-o",
        "--output",
        "-K",
        "--config",
        "-O",
    }
)
SOCKET_SENDERS = frozenset({"send", "sendall", "sendto", "sendmsg", "sendfile"})
SOCKET_READERS = frozenset({"recv", "recvfrom", "recv_into", "recvmsg"})
SOCKET_OPENERS = (
    "socket.socket()",
    "socket.create_connection()",
    "ssl.wrap_socket()",
    "ssl.create_default_context().wrap_socket()",
)

ADDRESS = re.compile(r"\b(?:https?|ftp|wss?|tcp|udp)://[^\s'\"]{3,}", re.IGNORECASE)
RAW_IP = re.compile(
    r"(?<![\d.])(?!127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|255\.|224\.)(?:\d{1,3}\.){3}\d{1,3}(?![\d.])"
)
LOOPBACK = re.compile(r"^(?:\w+://)?(?:localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[?::1\]?)(?:[:/]|$)", re.IGNORECASE)
# Public drop points as classes of API: their paths, so that a renamed host with the same API still counts.
CHAT_API = re.compile(
    r"/api/(?:v\d+/)?webhooks/\d|/bot[^/\s]*/send(?:Message|Document|Photo)|hooks\.slack\.com|/services/T\w+/B\w+|webhook\.site|pastebin\.com"
    r"|transfer\.sh|file\.io|anonfiles|gofile\.io|paste\.ee|ngrok|requestbin|pipedream\.net|interact\.sh|oast\.|burpcollaborator|/api/api_post\.php"
    r"|hastebin|0x0\.st|discord(?:app)?\.com/api|api\.telegram\.org",
    re.IGNORECASE,
)
