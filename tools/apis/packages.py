"""Which libraries are read, in which versions, with which stubs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Package:
    """A library: its top-level import name, its distribution, the versions to read (oldest first; "" the newest).

    `stubs` are distributions of stubs for it; `covered` modules whose dynamic names stubs or imports show in full;
    `skipped` submodules nobody uses from outside; `internal` modules that are not its API although their names do not
    start with an underscore: of these only the newest version is kept, and of older ones what the API refers to.
    `kept` are private modules of which the last but one version is kept too, because they moved since.
    `extra` are further top-level names that it provides, written into the same file.
    """

    root: str
    distribution: str
    versions: tuple[str, ...] = ("",)
    stubs: tuple[str, ...] = ()
    covered: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    internal: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


TORCH = tuple(
    f"torch.{name}"
    for name in (
        "_inductor", "_dynamo", "_refs", "_prims", "_export", "_decomp", "_functorch", "_higher_order_ops", "_numpy",
        "ao", "testing", "fx", "onnx", "distributed", "utils.tensorboard", "utils.benchmark", "utils.model_dump",
        "utils.bottleneck", "quantization", "export", "package", "jit", "_C._distributed_c10d", "_meta_registrations",
        "_subclasses", "_vendor", "_library", "sparse", "nested", "mtia", "xpu", "backends", "profiler", "func",
    )
)  # fmt: skip

PACKAGES = (
    Package("requests", "requests", ("2.25.1", ""), stubs=("types-requests",)),
    Package("httpx", "httpx", ("0.24.1", "")),
    Package(
        "numpy",
        "numpy",
        ("1.21.6", "1.26.4", ""),
        skipped=("numpy.distutils", "numpy.f2py", "numpy.array_api", "numpy._pyinstaller", "numpy.testing._private"),
        internal=("numpy.core", "numpy.matrixlib", "numpy.compat"),
    ),
    Package(
        "pandas",
        "pandas",
        ("1.5.3", "2.2.3", ""),
        stubs=("pandas-stubs",),
        internal=("pandas.core", "pandas.compat", "pandas.util", "pandas.io", "pandas.tseries", "pandas.plotting._"),
    ),
    Package("scipy", "scipy", ("1.7.3", "1.11.4", "1.16.3", ""), kept=("scipy._lib",)),
    Package("sklearn", "scikit-learn", ("1.0.2", "1.3.2", "")),
    Package("matplotlib", "matplotlib", ("3.8.4", ""), skipped=("matplotlib.backends.qt_editor", "mpl_toolkits")),
    Package("seaborn", "seaborn", ("0.11.2", ""), skipped=("seaborn.external",)),
    Package("flask", "flask", ("2.0.3", "2.3.3", "")),
    Package("werkzeug", "werkzeug", ("2.0.3", "2.3.8", "")),
    Package("jinja2", "jinja2", ("2.11.3", "")),
    Package("markupsafe", "markupsafe"),
    Package("click", "click", ("7.1.2", "")),
    Package(
        "pydantic", "pydantic", ("1.10.18", ""), covered=("pydantic",), skipped=("pydantic.v1", "pydantic.deprecated")
    ),
    Package("fastapi", "fastapi", ("0.70.0", "")),
    Package("starlette", "starlette", ("0.20.4", "")),
    Package(
        "sqlalchemy",
        "sqlalchemy",
        ("1.4.54", ""),
        skipped=(
            "sqlalchemy.testing",
            "sqlalchemy.dialects.mssql",
            "sqlalchemy.dialects.oracle",
            "sqlalchemy.cyextension",
        ),
        internal=("sqlalchemy.dialects", "sqlalchemy.util", "sqlalchemy.sql.compiler", "sqlalchemy.orm.strategies"),
    ),
    Package("bs4", "beautifulsoup4", ("4.12.3", "")),
    Package("aiohttp", "aiohttp", ("3.8.6", "")),
    Package("yarl", "yarl"),
    Package("multidict", "multidict"),
    Package(
        "django",
        "django",
        ("4.2.16", ""),
        skipped=("django.contrib.gis", "django.conf.locale", "django.db.backends.oracle"),
    ),
    Package("rest_framework", "djangorestframework", ("3.14.0", "")),
    Package("openai", "openai", ("0.28.1", "1.55.3", ""), skipped=("openai.types", "openai.cli")),
    Package("anthropic", "anthropic", ("0.34.2", ""), skipped=("anthropic.types",)),
    Package("yaml", "PyYAML", stubs=("types-PyYAML",)),
    Package("paramiko", "paramiko", ("2.12.0", ""), stubs=("types-paramiko",)),
    Package("jwt", "PyJWT", ("1.7.1", "")),
    Package("lxml", "lxml", stubs=("types-lxml",)),
    Package("urllib3", "urllib3", ("1.26.20", "")),
    Package("httpcore", "httpcore"),
    Package("boto3", "boto3", ("1.35.0", "")),
    Package("botocore", "botocore", ("1.35.0", ""), skipped=("botocore.vendored",)),
    Package("s3transfer", "s3transfer"),
    Package("rich", "rich", ("12.6.0", "")),
    Package("docx", "python-docx"),
    Package("astroid", "astroid"),
    Package("pylint", "pylint"),
    Package("hypothesis", "hypothesis", skipped=("hypothesis.vendor",)),
    Package("torch", "torch", ("1.13.1", ""), covered=("torch", "torch._C"), skipped=TORCH),
    Package(
        "transformers",
        "transformers",
        ("4.46.3", ""),
        skipped=("transformers.models", "transformers.integrations", "transformers.kernels"),
    ),
    Package("keras", "keras", ("2.15.0", ""), skipped=("keras.src.backend", "keras._tf_keras")),
    Package("langchain", "langchain", ("0.0.354", "0.3.7", "")),
    Package("langchain_core", "langchain-core", ("0.1.53", "")),
    Package("langchain_openai", "langchain-openai", ("0.1.25", "")),
    Package("redis", "redis", ("3.5.3", "4.6.0", "")),
    Package("celery", "celery", ("5.2.7", "")),
    Package("pytest", "pytest", ("6.2.5", "7.4.4", ""), extra=("_pytest",)),
    Package("PIL", "pillow", ("8.4.0", "9.5.0", "")),
    Package("cryptography", "cryptography", ("3.4.8", "41.0.7", "")),
    Package("psycopg2", "psycopg2-binary", stubs=("types-psycopg2",)),
    Package("psycopg", "psycopg"),
    Package("pymongo", "pymongo", ("3.13.0", "")),
    Package("typer", "typer", ("0.4.2", "")),
    Package("tqdm", "tqdm", ("4.66.5", ""), stubs=("types-tqdm",)),
    Package("dotenv", "python-dotenv", ("0.19.2", "")),
    Package("networkx", "networkx", ("2.6.3", "3.1", "")),
    Package(
        "streamlit", "streamlit", ("1.38.0", ""), skipped=("streamlit.proto", "streamlit.testing", "streamlit.web")
    ),
    Package("gradio", "gradio", ("3.50.2", "")),
    Package(
        "selenium",
        "selenium",
        ("3.141.0", ""),
        skipped=("selenium.webdriver.common.devtools", "selenium.webdriver.common.bidi"),
    ),
    Package("websockets", "websockets", ("10.4", "")),
    Package("tenacity", "tenacity", ("8.2.3", "")),
    Package("marshmallow", "marshmallow", ("3.21.3", "")),
    Package("loguru", "loguru"),
    Package("attr", "attrs", extra=("attrs",)),
    Package("cv2", "opencv-python"),
    Package("tiktoken", "tiktoken"),
    Package("paho", "paho-mqtt"),
    Package("psutil", "psutil", stubs=("types-psutil",)),
    Package("dateutil", "python-dateutil", stubs=("types-python-dateutil",)),
    Package("pymysql", "pymysql", stubs=("types-PyMySQL",)),
    Package("sqlmodel", "sqlmodel"),
    Package("pydantic_settings", "pydantic-settings"),
    Package("passlib", "passlib", stubs=("types-passlib",)),
    Package("bcrypt", "bcrypt"),
    Package("jose", "python-jose", stubs=("types-python-jose",)),
    Package("openpyxl", "openpyxl", stubs=("types-openpyxl",)),
    Package("uvicorn", "uvicorn"),
    Package("structlog", "structlog"),
    Package("asyncpg", "asyncpg", stubs=("asyncpg-stubs",)),
    Package("aiosqlite", "aiosqlite"),
    Package("joblib", "joblib", skipped=("joblib.externals",)),
    Package("docker", "docker", ("7.1.0", ""), stubs=("types-docker",)),
    Package("tornado", "tornado", ("",)),
    Package("aiofiles", "aiofiles", stubs=("types-aiofiles",)),
)
