"""Functions of the standard library and of widely used packages that give a coroutine or another awaitable.

Sources: the documentation of asyncio, anyio, trio, aiohttp, httpx, starlette/fastapi, SQLAlchemy (`ext.asyncio`),
redis (`redis.asyncio`), aiosqlite, asyncpg, motor and aiofiles, where it says `async def` or "await".
"""

from __future__ import annotations

_HTTPX = "get post put delete patch head options request send aclose".split()
_SQLALCHEMY = "commit rollback flush refresh close execute scalar scalars get delete merge stream connection".split()
_REDIS = "setex mget mset ttl keys hdel blpop brpop zadd zrange get set delete exists expire incr decr hget hset hgetall lpush rpush lpop rpop lrange sadd smembers publish ping aclose".split()
_REQUEST = "json body form".split()
_FILE = "read write seek close".split()

# Clients of language models whose methods that ask the server are coroutine functions.
MODEL_CLIENTS = ("openai.AsyncOpenAI()", "openai.AsyncAzureOpenAI()", "anthropic.AsyncAnthropic()", "groq.AsyncGroq()")
MODEL_METHODS = frozenset("create parse generate retrieve cancel delete edit".split())
_VERBS = "get post put delete patch head options request".split()
_PG = "fetch fetchrow fetchval execute executemany close".split()
_MONGO = (
    "find_one insert_one insert_many update_one update_many delete_one delete_many replace_one count_documents "
    "find_one_and_update find_one_and_delete distinct create_index estimated_document_count"
).split()
MONGO_METHODS = frozenset(_MONGO)

COROUTINES = frozenset(
    {
        "asyncio.sleep",
        "asyncio.wait",
        "asyncio.wait_for",
        "asyncio.to_thread",
        "asyncio.open_connection",
        "asyncio.start_server",
        "asyncio.create_subprocess_exec",
        "asyncio.create_subprocess_shell",
        "asyncio.Event().wait",
        "asyncio.Lock().acquire",
        "asyncio.Semaphore().acquire",
        "asyncio.Condition().wait",
        "asyncio.Queue().get",
        "asyncio.Queue().put",
        "asyncio.Queue().join",
        "asyncio.Barrier().wait",
        "asyncio.create_subprocess_exec().communicate",
        "asyncio.create_subprocess_exec().wait",
        "asyncio.create_subprocess_shell().communicate",
        "asyncio.create_subprocess_shell().wait",
        "anyio.sleep",
        "anyio.to_thread.run_sync",
        "anyio.connect_tcp",
        "trio.sleep",
        "trio.to_thread.run_sync",
        "aiohttp.ClientSession().close",
        "asyncpg.connect",
        "asyncpg.create_pool",
        *(f"httpx.AsyncClient().{name}" for name in _HTTPX),
        *(f"aiohttp.ClientSession().{verb}().{name}" for verb in _VERBS for name in ("json", "text", "read")),
        *(f"asyncpg.{owner}().{name}" for owner in ("connect", "create_pool", "Connection", "Pool") for name in _PG),
        *(f"aiosqlite.connect().{name}" for name in ("execute", "executemany", "commit", "close", "rollback")),
        *(f"websockets.connect().{name}" for name in ("send", "recv", "close")),
        *(f"aiofiles.open().{name}" for name in ("read", "write", "readline", "readlines", "close", "flush")),
        "asyncio.StreamReader().read",
        "asyncio.StreamReader().readline",
        "asyncio.StreamReader().readexactly",
        "asyncio.StreamWriter().drain",
        *(
            f"{owner}().{name}"
            for owner in (
                "sqlalchemy.ext.asyncio.AsyncSession",
                "AsyncSession",
                "sqlmodel.ext.asyncio.session.AsyncSession",
            )
            for name in _SQLALCHEMY
        ),
        *(f"redis.asyncio.{owner}().{name}" for owner in ("Redis", "from_url") for name in _REDIS),
        *(
            f"{owner}().{name}"
            for owner in ("fastapi.Request", "starlette.requests.Request", "aiohttp.web.Request")
            for name in _REQUEST
        ),
        "aiohttp.web.Request().text",
        "aiohttp.web.Request().read",
        "aiohttp.web.Request().post",
        *(
            f"{owner}().{name}"
            for owner in ("fastapi.UploadFile", "starlette.datastructures.UploadFile")
            for name in _FILE
        ),
    }
)

# By convention these method names are coroutine functions wherever they are defined (PEP 492, PEP 525, asyncio).
COROUTINE_METHODS = frozenset({"aclose", "athrow", "asend", "wait_closed", "__aenter__", "__aexit__", "__anext__"})
