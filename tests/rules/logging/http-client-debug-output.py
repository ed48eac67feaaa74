import http.client
import smtplib

import boto3


def trace(host):
    http.client.HTTPConnection.debuglevel = 1  # finding
    server = smtplib.SMTP(host)
    server.set_debuglevel(1)  # finding
    boto3.set_stream_logger("")  # finding
    return server


def trace_well(host, level):
    server = smtplib.SMTP(host)
    server.set_debuglevel(0)
    server.set_debuglevel(level)
    boto3.set_stream_logger("boto3.resources")
    return server
