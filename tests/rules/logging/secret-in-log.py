import logging

logger = logging.getLogger(__name__)


class Service:
    def __init__(self, log):
        self.log = log

    def login(self, user, password, request, card_number):
        logger.info("login %s with %s", user, password)  # finding
        logging.debug(f"password is {password}")  # finding
        self.log.warning("key: {}".format(user.api_key))  # finding
        logger.error("card " + card_number)  # finding
        logger.info("secret %s" % user.client_secret)  # finding
        logger.info("given %s", request.form["password"])  # finding


def login_well(user, password, math, mask, password_hash, api_key_id):
    logger.info("login %s", user)
    logger.info("password has %d characters", len(password))
    logger.info("key %s", mask(password))
    logger.debug("password is %s", "set" if password else "missing")
    logger.info("hash %s, key id %s", password_hash, api_key_id)
    logger.info("password check failed for %s", user.name)
    return math.log(password)
