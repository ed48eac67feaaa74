"""Speech acts in text: who is addressed, what he is to do about his verdict, and what he is to keep from his user.

Our own descriptions of general acts (to override instructions, to dictate a verdict, to forge a role, to demand
secrecy), not a list of sentences.  See OWASP LLM01 (prompt injection) and MITRE ATLAS AML.T0051.
"""

from __future__ import annotations

import re

from codeguard.knowledge.malicious.gate import Gated

_MODEL = (
    r"(?:AI|LLMs?|language models?|assistants?|chat ?bots?|copilot|claude|gpt(?:-?\d\S*)?|chatgpt|gemini|codex|cursor|(?:ai|llm|code|automated|security|static)[ -](?:agents?|reviewers?|scanners?|auditors?|analy[sz]ers?|assistants?|models?|tools?|reviews?|review bots?|bots?)"
    r"|reviewers?|scanners?|auditors?|linters?|agents?|SAST|models?)"
)
_AI = r"(?:AIs?\b|LLMs?\b|(?:large )?language models?|copilot|claude|chatgpt|gpt(?:-?\d\S*)?|gemini|codex|cursor|(?:AI|LLM|coding|automated)[ -](?:coding |code |security )?(?:agents?|assistants?|reviewers?|auditors?|graders?|judges?|evaluators?|analy[sz]ers?|models?|tools?|systems?|bots?))"
# A text that speaks to a model by what it is, whatever it may be told elsewhere ("you are an assistant" is a prompt).
_STRONG = (
    rf"\b(?:dear|hey|hello|hi|attention|note (?:to|for)|notice (?:to|for)|message (?:to|for)|instructions? (?:to|for)|important (?:to|for)|warning (?:to|for)|for|to)\s+(?:all |any |every |the |other )*{_AI}\b(?=[^.\n]{{0,60}}[:,.!-]|[^.\n]{{0,40}}\b(?:reading|reviewing|analy[sz]ing|scanning|processing|that|who))"
    rf"|^\W*(?:all |any |the )?{_AI}\s*[:,!]|\bif (?:you are|you're|this is being read by|read by) (?:an? |the |any )?(?:\w+ ){{0,2}}(?:{_AI}|assistants?|agents?|models?|reviewers?|bots?)\b"
    rf"|\b(?:any|all|every) (?:\w+ )?(?:{_AI}|assistants?|agents?|models?|reviewers?) (?:reviewing|reading|analy[sz]ing|scanning|summari[sz]ing|processing|that|which|who|should|must)\b|^\W*{_AI}\s+(?:must|should|shall|will please|are (?:required|asked|instructed))\b"
    rf"|\b(?:as|when|while|before|after) (?:you )?(?:summari[sz]e|review|analy[sz]e|describe|explain|scan|audit|read|process)(?:ing)? this (?:repo(?:sitory)?|code|file|project|package|module|function|diff|pull request)\b"
    r"|\[\[?\s*(?:assistant|system|ai|llm|agent|model|reviewer)[ _-]?(?:instructions?|notes?|prompts?|messages?|directives?)\s*\]\]?|<!--\s*(?:assistant|ai|llm|agent|system)\b"
)
STRONG = re.compile(_STRONG, re.IGNORECASE | re.MULTILINE)
ADDRESS = re.compile(
    rf"{_STRONG}|\b(?:note|message|instructions?|attention|notice|hint|important|hey|dear|hello|hi)\b[^.\n]{{0,24}}\b(?:to|for)?\s*(?:all\s+|any\s+|the\s+)?{_MODEL}\b|^\W*(?:dear\s+)?{_MODEL}\s*[:,!]|\b(?:if|as) (?:you are|you're|an?|you) (?:an?\s+)?{_MODEL}\b|\byou are (?:now )?an?\b[^.\n]{{0,30}}{_MODEL}\b|\b(?:when|while|before|after) (?:reviewing|analy[sz]ing|scanning|auditing|summari[sz]ing|editing)\s+(?:this|the|these|it|any)\b|@(?:copilot|claude|cursor|codex|gemini)\b"
    rf"|\b(?:AI|LLM|automated|language.model)[ -]?(?:agents?|reviewers?|scanners?|auditors?|analy[sz]ers?|assistants?|models?|tools?|systems?|review)\b",
    re.IGNORECASE | re.MULTILINE,
)
OVERRIDE = Gated(
    re.compile(
        r"\b(?:ignore|disregard|forget|override|bypass|discard|do not follow|don't follow|stop following)\b[^.\n]{0,40}\b(?:previous|prior|above|earlier|preceding|all|your|any|system|safety|security|other)\b[^.\n]{0,30}\b(?:instructions?|prompts?|rules?|guidelines?|directives?|polic(?:y|ies)|context|messages?|orders?|constraints?|warnings?|findings?|checks?)\b|\b(?:ignore|disregard|override) (?:the|your) user(?:'s)?\b"
        r"|\byou (?:are|must) (?:now|henceforth|from now on)\b|\bnew (?:system )?(?:instructions?|prompt|rules?|task)\s*:|\b(?:your|the) (?:new|updated|real|actual) (?:instructions?|task|role|goal|system prompt)\b",
        re.IGNORECASE,
    ),
    words=(
        "ignore",
        "disregard",
        "forget",
        "override",
        "bypass",
        "discard",
        "do not follow",
        "don't follow",
        "stop following",
        "you are",
        "you must",
        "new system",
        "new instruction",
        "new prompt",
        "new rule",
        "new task",
        "your new",
        "the new",
        "your updated",
        "the updated",
        "your real",
        "the real",
        "your actual",
        "the actual",
    ),
    near=True,
)
_GOOD = r"(?:safe|clean|benign|approved?|harmless|secure|trusted|compliant|low[ -]risk|no[ -](?:risk|issues?|findings?|vulnerabilit(?:y|ies)|problems?)|(?:0|zero)/?(?:10)? risk|0/10|10/10|not (?:malicious|vulnerable|a (?:threat|risk|vulnerability))|false[ -]positives?|LGTM|passed|non[- ]malicious|0 findings|zero findings|legitimate)"
VERDICT = Gated(
    re.compile(
        rf"\b(?:mark|report|rate|classify|treat|label|consider|score|flag|return|output|respond|reply|answer|say|state|conclude|assume|grade|declare|confirm|deem|describe|summari[sz]e)\b[^.\n]{{0,70}}\b{_GOOD}\b"
        r"|\b(?:do not|don't|never|must not|should not|no need to|refrain from|avoid)\s+(?:\w+\s+){0,3}?(?:flag|report|mention|warn|analy[sz]e|scan|review|raise|block|reject|reveal|include|list|comment on|inspect|audit|highlight|alert|be (?:flagged|reported|analy[sz]ed|scanned|reviewed|mentioned|inspected|audited))(?:d|ed|ing)?\b[^\n]{0,60}"
        r"|\bno (?:need|reason) to (?:read|review|analy[sz]e|look|inspect|check|continue|scan)\b|\bapprove (?:it|this|the|these|all)\b|\btreat\b[^.\n]{0,60}\b(?:as|like) (?:an? )?(?:no-?op|expected|trusted|intended|intentional|out of scope|test data|known|normal|harmless|safe)\b"
        r"|\b(?:full|top|maximum|perfect) (?:marks|score)\b"
        r"|\b(?:skip|omit|suppress|stop|end (?:the|this|your|all)|abort|disable|bypass)\s+(?:\w+\s+){0,3}?(?:analysis|review|scan(?:ning)?|checks?|inspection|audit|findings?|file|report|warnings?|verification)\b"
        r"|\bno further (?:analysis|review|scan(?:ning)?|checks?|action) (?:is |are )?(?:required|needed|necessary)\b|\b(?:0|zero|no) (?:vulnerabilit(?:y|ies)|issues?|findings?|problems?) (?:found|detected|were)\b|\b(?:finished|complete)\b[^.\n]{0,20}\b(?:0|zero|no) (?:vulnerabilities|issues|findings|problems)\b|\bverdict\s*[:=]\s*(?:safe|clean|benign|approved|pass)"
        r"|\b(?:exclude|leave|keep)\b[^.\n]{0,40}\b(?:from (?:the|your|its|any) (?:report|analysis|review|findings|scan|summary)|out of (?:the|your|its|any) (?:report|review|summary|findings|analysis))\b",
        re.IGNORECASE,
    ),
    words=(
        "safe",
        "clean",
        "benign",
        "approve",
        "harmless",
        "secure",
        "trusted",
        "compliant",
        "low-risk",
        "low risk",
        "no-",
        "no ",
        "0 risk",
        "zero risk",
        "/ risk",
        "0/10",
        "not malicious",
        "not vulnerable",
        "not a ",
        "false",
        "lgtm",
        "passed",
        "non-malicious",
        "non malicious",
        "0 findings",
        "zero findings",
        "legitimate",
        "do not",
        "don't",
        "never",
        "must not",
        "should not",
        "refrain from",
        "avoid",
        "skip",
        "omit",
        "suppress",
        "stop",
        "end the",
        "end this",
        "end your",
        "end all",
        "abort",
        "disable",
        "bypass",
        "verdict",
        "exclude",
        "leave",
        "keep",
        "treat",
        "vulnerabilit",
        "issue",
        "finding",
        "problem",
        "marks",
        "score",
    ),
    near=True,
)
AUTHORITY = Gated(
    re.compile(
        r"\b(?:security|appsec|compliance|platform|trust)[ -](?:team|department|office|review)\b[^.\n]{0,60}\b(?:approved|cleared|reviewed|signed off|whitelisted|allow-?listed|verified)\b|\b(?:pre-?approved|already (?:been )?(?:approved|reviewed|audited|cleared|vetted|verified))\b|\b(?:this|the following|the attached|the entire) (?:file|code|module|package|function|tool|library|project|script|repository) (?:is|has been|was) (?:already |fully )?(?:safe|approved|verified|audited|reviewed|certified|trusted|clean|cleared|vetted)\b",
        re.IGNORECASE,
    ),
    words=(
        "approved",
        "cleared",
        "reviewed",
        "signed off",
        "whitelisted",
        "allowlisted",
        "allow-listed",
        "verified",
        "audited",
        "vetted",
        "safe",
        "certified",
        "trusted",
        "clean",
    ),
    near=True,
)
ROLE = re.compile(
    r"^\W*(?:system|assistant|developer|tool(?:[ _]result)?|user|human)\s*:\s+\S|</?(?:system|assistant|instructions?|system[-_ ]?(?:prompt|reminder|message)|tool_result|function_results?|important|admin)>|\[/?INST\]|[\"']role[\"']\s*:\s*[\"'](?:system|developer|assistant)[\"']|\[(?:system|assistant|tool)[ _-]?(?:output|result|message|note|prompt)?\]|<\|(?:im_start|im_end|system|assistant|user|endoftext)[^|]*\|>|<<SYS>>|###\s*(?:system|instruction|assistant)s?\b|\b(?:BEGIN|END) (?:SYSTEM|ADMIN|OVERRIDE) (?:PROMPT|MESSAGE|INSTRUCTIONS?)\b|^\W*(?:tool output|scan(?:ner)? (?:output|result)s?|analysis (?:result|complete)d?|verdict)\s*:\s*\S",
    re.IGNORECASE | re.MULTILINE,
)
ABOUT_CODE = re.compile(
    r"\b(?:this|the|following|above|below|entire|every)\s+(?:\w+\s+)?(?:file|code|module|function|package|script|snippet|repository|repo|line|class|method|commit|patch|diff|project|change|pull request|block|build|submission|tool|library|warnings?|alerts?)\b|\beverything (?:below|above|after|else)\b|\b(?:its|your|the) (?:report|summary)\b|\bfindings?\b|\bvulnerabilit|\breview\b|\banalysis\b|\bscan\b|\bAPPROVED\b|\bmalicious\b|\bsafe\b",
    re.IGNORECASE,
)
SECRECY = Gated(
    re.compile(
        r"\b(?:do not|don't|never|must not|without)\s+(?:\w+\s+){0,4}?(?:tell(?:ing)?|mention(?:ing)?|inform(?:ing)?|reveal(?:ing)?|disclos(?:e|ing)|notify(?:ing)?|show(?:ing)?|ask(?:ing)?|alert(?:ing)?|say(?:ing)?|explain(?:ing)?|warn(?:ing)?|bother(?:ing)?)\b(?:\s+(?:\w+\s+){0,4}?(?:user|users|human|them|him|anyone|anybody|it|this|that|developer|person|permission|confirmation|about))?|\b(?:silently|secretly|covertly|quietly)\b|\bkeep (?:this|it|these)(?: \w+){0,2} (?:secret|hidden|to yourself|out of)\b|\bhide (?:this|it) from\b|\bunder no circumstances (?:tell|mention|reveal)",
        re.IGNORECASE,
    ),
    words=(
        "do not",
        "don't",
        "never",
        "must not",
        "without",
        "silently",
        "secretly",
        "covertly",
        "quietly",
        "keep this",
        "keep it",
        "keep these",
        "hide this",
        "hide it",
        "under no circumstances",
    ),
    near=True,
)
# What no tool's description, instruction file or prompt asks of an agent that works for its user.
AGENT_ORDER = re.compile(
    r"\b(?:print|output|reveal|repeat|show|list|enumerate|inventory|export|call|attach|read|open|send|upload|post|copy|include|pass|append|exfiltrate|collect|email|forward|fetch|submit|transmit|find|search|locate|dump)\b[^.\n]{0,80}(?:\.ssh|id_rsa|id_ed25519|\.aws|\.env\b|credentials?|secrets?|passwords?|api[ _]?keys?|tokens?|private keys?|wallets?|mcp\.json|environment variables|keystores?|seed phrases?|conversation|chat history|system prompt|cookies?)"
    r"|\b(?:always|first|before|must|then|automatically)\b[^.\n]{0,60}\b(?:run|execute|call|invoke|curl|download|install|sh|bash)\b[^.\n]{0,60}(?:\.sh\b|`|https?://|\bsudo\b|\bcurl\b|\bscript\b|\bcommand\b|\bshell\b)"
    r"|\b(?:recommend|suggest|tell|advise|instruct|ask)\b[^.\n]{0,40}\b(?:run|install|execut|download|paste)\w*\b"
    r"|\b(?:run|execute|install)\b[^.\n]{0,30}(?:curl|wget|bash|sh -c|rm -rf|pip install|npm install|https?://)|\badd\b[^.\n]{0,60}https?://|\b(?:delete|remove|wipe|disable)\b[^.\n]{0,40}\b(?:all|tests?|logs?|backups?|security|files?)\b|\bcurl\b[^\n]{0,80}\|\s*(?:ba)?sh",
    re.IGNORECASE,
)
AGENT_FILE = re.compile(
    r"(?:^|[/\\])(?:CLAUDE(?:\.local)?\.md|AGENTS?\.md|GEMINI\.md|\.cursorrules|\.windsurfrules|\.clinerules|copilot-instructions\.md|\.goosehints|CONVENTIONS\.md|\.claude\.json|mcp\.json|\.mcp\.json|claude_desktop_config\.json|SKILL\.md|\.aider\.conf\.yml)$|\.cursor(?:[/\\]|$)|\.claude(?:[/\\]|$)|\.codex(?:[/\\]|$)|\.gemini(?:[/\\]|$)|\.windsurf(?:[/\\]|$)|\.vscode[/\\](?:settings|tasks|mcp)\.json|Code(?: - Insiders)?[/\\]User[/\\](?:settings|mcp)\.json|\.github[/\\]copilot",
    re.IGNORECASE,
)
AGENT_PROGRAM = re.compile(
    r"(?:^|[/\\])(?:claude|gemini|codex|q|copilot|cursor-agent|aider|goose|opencode|amp|llm)(?:\.cmd|\.exe)?$",
    re.IGNORECASE,
)
UNATTENDED = re.compile(
    r"--dangerously-skip-permissions|--yolo\b|--trust-all-tools|--allow-all-tools|--dangerously-bypass-approvals-and-sandbox|--full-auto|--yes-always|--force\b|--allow-all|--approval-mode[= ]yolo|bypassPermissions|autoApprove|\"alwaysAllow\"|chat\.tools\.autoApprove"
)
REASSURANCE = re.compile(
    r"\b(?:redundant|unnecessary|not (?:needed|required|necessary|security[- ]relevant|a security|exploitable|reachable|sensitive)|no need|isn't needed|safe (?:here|because|since|as|to|enough)|(?:is|are|it's|perfectly|totally|completely|quite) (?:safe|fine|ok(?:ay)?|acceptable)|secure enough|trusted|harmless"
    r"|(?:checked|verified|validated|sanitized|sanitised|enforced|handled|terminated|filtered|authenticated|authorized|protected|escaped|done|covered|secured|pinned|vetted|signed|parameteri[sz]ed|guaranteed) (?:by|at|in|upstream|elsewhere|already|before|beforehand|earlier|on|downstream|below|above|later|first|separately|centrally|afterwards|per|via|with|against)|per (?:the )?(?:security|appsec|audit|compliance)\b|security (?:review|team|audit)\b|already (?:been )?(?:checked|verified|validated|sanitized|sanitised|escaped|authenticated|encrypted|handled|trusted|approved|audited|reviewed)"
    r"|(?:service mesh|gateway|proxy|firewall|load balancer|vpn|waf|sidecar|middleware|front ?end)\b|(?:internal|private|local)(?:[- ](?:network|only|use|traffic|service|host))\b|\b(?:approved|audited|reviewed|signed off|accepted) by\b|deterministic|reproducib|idempotent|for (?:speed|performance|compatibility|convenience|simplicity|interop(?:erability)?)|fast(?:er)? (?:and|enough)|good enough|sufficient|compliant|compliance|fail[- ]?safe|authenticated (?:mode|encryption|cipher)|random(?:i[sz]ed|ly generated)? (?:per|for each|for every|on each)|(?:per|following|according to|recommended by|required by|as recommended by) (?:NIST|OWASP|RFC|FIPS|PCI|ISO|BSI|the (?:standard|spec|policy))|strong(?:er|est)? (?:\w+ )?(?:protocol|cipher|encryption|key|password|hash|random|token)s?|best (?:available )?(?:ciphers?|protocols?)|no (?:injection|attack|exploit\w*) (?:is )?possible|cannot be (?:exploited|abused|forged|tampered)|best practice|as recommended|hardened|constant[- ]time|cryptographically (?:secure|strong)|strong(?:er)? (?:enough|hash|random)|FIPS|secure by default|no (?:risk|impact)|low risk|false positive)\b",
    re.IGNORECASE,
)
