import logging

from django.http import HttpResponse, JsonResponse
from fastapi import HTTPException
from flask import jsonify

logger = logging.getLogger(__name__)


def one(work):
    try:
        return work()
    except Exception as e:
        return jsonify({"error": str(e)}), 500  # finding


def two(work):
    try:
        return work()
    except ValueError:
        return HttpResponse("bad value", status=400)
    except Exception as error:
        logger.exception("failed")
        return HttpResponse(f"failed: {error}", status=500)  # finding


async def three(work):
    try:
        return await work()
    except Exception as exc:
        raise HTTPException(status_code=500, detail=str(exc))  # finding
    finally:
        work.close()


def four(work):
    try:
        return work()
    except Exception as e:
        return jsonify(error=str(e))  # finding


def good_one(work):
    try:
        return work()
    except Exception as e:
        logger.error("failed: %s", str(e))
        return jsonify({"error": "internal error"}), 500


def good_two(work):
    try:
        return work()
    except ValueError as e:
        return JsonResponse({"error": str(e)}, status=400)


def good_three(work, results):
    try:
        return work()
    except Exception as e:
        results.append(str(e))
        raise HTTPException(status_code=500, detail="internal error") from e
