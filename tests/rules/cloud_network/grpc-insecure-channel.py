import grpc
import paho.mqtt.client as mqtt


def channels(server, user, password):
    one = grpc.insecure_channel("orders.example.invalid:50051")  # finding
    server.add_insecure_port("0.0.0.0:50051")  # finding
    client = mqtt.Client()
    client.username_pw_set(user, password)
    client.connect("broker.example.invalid", 1883)  # finding
    return one


def good_channels(server, target, user, password):
    one = grpc.secure_channel("orders.example.invalid:50051", grpc.ssl_channel_credentials())
    two = grpc.insecure_channel("localhost:50051")
    three = grpc.insecure_channel(target)
    server.add_insecure_port("unix:/run/app.sock")
    client = mqtt.Client()
    client.username_pw_set(user, password)
    client.tls_set()
    client.connect("broker.example.invalid", 8883)
    return one, two, three
