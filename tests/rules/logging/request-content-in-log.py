import logging

logger = logging.getLogger(__name__)


def handle(request):
    logger.debug("got %s", request.form)  # finding
    logger.info(f"body {request.get_json()}")  # finding
    logger.info("headers: %s", request.headers)  # finding


def handle_well(request, response):
    logger.debug("got %d fields", len(request.form))
    logger.debug("path %s", request.path)
    logger.debug("answer %s", response.data)
    return request.form
