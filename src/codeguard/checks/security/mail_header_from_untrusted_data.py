"""Untrusted data in the headers of a mail that is put together as text.

A line end in a subject or an address begins another header: the mail goes to whom the attacker wants (`Bcc:`), or has
another body.  Build mails with `email.message.EmailMessage`, which refuses line ends in headers, or remove them.
See CWE-93 and the documentation of Python's `email.policy`.
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS219",
    name="mail-header-from-untrusted-data",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(93,),
    flow=Flow(
        kinds=("mail",),
        harm="a line end in it adds headers and receivers to the mail",
    ),
    fix="Build the mail with `email.message.EmailMessage`.",
    bad=(
        Bad("""\
import smtplib
from flask import Flask, request

app = Flask(__name__)


@app.post("/contact")
def contact():
    subject = request.form["subject"]
    text = "From: web@example.invalid\\r\\nSubject: " + subject + "\\r\\n\\r\\n" + request.form["body"]
    smtplib.SMTP("localhost").sendmail("web@example.invalid", ["me@example.invalid"], text)  # finding
    return "sent"
"""),
        Bad("""\
import smtplib


def notify(to, what):
    with smtplib.SMTP("localhost") as server:
        server.sendmail("web@example.invalid", [to], f"To: {to}\\nSubject: News\\n\\n{what}")  # finding
"""),
    ),
    good=(
        Good("""\
import smtplib
from email.message import EmailMessage


def notify(to, what):
    mail = EmailMessage()
    mail["To"] = to
    mail["Subject"] = "News"
    mail.set_content(what)
    smtplib.SMTP("localhost").send_message(mail)
"""),
        Good("""\
import smtplib


def notify(what):
    text = f"To: me@example.invalid\\nSubject: News\\n\\n{what}"
    smtplib.SMTP("localhost").sendmail("web@example.invalid", ["me@example.invalid"], text)
"""),
        Good("""\
import smtplib


def notify(subject, what):
    subject = subject.replace("\\n", " ")
    text = f"To: me@example.invalid\\nSubject: {subject}\\n\\n{what}"
    smtplib.SMTP("localhost").sendmail("web@example.invalid", ["me@example.invalid"], text)
"""),
    ),
)
