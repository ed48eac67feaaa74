import logging

logger = logging.getLogger(__name__)


def handle(request):
    logger.debug("auth: %s", request.headers["Authorization"])  # finding
    logger.info(f"auth {request.headers.get('Authorization')}")  # finding
    logger.info("cookies %s", request.cookies)  # finding
    logging.warning("auth " + request.headers.get("Authorization"))  # finding


def handle_well(request, user):
    logger.debug("request of user %s", user.id)
    logger.debug("agent: %s", request.headers["User-Agent"])
    logger.debug("%d cookies", len(request.cookies))
    token = request.headers["Authorization"]
    return token
