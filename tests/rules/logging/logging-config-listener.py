import logging.config
from logging.config import listen


def start(port):
    logging.config.listen(9030).start()  # finding
    return listen(port)  # finding


def start_well(port, check, server):
    logging.config.listen(9030, verify=check).start()
    logging.config.dictConfig({"version": 1})
    server.listen(port)
    return logging.config.stopListening()
