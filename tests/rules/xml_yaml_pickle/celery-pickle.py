from celery import Celery

CELERY_TASK_SERIALIZER = "pickle"  # finding
CELERY_ACCEPT_CONTENT = ["json", "pickle"]  # finding
CELERY_RESULT_SERIALIZER = "json"

app = Celery("tasks")
app.conf.task_serializer = "pickle"  # finding
app.conf.update(accept_content=["pickle", "json"], timezone="UTC")  # finding

good = Celery("tasks", broker="amqp://")
good.conf.task_serializer = "json"
good.conf.update(accept_content=["json"], task_serializer="json")
good.conf.accept_content = ["json", "msgpack"]
SERIALIZERS = ["json", "pickle"]
