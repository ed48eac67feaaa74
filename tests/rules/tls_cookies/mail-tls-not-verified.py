import ftplib
import imaplib
import smtplib
import ssl


def send(host, message):
    server = smtplib.SMTP(host, 587)
    server.starttls()  # finding
    server.send_message(message)
    with smtplib.SMTP(host) as other:
        other.starttls()  # finding
    third = smtplib.SMTP_SSL(host, 465)  # finding
    box = imaplib.IMAP4_SSL(host)  # finding
    files = ftplib.FTP_TLS(host)  # finding
    return third, box, files


def send_well(host, message, options, connection):
    context = ssl.create_default_context()
    server = smtplib.SMTP(host, 587)
    server.starttls(context=context)
    server.send_message(message)
    third = smtplib.SMTP_SSL(host, 465, context=context)
    box = imaplib.IMAP4_SSL(host, ssl_context=context)
    files = ftplib.FTP_TLS(**options)
    connection.starttls()
    return third, box, files
