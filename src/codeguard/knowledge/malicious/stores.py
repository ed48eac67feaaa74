"""Where secrets lie on a machine, and what tells one machine or person from another.

Paths are those that the programs' own documentation gives: OpenSSH (`ssh(1)`), AWS CLI, Google Cloud SDK, Azure CLI,
kubectl, Docker, GnuPG, git, npm, pip/twine (`.pypirc`), `netrc(5)`, `shadow(5)`, Chromium and Firefox profile
folders, the wallets of Bitcoin Core, Electrum, Exodus, geth and Solana, KeePass, and Discord's LevelDB store.
"""

from __future__ import annotations

import re

from codeguard.knowledge.malicious.gate import Gated

CREDENTIAL_PATH = re.compile(
    r"\.ssh(?:[/\\]|\b(?!.*(?:known_hosts|config)))|(?<![\w-])id_(?:rsa|dsa|ecdsa|ed25519|\*)|\.aws[/\\]?(?:credentials|config)?\b|\.netrc\b"
    r"|\.git-credentials|\.pypirc|\.npmrc|\.docker[/\\]config\.json|\.kube[/\\]config|\.gnupg\b|\.azure[/\\]"
    r"|gcloud[/\\](?:credentials|application_default|legacy)|application_default_credentials\.json"
    r"|\bgh[/\\]hosts\.yml|\.(?:bash|zsh)_history\b|/etc/(?:passwd|shadow|gshadow|sudoers)|\.pgpass\b|\.my\.cnf\b|\.vault-token|\.terraform\.d[/\\]cred"
    r"|(?:^|[/\\])\.env(?:\.\w+)?$|\.cargo[/\\]credentials|\.claude[/\\]\.credentials|\.config[/\\]rclone"
    r"|serviceaccount[/\\]token|\bSAM$|NTDS\.dit|/proc/(?:self|\d+|\*)/environ|169\.254\.169\.254|metadata\.google\.internal",
    re.IGNORECASE,
)
PUBLIC_HALF = re.compile(r"known_hosts|\.pub\b|\.ssh[/\\]config\b|authorized_keys")
BROWSER_STORE = Gated(
    re.compile(
        r"\bLogin Data\b|\bLocal State\b|\bWeb Data\b|\blogins\.json\b|\bkey[34]\.db\b|\bcookies\.sqlite\b|(?:^|[/\\])Cookies$"
        r"|\bsignons\.sqlite\b|[/\\]User Data\b|google-chrome\b|\bBraveSoftware\b|Mozilla[/\\]+Firefox|\.mozilla[/\\]firefox"
        r"|Local Storage[/\\]+leveldb|\bdiscord(?:canary|ptb)?[/\\]+Local Storage|\bOpera Software\b|\bpassword_value\b"
        r"|\bencryptedPassword\b|Telegram Desktop[/\\]+tdata",
        re.IGNORECASE,
    ),
    words=(
        "login data",
        "local state",
        "web data",
        "logins.json",
        "key3.db",
        "key4.db",
        "cookies",
        "signons.sqlite",
        "user data",
        "google-chrome",
        "bravesoftware",
        "firefox",
        "local storage",
        "opera software",
        "password_value",
        "encryptedpassword",
        "tdata",
    ),
    near=True,
)
WALLET = re.compile(
    r"wallet\.dat\b|\.electrum\b|[/\\]Electrum[/\\]|\bExodus[/\\]|exodus\.wallet|\.ethereum\b|[/\\]keystore\b|\.bitcoin\b|\.kdbx\b"
    r"|\.config[/\\]solana|\.monero\b|\bAtomic[/\\]Local Storage|nkbihfbeogaeaoehlefnkodbefgpgknn|bfnaelmomeimhlpmgjnjophhpkkoljpa"
    r"|\bLedger Live\b|default_wallet\b|\bseed(?:_| )?phrase\b|1password\.sqlite|Bitwarden[/\\]data",
    re.IGNORECASE,
)
HISTORY = Gated(
    re.compile(
        r"\.(?:bash|zsh|python|sqlite|mysql|psql)_history\b|\bfish_history\b|[/\\](?:wtmp|btmp|utmp|lastlog)\b"
        r"|/var/log(?:/|$)|[/\\]auth\.log\b|winevt[/\\]Logs|ConsoleHost_history",
        re.IGNORECASE,
    ),
    words=(
        "_history",
        "wtmp",
        "btmp",
        "utmp",
        "lastlog",
        "/var/log",
        "auth.log",
        "winevt",
    ),
    near=True,
)
SECRET_VARIABLE = re.compile(
    r"TOKEN|SECRET|PASSW|PASSWD|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIAL|SSH_AUTH_SOCK|DATABASE_URL|KUBECONFIG",
    re.IGNORECASE,
)
# Variables whose values their services take signed or in a header: no API wants them in a body or an address.
NEVER_SENT = re.compile(
    r"^(?:AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|AWS_ACCESS_KEY_ID|GITHUB_TOKEN|GH_TOKEN|GITLAB_TOKEN|CI_JOB_TOKEN|NPM_TOKEN|PYPI_TOKEN"
    r"|PYPI_API_TOKEN|TWINE_PASSWORD|DATABASE_URL|AZURE_CLIENT_SECRET|GOOGLE_APPLICATION_CREDENTIALS|KUBECONFIG|SSH_AUTH_SOCK"
    r"|ACTIONS_RUNTIME_TOKEN|ACTIONS_ID_TOKEN_REQUEST_TOKEN|DOCKER_PASSWORD|OPENAI_API_KEY|ANTHROPIC_API_KEY|VAULT_TOKEN)$"
)
PERSON_VARIABLE = re.compile(r"^(?:USER|USERNAME|LOGNAME|HOSTNAME|COMPUTERNAME|USERDOMAIN|HOME|USERPROFILE|PWD)$")

# Calls that say who and where this is: name -> what it tells.
HOST_CALLS = {
    "getpass.getuser": "the user name",
    "os.getlogin": "the user name",
    "pwd.getpwuid": "the user name",
    "platform.node": "the host name",
    "platform.uname": "the host name",
    "os.uname": "the host name",
    "socket.gethostname": "the host name",
    "socket.getfqdn": "the host name",
    "uuid.getnode": "the hardware address",
    "os.getcwd": "the working folder",
    "pathlib.Path.cwd": "the working folder",
    "os.listdir": "a folder's listing",
    "socket.gethostbyname_ex": "the network addresses",
    "psutil.net_if_addrs": "the network addresses",
    "netifaces.interfaces": "the network addresses",
    "psutil.process_iter": "the running processes",
    "psutil.users": "the user name",
    "pwd.getpwall": "the machine's users",
    "grp.getgrall": "the machine's users",
    "grp.getgrnam": "the machine's users",
    "pwd.getpwnam": "the machine's users",
}
HOST_COMMAND = re.compile(
    r"^\s*(?:whoami|id|hostname|uname(?:\s+-a)?|ifconfig|ipconfig(?:\s+/all)?|ip\s+a(?:ddr)?|systeminfo|env|printenv|set|ps(?:\s.*)?"
    r"|tasklist|netstat(?:\s.*)?|w|who|last|cat\s+/etc/passwd|net\s+user|arp\s+-a)\s*$"
)

# Calls that take what a person types, sees, copies or says: name -> (label, what).
WATCH_CALLS = {
    "PIL.ImageGrab.grab": ("screen", "the screen"),
    "pyscreenshot.grab": ("screen", "the screen"),
    "pyautogui.screenshot": ("screen", "the screen"),
    "mss.mss().grab": ("screen", "the screen"),
    "mss.mss().shot": ("screen", "the screen"),
    "mss.mss().save": ("screen", "the screen"),
    "d3dshot.create().screenshot": ("screen", "the screen"),
    "PyQt5.QtWidgets.QApplication.primaryScreen().grabWindow": ("screen", "the screen"),
    "pyperclip.paste": ("clipboard", "the clipboard"),
    "clipboard.paste": ("clipboard", "the clipboard"),
    "win32clipboard.GetClipboardData": ("clipboard", "the clipboard"),
    "copykitten.paste": ("clipboard", "the clipboard"),
    "klembord.get_text": ("clipboard", "the clipboard"),
    **{
        f"{qt}.{app}{made}.clipboard().text": ("clipboard", "the clipboard")
        for qt in ("PyQt5", "PyQt6", "PySide2", "PySide6")
        for app in ("QtWidgets.QApplication", "QtGui.QGuiApplication")
        for made in ("", "()")
    },
    "tkinter.Tk().clipboard_get": ("clipboard", "the clipboard"),
    "pandas.read_clipboard": ("clipboard", "the clipboard"),
    "cv2.VideoCapture": ("camera", "the camera"),
    "sounddevice.rec": ("microphone", "the microphone"),
    "pyaudio.PyAudio().open": ("microphone", "the microphone"),
    "Quartz.CGWindowListCreateImage": ("screen", "the screen"),
    "dxcam.create().grab": ("screen", "the screen"),
    "autopy.bitmap.capture_screen": ("screen", "the screen"),
    "PIL.ImageGrab.grabclipboard": ("clipboard", "the clipboard"),
    "gi.repository.Gdk.pixbuf_get_from_window": ("screen", "the screen"),
    "win32gui.GetDesktopWindow": ("screen", "the screen"),
    "tkinter.Tk().selection_get": ("clipboard", "the clipboard"),
    "picamera.PiCamera": ("camera", "the camera"),
    "picamera2.Picamera2": ("camera", "the camera"),
    "pygame.camera.Camera": ("camera", "the camera"),
    "imageio.get_reader": ("camera", "a video"),
    "cv2.VideoCapture().read": ("camera", "the camera"),
    "sounddevice.InputStream": ("microphone", "the microphone"),
    "sounddevice.RawInputStream": ("microphone", "the microphone"),
    "soundcard.default_microphone": ("microphone", "the microphone"),
    "pyaudio.PyAudio().open().read": ("microphone", "the microphone"),
    "speech_recognition.Recognizer().listen": ("microphone", "the microphone"),
    "evdev.InputDevice": ("keys", "every key pressed"),
    "pynput.keyboard.Events": ("keys", "every key pressed"),
    "win32api.GetAsyncKeyState": ("keys", "every key pressed"),
    "keyring.get_password": ("typed", "a password of the key ring"),
    "keyring.get_credential": ("typed", "a password of the key ring"),
    "keyboard.stop_recording": ("keys", "every key pressed"),
    "keyboard.read_event": ("keys", "every key pressed"),
    "keyboard.record": ("keys", "every key pressed"),
    "keyboard.read_key": ("keys", "every key pressed"),
    "keyboard.get_typed_strings": ("keys", "every key pressed"),
    "getpass.getpass": ("typed", "a password that is typed in"),
    "win32crypt.CryptUnprotectData": ("browser", "passwords that the browser keeps"),
    "browser_cookie3.chrome": ("browser", "the browser's cookies"),
    "browser_cookie3.firefox": ("browser", "the browser's cookies"),
    "browser_cookie3.load": ("browser", "the browser's cookies"),
    "browser_cookie3.edge": ("browser", "the browser's cookies"),
    "browsercookie.chrome": ("browser", "the browser's cookies"),
    "rookiepy.chrome": ("browser", "the browser's cookies"),
    "secretstorage.get_default_collection": ("credential", "the desktop's key ring"),
    "boto3.Session().get_credentials": ("credential", "the cloud credentials"),
}
# Programs that take what is shown, said, seen or typed, by the whole command or its first words.
WATCH_COMMANDS = (
    (re.compile(r"^\S*(?:scrot|gnome-screenshot|spectacle|maim|grim|flameshot|screencapture|xwd|nircmd\S*\s+savescreenshot|import\s+-window\s+root|adb\s+\S*\s*screencap)\b"), "screen", "the screen"),
    (re.compile(r"^\S*ffmpeg\b.*\s(?:x11grab|gdigrab|kmsgrab)\b|^\S*ffmpeg\b.*avfoundation", re.DOTALL), "screen", "the screen"),
    (re.compile(r"^\S*ffmpeg\b.*\s(?:v4l2|dshow|/dev/video\d)|^\S*(?:fswebcam|imagesnap|raspistill|libcamera-\w+|streamer)\b", re.DOTALL), "camera", "the camera"),
    (re.compile(r"^\S*ffmpeg\b.*\s(?:alsa|pulse)\b|^\S*(?:arecord|parecord|parec|rec)\s", re.DOTALL), "microphone", "the microphone"),
    (re.compile(r"^\S*(?:xinput\s+(?:test|test-xi2)|xev|showkey|logkeys|evtest|libinput\s+debug-events)\b"), "keys", "every key pressed"),
    (re.compile(r"^\S*(?:pbpaste|wl-paste|xclip\s+.*-o|xsel\s+(?:-b\s+)?(?:-o|--output)|powershell\S*\s+.*Get-Clipboard)\b"), "clipboard", "the clipboard"),
    (re.compile(r"^\S*security\s+(?:find-(?:generic|internet)-password\b.*\s-\w*[wg]|dump-keychain)", re.DOTALL), "browser", "passwords of the key chain"),
    (re.compile(r"^\S*secret-tool\s+(?:lookup|search)|^\S*cmdkey\s+/list|^\S*netsh\s+wlan\s+show\s+profile.*key=clear|^\S*gpg\b.*--export-secret|^\S*gcloud\s+auth\s+(?:application-default\s+)?print-\w*-?token|^\S*gh\s+auth\s+token|^\S*git\s+credential\s+fill|^\S*az\s+account\s+get-access-token|^\S*aws\s+(?:configure\s+(?:get|export-credentials)|sts\s+get-session-token|ecr\s+get-login-password)|^\S*(?:op|bw|pass|vault)\s+(?:read|get|show|item\s+get|kv\s+get)\b", re.DOTALL), "credential", "stored passwords"),
)  # fmt: skip
# What makes or loads a key pair of a wallet, and what takes its private half out.
KEY_MAKERS = frozenset(
    {f"solders.keypair.Keypair.{how}" for how in ("from_bytes", "from_seed", "from_base58_string", "from_json", "from_string")}
    | {f"solana.keypair.Keypair.{how}" for how in ("from_secret_key", "from_seed", "generate")}
    | {f"eth_account.Account.{how}" for how in ("from_key", "from_mnemonic", "create", "decrypt", "privateKeyToAccount")}
    | {f"eth_account.account.Account.{how}" for how in ("from_key", "from_mnemonic", "create", "decrypt")}
    | {f"eth_keys.keys.PrivateKey{how}" for how in ("", ".from_hex")}
    | {f"bit.{kind}{how}" for kind in ("Key", "PrivateKey", "PrivateKeyTestnet") for how in ("", ".from_hex")}
    | {"solders.keypair.Keypair", "bitcoinlib.wallets.Wallet.create"}
    | {"bip_utils.Bip39SeedGenerator", "bip32utils.BIP32Key.fromEntropy", "hdwallet.HDWallet"}
    | {"tronpy.keys.PrivateKey", "web3.Web3().eth.account.from_key", "web3.Web3().eth.account.create"}
)  # fmt: skip
KEY_OUT = frozenset(
    {
        "secret",
        "secret_key",
        "to_bytes",
        "to_bytes_array",
        "to_json",
        "key",
        "private_key",
        "privateKey",
        "to_wif",
        "to_hex",
        "to_int",
        "seed",
    }
)
# Dialogues and prompts that ask the user for a yes or no.
CONSENT_CALLS = frozenset(
    {f"tkinter.messagebox.{ask}" for ask in ("askyesno", "askokcancel", "askyesnocancel", "askquestion")}
    | {f"{qt}.QtWidgets.QMessageBox.question" for qt in ("PyQt5", "PyQt6", "PySide2", "PySide6")}
    | {"click.confirm", "typer.confirm", "rich.prompt.Confirm.ask", "pyautogui.confirm", "pymsgbox.confirm"}
    | {"easygui.ynbox", "easygui.ccbox", "questionary.confirm", "wx.MessageBox"}
)
KEY_HOOKS = {
    "pynput.keyboard.Listener": "on_press",
    "pynput.mouse.Listener": "on_click",
    "keyboard.on_press": None,
    "keyboard.on_release": None,
    "keyboard.hook": None,
    "pyxhook.HookManager": None,
    "pyWinhook.HookManager": None,
    "pyHook.HookManager": None,
    "AppKit.NSEvent.addGlobalMonitorForEventsMatchingMask_handler_": None,
    "Quartz.CGEventTapCreate": None,
    "keyboard.on_press_key": None,
    "keyboard.add_hotkey": None,
    "keyboard.add_word_listener": None,
}
