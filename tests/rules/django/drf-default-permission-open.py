REST_FRAMEWORK = {  # finding
    "PAGE_SIZE": 20,
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
}
REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": []}  # finding
REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ("rest_framework.permissions.AllowAny",)}  # finding

REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"]}
REST_FRAMEWORK = {"DEFAULT_THROTTLE_CLASSES": []}
REST_FRAMEWORK = {"PAGE_SIZE": 20}
