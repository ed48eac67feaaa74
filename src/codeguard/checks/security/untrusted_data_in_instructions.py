"""Untrusted data in the instructions to a language model.

A model obeys its system message.  What a user or a document says belongs into a message of its own role, where the
model can tell it from what it is told to do; in the system message, "ignore what was said before" is an order.
See CWE-1427 and OWASP's LLM01.
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS222",
    name="untrusted-data-in-instructions",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(1427, 77),
    flow=Flow(
        kinds=("prompt",),
        harm="whoever controls it can tell the model what to do",
    ),
    fix="Put the data into a message with the role `user`.",
    bad=(
        Bad("""\
from flask import Flask, request
from openai import OpenAI

app = Flask(__name__)
client = OpenAI()


@app.post("/ask")
def ask():
    messages = [
        {"role": "system", "content": f"You help {request.form['name']} with orders."},  # finding
        {"role": "user", "content": request.form["question"]},
    ]
    return {"answer": client.chat.completions.create(model="m", messages=messages).choices[0].message.content}
"""),
        Bad("""\
def messages(notes, question):
    return [
        {"role": "system", "content": "Follow these notes: " + notes},  # finding
        {"role": "user", "content": question},
    ]
"""),
    ),
    good=(
        Good("""\
def messages(notes, question):
    return [
        {"role": "system", "content": "Answer from the notes of the user only."},
        {"role": "user", "content": f"Notes: {notes}"},
        {"role": "user", "content": question},
    ]
"""),
        Good("""\
def messages(instructions, question):
    return [{"role": "system", "content": instructions}, {"role": "user", "content": question}]
"""),
        Good("""\
LANGUAGES = {"de": "German", "en": "English"}


def messages(code, question):
    return [{"role": "system", "content": f"Answer in {LANGUAGES[code]}."}, {"role": "user", "content": question}]
"""),
    ),
)
