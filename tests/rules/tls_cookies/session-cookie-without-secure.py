def answer(response, value):
    response.set_cookie("session", value)  # finding
    response.set_cookie(key="access_token", value=value, httponly=True)  # finding
    return response


def answer_well(response, value, options, settings):
    response.set_cookie("session", value, secure=True, httponly=True)
    response.set_cookie("session", value, secure=settings.SECURE)
    response.set_cookie("theme", value)
    response.set_cookie("session", value, **options)
    response.set_cookie("session", "", max_age=0)
    return response
