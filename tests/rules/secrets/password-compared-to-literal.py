import hmac


def allowed(request, password, secret_key):
    if password == "letmein":  # finding
        return True
    if request.form["password"] == "admin":  # finding
        return True
    if request.form.get("password") != "hunter2":  # finding
        return False
    return hmac.compare_digest(secret_key, "notrealkey")  # finding


def allowed_well(hasher, stored, password, password_type, request):
    if password == "" or password == "none":
        return False
    if password_type == "letmein" or request.form["action"] == "login":
        return True
    if password == stored.password:
        return True
    return hasher.verify(stored, password)
