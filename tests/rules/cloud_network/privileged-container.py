import docker
from kubernetes import client as k8s


def start(image):
    engine = docker.from_env()
    engine.containers.run(image, privileged=True)  # finding
    engine.containers.run(image, volumes={"/var/run/docker.sock": {"bind": "/var/run/docker.sock"}})  # finding
    return k8s.V1SecurityContext(privileged=True)  # finding


def start_well(image, folder):
    engine = docker.from_env()
    engine.containers.run(image, cap_add=["NET_ADMIN"])
    engine.containers.run(image, privileged=False, volumes={folder: {"bind": "/data", "mode": "ro"}})
    return k8s.V1SecurityContext(privileged=False, allow_privilege_escalation=False)
