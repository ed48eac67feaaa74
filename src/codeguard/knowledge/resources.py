"""Calls that open something which must be closed, and calls that only borrow it.

Sources: the documentation of each module (`open`, `socket.socket`, `sqlite3.connect`, `aiohttp.ClientSession`, ...),
where it says that the object is to be closed or used as a context manager.
"""

from __future__ import annotations

from collections.abc import Mapping

# Call -> what it opens, in a word.
OPENERS: Mapping[str, str] = {
    "builtins.open": "file",
    "io.open": "file",
    "codecs.open": "file",
    "os.fdopen": "file",
    "tokenize.open": "file",
    "gzip.open": "file",
    "bz2.open": "file",
    "lzma.open": "file",
    "gzip.GzipFile": "file",
    "bz2.BZ2File": "file",
    "tarfile.open": "archive",
    "zipfile.ZipFile": "archive",
    "pathlib.Path().open": "file",
    "socket.socket": "socket",
    "socket.create_connection": "connection",
    "urllib.request.urlopen": "response",
    "sqlite3.connect": "connection",
    "psycopg2.connect": "connection",
    "psycopg.connect": "connection",
    "pymysql.connect": "connection",
    "MySQLdb.connect": "connection",
    "mysql.connector.connect": "connection",
    "pyodbc.connect": "connection",
    "cx_Oracle.connect": "connection",
    "oracledb.connect": "connection",
    "pymssql.connect": "connection",
    "smtplib.SMTP": "connection",
    "smtplib.SMTP_SSL": "connection",
    "imaplib.IMAP4_SSL": "connection",
    "ftplib.FTP": "connection",
    "ftplib.FTP_TLS": "connection",
    "telnetlib.Telnet": "connection",
    "http.client.HTTPConnection": "connection",
    "http.client.HTTPSConnection": "connection",
    "paramiko.SSHClient": "connection",
    "aiohttp.ClientSession": "session",
    "httpx.AsyncClient": "client",
    "multiprocessing.Pool": "pool",
    "concurrent.futures.ProcessPoolExecutor": "pool",
}

# Attributes whose call, or mention, ends or hands on the object.
CLOSERS = frozenset(
    {
        "close", "aclose", "shutdown", "quit", "terminate", "__exit__", "__aexit__", "detach", "logout", "stop", "release",
        "disconnect", "server_close", "makefile", "fileno", "closing", "join", "connector", "_close", "close_all",
    }
)  # fmt: skip

# Calls that use what they are given and do not keep it.
BORROWERS = frozenset(
    {
        "json.load", "json.dump", "pickle.load", "pickle.dump", "marshal.load", "marshal.dump", "csv.reader", "csv.writer",
        "csv.DictReader", "csv.DictWriter", "yaml.safe_load", "yaml.load", "yaml.dump", "yaml.safe_dump", "toml.load",
        "tomllib.load", "tomli.load", "builtins.list", "builtins.print", "builtins.enumerate", "builtins.len",
        "builtins.sorted", "builtins.sum", "builtins.next", "builtins.iter", "builtins.map", "builtins.filter",
        "builtins.zip", "builtins.set", "builtins.tuple", "builtins.max", "builtins.min", "builtins.any", "builtins.all",
        "shutil.copyfileobj", "plistlib.load", "plistlib.dump", "hashlib.file_digest", "numpy.load", "numpy.save",
        "numpy.loadtxt", "pandas.read_csv", "pandas.read_json", "pandas.read_sql", "pandas.read_sql_query",
        "configparser.ConfigParser().read_file", "ast.literal_eval", "xml.etree.ElementTree.parse", "lxml.etree.parse",
        "tokenize.generate_tokens", "builtins.isinstance", "builtins.repr", "builtins.str", "builtins.hasattr",
        "pandas.io.sql.read_sql", "joblib.load", "joblib.dump", "torch.load", "torch.save", "builtins.bool",
    }
)  # fmt: skip
