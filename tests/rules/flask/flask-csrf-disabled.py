import pytest
from flask import Flask
from flask_wtf import CSRFProtect, FlaskForm

app = Flask(__name__)
app.config["WTF_CSRF_ENABLED"] = False  # finding
app.config.update(DEBUG=False, WTF_CSRF_ENABLED=False)  # finding


class SearchForm(FlaskForm):
    class Meta:
        csrf = False  # finding


class CommentForm(FlaskForm):
    class Meta:
        csrf = True


CSRFProtect(app)
app.config["WTF_CSRF_ENABLED"] = True
app.config["WTF_CSRF_TIME_LIMIT"] = None


@pytest.fixture
def client():
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()
