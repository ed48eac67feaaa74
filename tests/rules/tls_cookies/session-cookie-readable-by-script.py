from http.cookies import SimpleCookie


def answer(response, value):
    response.set_cookie("session_id", value, secure=True, httponly=False)  # finding
    response.set_cookie(key="auth_token", value=value, httponly=False)  # finding
    cookie = SimpleCookie()
    cookie["session"]["httponly"] = False  # finding
    return response, cookie


def answer_well(response, value, settings):
    response.set_cookie("session_id", value, secure=True, httponly=True)
    response.set_cookie("csrf_token", value, httponly=False)
    response.set_cookie("theme", value, httponly=False)
    response.set_cookie("session_id", value, httponly=settings.HTTPONLY)
    return response
