import html

import nh3
import streamlit as st
from fastapi.responses import HTMLResponse
from flask import Flask, jsonify, render_template, render_template_string
from markupsafe import Markup, escape
from openai import OpenAI

app = Flask(__name__)
client = OpenAI()


@app.route("/ask")
def ask():
    answer = client.responses.create(model="m", input="Hello").output_text
    if len(answer) > 100:
        return render_template("answer.html", answer=Markup(answer))  # finding
    if len(answer) > 50:
        return render_template_string("<p>" + answer + "</p>")  # finding
    return f"<p>{answer}</p>"  # finding


def show(messages):
    reply = client.chat.completions.create(model="m", messages=messages)
    st.markdown(reply.choices[0].message.content, unsafe_allow_html=True)  # finding
    return HTMLResponse(f"<p>{reply.choices[0].message.content}</p>")  # finding


@app.route("/safe/ask")
def safe_ask():
    answer = client.responses.create(model="m", input="Hello").output_text
    if len(answer) > 100:
        return render_template("answer.html", answer=answer)
    if len(answer) > 50:
        return jsonify(answer=answer)
    return f"<p>{escape(answer)}</p>"


def safe_show(messages):
    reply = client.chat.completions.create(model="m", messages=messages)
    st.markdown(reply.choices[0].message.content)
    st.markdown("<hr>", unsafe_allow_html=True)
    page = Markup(nh3.clean(reply.choices[0].message.content))
    return page, HTMLResponse(html.escape(reply.choices[0].message.content))
