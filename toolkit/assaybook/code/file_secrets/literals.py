"""Literals and what they are called, in the text of any file: code of any language, configuration, templates, shell.

By patterns and not by grammars, so that a file that does not parse, or whose language nobody reads, is searched all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

# Longer lines are made by machines (bundles, data), and patterns would take their time over them.
LONGEST_LINE = 4000
_NAMED_TYPE = r"(?:\s*:\s*(?P<type>[A-Za-z_][\w.]*)(?:\[[\w., ]*\])?(?=\s*=))?"
_TEXT = r"(?P<prefix>[rbuf]{0,2})(?P<quote>\"\"\"|'''|[\"'`])(?P<value>(?:\\.|(?!(?P=quote))[^\\\n])*)(?P=quote)"
# `name = "v"`, `name: "v"`, `"name": "v"`, `obj["name"] = "v"`, `name => "v"`, `name == "v"`, `name := "v"`, `name?: string = "v"`.
_QUOTED = re.compile(
    rf"(?<![\w:$.-])(?P<name>[A-Za-z_$][\w$.-]*) ?[\"'`]?\s*\]?\s*[?!]?{_NAMED_TYPE}\s*(?P<sign>:=|===?|!==?|=>|=|:)\s*(?:new\s+)?(?:String\(|Buffer\.from\(|b64decode\()?{_TEXT}",
    re.IGNORECASE,
)
# What stands in where a variable of the environment is missing: `os.environ.get("NAME", "v")`, `process.env.NAME || "v"`, `getenv("NAME", "v")`.
_FALLBACK = re.compile(
    rf"(?:(?:environ\.get|getenv|env|config|get|get_env|default_env)\(\s*[\"'](?P<name>[A-Za-z_][\w.-]*)[\"']\s*,\s*"
    rf"|process\.env(?:\.(?P<name2>[A-Za-z_]\w*)|\[[\"'](?P<name3>[A-Za-z_]\w*)[\"']\])\s*(?:\|\||\?\?)\s*){_TEXT}",
    re.IGNORECASE,
)
# A setter or a pair: `headers.set("name", "v")`, `("name", "v")`, `.putString("name", "v")`.
_SET = re.compile(
    rf"(?:set|put|add|append|header|setHeader|setProperty|setenv|withEnv|define|environ\.setdefault|setdefault)\w*\(\s*[\"'](?P<name>[A-Za-z_][\w.-]*)[\"']\s*,\s*{_TEXT}",
    re.IGNORECASE,
)
# The second of a user and a password: `auth=("user", "v")`, `HTTPBasicAuth("user", "v")`, `server.login("user", "v")`.
_LOGIN = re.compile(
    rf"(?:\bauth\s*[=:]\s*[\[(]|\b(?:HTTP)?(?:Basic|Digest)Auth\(|\.login\(|\bCredentials?\(|\bbasicAuth\()\s*[\"'][^\"'\n]*[\"']\s*,\s*{_TEXT}",
    re.IGNORECASE,
)
# A key that signs or encrypts: `jwt.sign(claims, "v")`, `jwt.encode(claims, "v")`, `createHmac("sha256", "v")`, `hmac.new(b"v", ...)`.
_SIGNED = re.compile(
    rf"(?:\bjwt\.(?:sign|verify|encode|decode)\(\s*[\w$.(){{}}\[\]'\": ,]{{1,200}}?,\s*(?:key\s*=\s*)?"
    rf"|\bsession\(\s*\{{[^\n]{{0,200}}?\bsecret\s*:\s*"
    rf"|\bcreate(?:Hmac|Cipheriv|Decipheriv|Cipher)\(\s*[\"'][\w-]+[\"']\s*,\s*|\bhmac\.new\(\s*|\bFernet\(\s*|\bAES\.new\(\s*){_TEXT}",
    re.IGNORECASE,
)
# `connect("host", "user", "v" ...)` of the drivers that take them in this order.
_CONNECTED = re.compile(
    rf"(?:\b(?:MySQLdb|pymysql|mysqli|mysql\.connector|psycopg2?)(?:\.connect|_connect|)\(\s*[\"'][^\"'\n]*[\"']|\bgetConnection\(\s*[^,\n]{{1,200}})\s*,\s*[\"'][^\"'\n]*[\"']\s*,\s*{_TEXT}"
)
# `NAME=v` of .env, properties, ini, Dockerfile and shell; `name: v` of YAML, without quotes.
# A `#` begins a comment only after a blank.
_BARE = re.compile(
    r"^\s*(?:-\s+)?(?:export\s+|set\s+|ENV\s+|ARG\s+|SET\s+|declare\s+-x\s+)?[\"']?(?P<name>[A-Za-z_][\w.-]*)[\"']?\s*(?P<sign>=|:(?=\s)|\s(?=\S))\s*(?P<value>[^\s\"'`#{\[&*|>!%@,](?:[^#\n]|(?<=\S)#)*?)\s*(?:\s#.*|;)?$"
)
_MORE_PAIRS = re.compile(r"(?<!\S)(?P<name>[A-Za-z_]\w*)=(?P<value>[^\s\"'`$]+)")
# `curl -u user:v`, `docker login -u user -p v`, `aws configure set aws_secret_access_key v`, and a line of .netrc.
_COMMAND = re.compile(
    r"(?:\bcurl\b[^\n]{0,200}?\s(?:-u|--user)\s+[\"']?[^\s:\"']+:|\b(?:mysql|mysqldump|mysqladmin)\b[^\n]{0,200}?\s-p|\bsshpass\s+-p\s*"
    r"|\b(?:docker|podman|helm)\b[^\n]{0,60}?\slogin\b[^\n]{0,200}?\s(?:-p|--password)[ =]"
    r"|\baws\s+configure\s+set\s+(?:[\w.-]+\.)?(?:aws_secret_access_key|aws_session_token)\s+|\bmachine\s+\S+\s+login\s+\S+\s+password\s+)[\"']?(?P<value>[^\s\"'$<>-][^\s\"'$<>]{3,})"
)
# `curl -H "name: v"`.
_HEADER = re.compile(r"\s(?:-H|--header)[ =]+[\"'](?P<name>[\w-]+)\s*:\s*(?P<value>[^\s\"'$<>{]+)[\"']")
# `CREATE USER name IDENTIFIED BY 'v'`, `ALTER ROLE name WITH PASSWORD 'v'`.
_ACCOUNT = re.compile(
    rf"(?:\bIDENTIFIED\s+(?:WITH\s+[\w'\"]+\s+)?BY\s+|\b(?:USER|ROLE|LOGIN)\b[^\n;]{{1,120}}?\bPASSWORD\s*=?\s*){_TEXT}",
    re.IGNORECASE,
)
# `{ name: "N", value: "v" }` of containers, requests and stacks.
_PAIR = re.compile(
    rf"(?<![\w.-])[\"']?(?:name|key|parameterkey)[\"']?\s*[:=]\s*[\"'](?P<name>[A-Za-z_/][\w./-]*)[\"']\s*,\s*[\"']?(?:parameter)?value[\"']?\s*[:=]\s*{_TEXT}",
    re.IGNORECASE,
)
# `user:v@tcp(host)`, the address of a database as drivers of Go take it.
_GO_ADDRESS = re.compile(r"[\"'`][\w.-]+:(?P<value>[^\s@\"'`:/${}%<>]{4,})@(?:tcp|unix)\((?P<host>[^)\n]*)\)")
_ON_THIS_MACHINE = re.compile(r"^(?:localhost|127\.0\.0\.1|0\.0\.0\.0|/)")
_COMMENT = re.compile(r"^\s*(?:#|//|\*|/\*|--|;|<!--)")


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal: the line that it stands in (from 1), the span of its value in that line, what it is called and how that was seen.

    `how` is assigned, compared, fallback, login, signed, bare, command or default (of a parameter that is called so).
    """

    line: int
    start: int
    end: int
    name: str
    value: str
    how: str = "assigned"
    comment: bool = False


def literals(lines: Sequence[str], numbers: Iterable[int], form: str) -> Iterator[Literal]:
    """Every named literal of these lines of a text, in their order. `form` is code, yaml, pairs (.env, ini, Dockerfile, shell), json or hcl."""
    for number in numbers:
        if len(lines[number - 1]) <= LONGEST_LINE:
            yield from _of_line(number, lines[number - 1], form)


def _of_line(number: int, line: str, form: str) -> Iterator[Literal]:
    comment = bool(_COMMENT.match(line))
    taken: set[int] = set()
    if any(quote in line for quote in "\"'`"):
        for pattern, how in (
            (_FALLBACK, "fallback"),
            (_LOGIN, "login"),
            (_SIGNED, "signed"),
            (_CONNECTED, "login"),
            (_ACCOUNT, "login"),
            (_PAIR, "assigned"),
            (_SET, "assigned"),
            (_QUOTED, ""),
        ):
            for match in pattern.finditer(line):
                start, end = match.span("value")
                if start in taken:
                    continue
                taken.add(start)
                found = match.groupdict()
                name = found.get("name") or found.get("name2") or found.get("name3") or ""
                if comment and found.get("type"):
                    name = found["type"]  # in a comment, no type stands after the colon
                name = name.rpartition("/")[2]
                kind = how or ("compared" if found.get("sign", "") in ("==", "===", "!=", "!==") else "assigned")
                yield Literal(number, start, end, name, match["value"], kind, comment)
                yield from _within(number, match["value"], start, comment)
        for match in _GO_ADDRESS.finditer(line):
            local = bool(_ON_THIS_MACHINE.match(match["host"]))
            yield Literal(number, *match.span("value"), "password", match["value"], "command", comment or local)
    if form in ("yaml", "pairs"):
        bare = _BARE.match(line.removeprefix("# ") if comment else line)
        if bare and (form == "pairs" or bare["sign"] == ":") and not any(quote in bare["value"] for quote in "\"'`"):
            start = line.rfind(bare["value"])
            if start not in taken and (bare["sign"].strip() or re.match(r"\s*(?:ENV|ARG)\s", line)):
                if " " not in bare["value"]:  # else a command may follow (`PGPASSWORD=v psql`)
                    taken.add(start)
                yield Literal(number, start, start + len(bare["value"]), bare["name"], bare["value"], "bare", comment)
    if form in ("yaml", "pairs"):
        for match in _MORE_PAIRS.finditer(line):
            if match.start("value") not in taken:
                yield Literal(number, *match.span("value"), match["name"], match["value"], "bare", comment)
    for match in _COMMAND.finditer(line):
        yield Literal(number, *match.span("value"), "password", match["value"], "command", comment)
    for match in _HEADER.finditer(line):
        yield Literal(number, *match.span("value"), match["name"], match["value"], "assigned", comment)


def _within(number: int, value: str, start: int, comment: bool) -> Iterator[Literal]:
    """The literals in a text that is JSON or code itself: `'{"password": "v"}'`."""
    if len(value) < 8 or '"' not in value:
        return
    plain = value.replace('\\"', ' "')  # as long as before, so that columns stay
    for match in _QUOTED.finditer(plain):
        first, last = match.span("value")
        yield Literal(
            number, start + first, start + last, match["name"], plain[first:last].strip(), "assigned", comment
        )
