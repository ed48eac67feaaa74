import logging
import traceback

from flask import Flask, jsonify

app = Flask(__name__)
logger = logging.getLogger(__name__)


def one(work):
    try:
        return work()
    except Exception:
        return traceback.format_exc(), 500  # finding


def two(work):
    try:
        return work()
    except Exception:
        return jsonify({"trace": traceback.format_exc()})  # finding


def three(work):
    try:
        return work()
    except Exception:
        trace = traceback.format_exc()
        return jsonify(error="failed", trace=trace)  # finding


@app.route("/")
def four():
    try:
        return app.name
    except Exception:
        return traceback.format_exc()  # finding


def good_one(work):
    try:
        return work()
    except Exception:
        logger.error(traceback.format_exc())
        return jsonify({"error": "internal error"}), 500


def good_two(work):
    try:
        return work()
    except Exception:
        trace = traceback.format_exc()
        logger.error(trace)
        return jsonify(error="internal error")


def good_three(work, debug):
    try:
        return work()
    except Exception:
        return jsonify(traceback.format_exc() if debug else "internal error")


def format_error():
    return traceback.format_exc()
