def answer(response, value):
    response.set_cookie("session", value, secure=True, httponly=True)  # finding
    response.set_cookie(key="access_token", value=value, secure=True)  # finding
    response.set_cookie("session", value, samesite="None")  # finding
    return response


def answer_well(response, value, options):
    response.set_cookie("session", value, secure=True, httponly=True, samesite="Lax")
    response.set_cookie("session", value, samesite="strict")
    response.set_cookie("theme", value)
    response.set_cookie("session", value, **options)
    return response
