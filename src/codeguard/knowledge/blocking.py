"""Calls that keep the calling thread waiting: for time, the network, another program or a person.

Source: the documentation of each function; asyncio's "Developing with asyncio", "Running Blocking Code".
"""

from __future__ import annotations

# Clients whose every method (but those of KEEPS_NOTHING_WAITING) asks a server and waits for its answer.
BLOCKING_CLIENTS = (
    "redis.Redis()",
    "redis.StrictRedis()",
    "redis.from_url()",
    "redis.Redis.from_url()",
    "openai.OpenAI()",
    "openai.AzureOpenAI()",
    "anthropic.Anthropic()",
    "groq.Groq()",
    "mistralai.Mistral()",
    "boto3.client()",
    "boto3.resource()",
    "psycopg2.connect()",
    "pymysql.connect()",
    "MySQLdb.connect()",
    "mysql.connector.connect()",
    "smtplib.SMTP()",
    "smtplib.SMTP_SSL()",
    "paramiko.SSHClient()",
    "pika.BlockingConnection()",
    "elasticsearch.Elasticsearch()",
)
# Last words of calls on such clients that wait for the server; others only prepare something.
WAITING_METHODS = frozenset(
    """get set setex mget mset delete exists expire incr decr hget hset hgetall hdel lpush rpush lpop rpop lrange sadd
    smembers publish ping blpop brpop keys scan ttl create generate parse stream send_message sendmail login connect
    execute executemany commit fetchone fetchall fetchmany callproc get_object put_object upload_file download_file
    upload_fileobj download_fileobj list_objects list_objects_v2 delete_object head_object invoke invoke_model converse
    get_item put_item query update_item scan delete_item send_message receive_message delete_message exec_command search index
    basic_publish start_consuming""".split()
)

_VERBS = ("get", "post", "put", "delete", "patch", "head", "options", "request")

BLOCKING = frozenset(
    {
        "time.sleep",
        "builtins.input",
        "os.system",
        "os.waitpid",
        "subprocess.run",
        "subprocess.call",
        "subprocess.check_call",
        "subprocess.check_output",
        "subprocess.getoutput",
        "subprocess.Popen().wait",
        "subprocess.Popen().communicate",
        "urllib.request.urlopen",
        "urllib.request.urlretrieve",
        "socket.create_connection",
        "socket.gethostbyname",
        "smtplib.SMTP",
        "ftplib.FTP",
        "getpass.getpass",
        "requests.Session().send",
        "urllib3.PoolManager().request",
        "select.select",
        *(
            f"{owner}.{verb}"
            for owner in ("requests", "requests.Session()", "requests.session()", "httpx", "httpx.Client()")
            for verb in _VERBS
        ),
    }
)
