def answer(response, value):
    response.set_cookie("session", value)  # finding
    response.set_cookie(key="access_token", value=value, secure=True)  # finding
    return response


def answer_well(response, value, options):
    response.set_cookie("session", value, secure=True, httponly=True)
    response.set_cookie("csrf_token", value, secure=True)
    response.set_cookie("theme", value)
    response.set_cookie("session", value, **options)
    response.set_cookie("session", "", expires=0)
    return response
