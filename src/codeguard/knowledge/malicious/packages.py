"""Names of popular packages, as they are imported, and real names that lie close to them.

The popular names are those of the most downloaded distributions that have a name of their own; the neighbours are
existing, unrelated or related packages that differ from one of them by a single letter.  A wrong row is a one-line
fix.
"""

from __future__ import annotations

POPULAR = frozenset(
    """
    requests urllib3 numpy pandas scipy matplotlib seaborn sklearn tensorflow keras torch torchvision transformers
    datasets flask django fastapi starlette uvicorn gunicorn aiohttp httpx pydantic sqlalchemy alembic psycopg2 pymysql
    mysqlclient pymongo redis celery kombu boto3 botocore awscli azure google paramiko cryptography bcrypt pyjwt passlib
    certifi chardet charset_normalizer idna setuptools wheel virtualenv pip pytest hypothesis coverage tox mypy pylint
    flake8 black isort click typer colorama rich tqdm pyyaml yaml toml tomli jinja2 markupsafe werkzeug itsdangerous
    beautifulsoup4 bs4 lxml html5lib selenium scrapy playwright pillow opencv cv2 imageio plotly bokeh dash streamlit
    jupyter notebook ipython ipykernel networkx sympy statsmodels xgboost lightgbm catboost nltk spacy gensim openai
    anthropic langchain tiktoken dateutil python_dateutil pytz tzdata simplejson ujson orjson msgpack protobuf grpcio
    websocket websockets tornado twisted gevent eventlet docker kubernetes ansible fabric psutil watchdog pyinstaller
    cython numba pycryptodome pynacl discord telethon telegram tweepy slack_sdk stripe twilio sendgrid sentry_sdk
    prometheus_client elasticsearch kafka confluent_kafka pyspark airflow dask openpyxl xlrd xlsxwriter docx reportlab
    pdfminer pypdf2 pyperclip pyautogui pynput web3 eth_account solana bitcoinlib attrs jsonschema marshmallow
    packaging pyparsing regex lxml tabulate termcolor loguru structlog tenacity httplib2 oauthlib requests_oauthlib
    """.split()
)
NEIGHBOURS = frozenset(
    """
    python cpython pypy jython authlib cattrs pycryptodomex pymssql opencv_python kafka_python pyaml discord_py cchardet spython gsutil willow
    msgpack_python unicorn pyshark bpython grequests fastai python_bitcoinlib opencc torchx scrypt pbspark ngboost pymantic
    retworkx datazets ctransformers djongo pylink ipytest openapi mocker
    urllib2 httplib request requests2 pandera panda torch2 flask2 flasks djangos boto redist radis rich2 tqdm2 attr pydantic2 blake
    clicks typed typers rick pytest_ pytests ply plot pysyntax docker_ dash2 tor kafkas json yaml2 tomlkit tomllib toml2
    sphinx psycopg psycopg3 mongo pymongo2 tox2 celery2 black2 mypyc http httpx2 httpcore numpy2 jupyter_ scapy spacy2
    fabric2 fabric3 fabrics websockets2 websocket2 datasets2 dataset telegram2 discords nacl dateutils solara solar
    dask2 pypdf pypdf3 pypdf4 docx2 keras2 pil lxml2 boto2 wheels scraper colorlog coloramas tornados stripes regexp
    web2 web pips open3d notebooks sanic trio anyio mypy_ cerberus redis2 idna2 pytz2 google2 ujson2 orjson2 jinja
    pyspark2 tensorflow2 xlwt xlrd2 xgboost2 nltk2 rich_ telethon2 packages clint
    """.split()
)
