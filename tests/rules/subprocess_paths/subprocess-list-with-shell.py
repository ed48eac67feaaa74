import subprocess
import sys


def bad(path):
    subprocess.run(["ls", "-l", path], shell=True, check=True)  # finding
    subprocess.check_output(("ls", path), text=True, shell=True)  # finding
    command = subprocess.Popen(["git", "status"], cwd=path, shell=True)  # finding
    return command


def good(path):
    subprocess.run(["ls", "-l", path], check=True)
    subprocess.run(["ls -l"], shell=True, check=True)
    subprocess.run("ls -l", shell=True, check=True)
    subprocess.run(["ls", path], shell=False, check=True)
    if sys.platform == "win32":
        subprocess.run(["dir", path], shell=True, check=True)
