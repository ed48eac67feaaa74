import secrets
import uuid
from uuid import uuid1


def issue(user, session):
    reset_token = str(uuid.uuid1())  # finding
    session["session_id"] = uuid1().hex  # finding
    return {"api_key": str(uuid.uuid1())}, reset_token, user  # finding


def new_session_id():
    return uuid.uuid1().hex  # finding


def issue_well(user):
    token = secrets.token_urlsafe(32)
    request_id = uuid.uuid1()
    record = {"id": str(uuid.uuid1()), "token": str(uuid.uuid4())}
    session_id = uuid.uuid4().hex
    return token, request_id, record, session_id, user
