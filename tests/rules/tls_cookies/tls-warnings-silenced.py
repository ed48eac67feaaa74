import warnings

import requests
import urllib3


def quiet():
    urllib3.disable_warnings()  # finding
    urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)  # finding
    requests.packages.urllib3.disable_warnings()  # finding


def normal(logger):
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    logger.disable_warnings()
    urllib3.add_stderr_logger()
