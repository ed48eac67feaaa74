import json
import os
import shlex
import subprocess

import ollama
from openai import OpenAI

client = OpenAI()
COMMANDS = {"disk": ["df", "-h"]}


def bad(messages):
    reply = client.chat.completions.create(model="m", messages=messages)
    command = reply.choices[0].message.content
    subprocess.run(command, shell=True, check=True)  # finding
    os.system(f"cd /srv && {command}")  # finding
    subprocess.run(shlex.split(command), check=True)  # finding
    subprocess.run(["bash", "-c", command], check=True)  # finding
    answer = ollama.chat(model="m", messages=messages)
    return os.popen(answer["message"]["content"]).read()  # finding


def good(messages):
    reply = client.chat.completions.create(model="m", messages=messages)
    answer = json.loads(reply.choices[0].message.content)
    subprocess.run(COMMANDS["disk"], check=True)
    subprocess.run(["grep", "-F", "--", answer["word"], "log.txt"], check=True)
    os.system("echo " + shlex.quote(answer["word"]))
    subprocess.run("df -h", shell=True, check=True)


def good_listed(messages):
    command = client.responses.create(model="m", input=messages).output_text
    if command not in {"uptime", "date"}:
        raise ValueError(command)
    subprocess.run(command, shell=True, check=True)


def good_confirmed(messages, confirm):
    command = client.responses.create(model="m", input=messages).output_text
    if not confirm(command):
        return
    subprocess.run(command, shell=True, check=True)
