import imaplib
import smtplib
import ssl


def send(host, user, password, message):
    server = smtplib.SMTP(host, 587)
    server.login(user, password)  # finding
    server.send_message(message)
    with smtplib.SMTP(host) as other:
        other.login(user, password)  # finding


def read(host, user, password):
    box = imaplib.IMAP4(host)
    box.login(user, password)  # finding
    return box


def send_well(host, user, password, message, use_tls):
    server = smtplib.SMTP(host, 587)
    server.starttls(context=ssl.create_default_context())
    server.login(user, password)
    with smtplib.SMTP_SSL(host) as other:
        other.login(user, password)
    with smtplib.SMTP(host) as third:
        third.ehlo()
        third.starttls()
        third.login(user, password)
    fourth = smtplib.SMTP(host)
    if use_tls:
        fourth.starttls()
    fourth.login(user, password)
    box = imaplib.IMAP4_SSL(host)
    box.login(user, password)
    relay = smtplib.SMTP("localhost")
    relay.send_message(message)
