from langchain.agents import load_tools
from langchain_community.tools import ShellTool, WikipediaQueryRun


def bad(llm):
    one = ShellTool()  # finding
    two = ShellTool(ask_human_input=False)  # finding
    three = load_tools(["llm-math", "terminal"], llm=llm)  # finding
    return one, two, three


def good(llm, ask):
    one = ShellTool(ask_human_input=True)
    two = ShellTool(ask_human_input=ask)
    three = load_tools(["llm-math"], llm=llm)
    return one, two, three, WikipediaQueryRun()
