import logging

from fastapi import FastAPI, HTTPException
from fastapi.responses import JSONResponse
from flask import Flask, jsonify

api = FastAPI()
web = Flask(__name__)
logger = logging.getLogger(__name__)


@api.get("/items")
async def items():
    try:
        return work()
    except Exception as error:
        raise HTTPException(status_code=500, detail=str(error)) from error  # finding


@api.get("/users")
async def users():
    try:
        return work()
    except Exception as e:
        return JSONResponse({"error": str(e)}, status_code=500)  # finding


@web.route("/orders")
def orders():
    try:
        return work()
    except Exception as e:
        return jsonify(error=str(e)), 500  # finding


@web.route("/sums")
def sums():
    try:
        return work()
    except Exception as e:
        return f"failed: {e}", 500  # finding


@api.get("/safe/items")
async def safe_items():
    try:
        return work()
    except ValueError as error:
        raise HTTPException(status_code=400, detail=str(error)) from error
    except Exception as error:
        logger.error("failed: %s", str(error))
        raise HTTPException(status_code=500, detail="internal error") from error


@web.route("/safe/orders")
def safe_orders():
    try:
        return work()
    except Exception:
        logger.exception("failed")
        return jsonify(error="internal error"), 500


def work():
    return "done"
