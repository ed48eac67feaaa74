from http.cookies import SimpleCookie


def answer(response, name, value):
    response.set_cookie("session", value, secure=False)  # finding
    response.set_cookie(name, value, httponly=True, secure=False, samesite="Lax")  # finding
    cookie = SimpleCookie()
    cookie["session"]["secure"] = False  # finding
    return response, cookie


def answer_well(response, value, settings):
    response.set_cookie("session", value, secure=True, httponly=True)
    response.set_cookie("session", value, secure=settings.SECURE)
    response.set_cookie("theme", value)
    cookie = SimpleCookie()
    cookie["session"]["secure"] = True
    return response, cookie
