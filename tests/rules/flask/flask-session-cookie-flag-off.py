from flask import Flask

app = Flask(__name__)
app.config["SESSION_COOKIE_SECURE"] = False  # finding
app.config["SESSION_COOKIE_HTTPONLY"] = False  # finding
app.config.update(PERMANENT_SESSION_LIFETIME=600, REMEMBER_COOKIE_SECURE=False)  # finding

app.config["SESSION_COOKIE_SECURE"] = True
app.config["SESSION_COOKIE_NAME"] = "sid"
app.config.update(SESSION_COOKIE_SECURE=True, SESSION_COOKIE_HTTPONLY=True)
app.config["SESSION_REFRESH_EACH_REQUEST"] = False
if app.debug:
    app.config["SESSION_COOKIE_SECURE"] = False
