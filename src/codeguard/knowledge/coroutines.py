"""Functions of the standard library and of widely used packages that give a coroutine or another awaitable.

Sources: the documentation of asyncio, anyio, trio, aiohttp, httpx, starlette/fastapi, SQLAlchemy (`ext.asyncio`),
redis (`redis.asyncio`), aiosqlite, asyncpg, motor and aiofiles, where it says `async def` or "await".
"""

from __future__ import annotations

_HTTPX = "get post put delete patch head options request send aclose".split()
_SQLALCHEMY = "commit rollback flush refresh close execute scalar scalars get delete merge stream connection".split()
_REDIS = "get set delete exists expire incr decr hget hset hgetall lpush rpush lpop rpop lrange sadd smembers publish ping aclose".split()
_REQUEST = "json body form".split()
_FILE = "read write seek close".split()

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
