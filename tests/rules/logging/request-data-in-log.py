import logging

from flask import request

logger = logging.getLogger(__name__)


def search():
    query = request.args["q"]
    logger.info("search for %s", query)  # finding
    logger.info(f"search for {query}")  # finding
    logging.warning("agent " + request.headers.get("User-Agent"))  # finding


def search_well(term):
    query = request.args["q"]
    logger.info("search for %r", query)
    logger.info("search for %s", query.replace("\n", " "))
    page = int(request.args["page"])
    logger.info("page %s", page)
    logger.info("search for %s", term)
