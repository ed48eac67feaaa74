from autogen import UserProxyAgent
from autogen_ext.code_executors.docker import DockerCommandLineCodeExecutor
from autogen_ext.code_executors.local import LocalCommandLineCodeExecutor
from langchain_experimental.agents import create_pandas_dataframe_agent
from langchain_experimental.tools import PythonREPLTool
from smolagents import CodeAgent


def bad(llm, frame, model):
    one = create_pandas_dataframe_agent(llm, frame, allow_dangerous_code=True)  # finding
    two = PythonREPLTool()  # finding
    three = LocalCommandLineCodeExecutor(work_dir="/srv/work")  # finding
    four = UserProxyAgent("user", code_execution_config={"work_dir": "w", "use_docker": False})  # finding
    five = CodeAgent(tools=[], model=model, additional_authorized_imports=["*"])  # finding
    return one, two, three, four, five


def good(llm, frame, model):
    one = create_pandas_dataframe_agent(llm, frame, allow_dangerous_code=False)
    two = DockerCommandLineCodeExecutor(image="python:3.12-slim")
    three = UserProxyAgent("user", code_execution_config={"work_dir": "w", "use_docker": True})
    four = UserProxyAgent("user", code_execution_config=False)
    five = CodeAgent(tools=[], model=model, additional_authorized_imports=["math"])
    return one, two, three, four, five
