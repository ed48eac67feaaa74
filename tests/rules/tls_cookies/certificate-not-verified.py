import aiohttp
import httpx
import pycurl
import requests
import urllib3


async def fetch(url, session, curl):
    one = requests.get(url, verify=False, timeout=5)  # finding
    two = httpx.Client(verify=False)  # finding
    pool = urllib3.PoolManager(cert_reqs="CERT_NONE")  # finding
    mine = requests.Session()
    mine.verify = False  # finding
    three = await session.get(url, ssl=False)  # finding
    connector = aiohttp.TCPConnector(ssl=False)  # finding
    curl.setopt(pycurl.SSL_VERIFYPEER, 0)  # finding
    four = mine.post(url, json={"a": 1}, verify=False)  # finding
    return one, two, pool, three, connector, four


async def fetch_well(url, session, curl, choice, form):
    one = requests.get(url, timeout=5)
    two = httpx.Client(verify="ca.pem")
    pool = urllib3.PoolManager(cert_reqs="CERT_REQUIRED")
    mine = requests.Session()
    mine.verify = choice
    three = await session.get(url)
    connector = aiohttp.TCPConnector()
    curl.setopt(pycurl.SSL_VERIFYPEER, 1)
    if choice:
        curl.setopt(pycurl.SSL_VERIFYHOST, 2)
    else:
        curl.setopt(pycurl.SSL_VERIFYHOST, 0)
    form.verify = False
    four = form.check(verify=False)
    five = requests.get(url, verify=choice)
    return one, two, pool, three, connector, four, five
