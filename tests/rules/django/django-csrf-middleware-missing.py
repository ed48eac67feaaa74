# finding
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]

MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware"]  # finding

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]

MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]

OLD_MIDDLEWARE = ["django.contrib.sessions.middleware.SessionMiddleware"]
