"""Ways out of a machine, and what comes back: calls by resolved name, from the libraries' own documentation."""

from __future__ import annotations

import re

_VERBS = ("get", "post", "put", "patch", "request", "head", "delete", "options", "stream", "send")
_CLIENTS = (
    "requests",
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
HTTP_CALLS = frozenset(
    {f"{client}.{verb}" for client in _CLIENTS for verb in _VERBS}
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
        "websockets.connect().send",
        "websockets.connect().recv",
        "xmlrpc.client.ServerProxy",
        "webbrowser.open",
    }
)
GETTERS = frozenset({"get", "urlopen", "urlretrieve", "open", "head", "recv", "getresponse", "download", "stream"})
# Keyword arguments that carry who asks or how, not what is told.
ABOUT_THE_REQUEST = frozenset(
    {"auth", "cookies", "cert", "verify", "proxies", "timeout", "context", "allow_redirects", "stream"}
)

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
        "dnslib.DNSRecord.question",
    }
)
OTHER_CALLS = frozenset(
    {
        "smtplib.SMTP().sendmail",
        "smtplib.SMTP().send_message",
        "smtplib.SMTP_SSL().sendmail",
        "smtplib.SMTP_SSL().send_message",
        "ftplib.FTP().storbinary",
        "ftplib.FTP().storlines",
        "ftplib.FTP_TLS().storbinary",
        "paho.mqtt.publish.single",
        "paho.mqtt.client.Client().publish",
        "discord_webhook.DiscordWebhook",
        "dhooks.Webhook().send",
        "discord.SyncWebhook.from_url().send",
        "telegram.Bot().send_message",
        "telegram.Bot().send_document",
        "telebot.TeleBot().send_message",
        "telebot.TeleBot().send_document",
        "slack_sdk.WebClient().chat_postMessage",
        "slack_sdk.webhook.WebhookClient().send",
        "scapy.all.send",
        "scapy.all.sr1",
        "scapy.send",
        "pastebin.PasteBin().paste",
        "boto3.client().put_object",
        "boto3.client().upload_file",
        "paramiko.SSHClient().open_sftp().put",
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
