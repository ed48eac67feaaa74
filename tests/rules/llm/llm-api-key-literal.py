import os

import anthropic
import openai
from langchain_openai import ChatOpenAI
from openai import AsyncOpenAI, OpenAI

openai.api_key = "sk-proj-0a1b2c3d4e5f6071"  # finding
os.environ["OPENAI_API_KEY"] = "sk-proj-0a1b2c3d4e5f6071"  # finding
one = OpenAI(api_key="sk-proj-0a1b2c3d4e5f6071")  # finding
two = anthropic.Anthropic(api_key="sk-ant-0a1b2c3d4e5f6071", timeout=10)  # finding
three = ChatOpenAI(model="m", openai_api_key="sk-proj-0a1b2c3d4e5f6071")  # finding

openai.api_key = os.environ["OPENAI_API_KEY"]
os.environ["OPENAI_API_KEY"] = "your-openai-api-key-here"
os.environ["OPENAI_ORGANIZATION"] = "org-0a1b2c3d4e5f6071"
four = OpenAI(api_key=os.environ["OPENAI_API_KEY"])
five = OpenAI(base_url="http://127.0.0.1:11434/v1", api_key="ollama")
six = AsyncOpenAI(api_key="sk-xxxxxxxxxxxxxxxxxxxxxxxx")
