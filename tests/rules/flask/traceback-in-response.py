import logging
import traceback

from fastapi import HTTPException
from flask import Flask, jsonify

app = Flask(__name__)


@app.route("/run")
def run():
    try:
        return work()
    except ValueError:
        return traceback.format_exc(), 500  # finding
    except KeyError:
        return jsonify(error=traceback.format_exc()), 500  # finding
    except TypeError:
        details = traceback.format_exc()
        return jsonify({"error": "failed", "details": details}), 500  # finding


async def run_async():
    try:
        return work()
    except ValueError as error:
        raise HTTPException(status_code=500, detail=traceback.format_exc()) from error  # finding


@app.route("/safe")
def safe():
    try:
        return work()
    except ValueError:
        app.logger.error(traceback.format_exc())
        return jsonify(error="internal error"), 500


def describe():
    logging.getLogger(__name__).debug("%s", traceback.format_exc())
    return traceback.format_exc()


async def safe_async():
    try:
        return work()
    except ValueError as error:
        raise HTTPException(status_code=500, detail="internal error") from error


def work():
    return "done"
