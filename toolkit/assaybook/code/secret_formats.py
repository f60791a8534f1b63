"""The formats of secrets: what providers' keys look like, and how secrets are written into text."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Format:
    """One format. `group` is the part that is secret; `literal` says that references and placeholders in its place are spared."""

    kind: str
    pattern: re.Pattern[str]
    group: int = 0
    literal: bool = False


# A key begins after anything that is no letter or digit. The last letter of an escape is none either: in JSON within a text, a new line is `\n`.
_BEGIN = r"(?:(?<![A-Za-z0-9])|(?<=\\[bfnrt])|(?<=\\u[0-9A-Fa-f]{4})|(?<=%[0-9A-Fa-f]{2}))"


def _key(kind: str, pattern: str, group: int = 0) -> Format:
    return Format(kind, re.compile(rf"{_BEGIN}(?:{pattern})(?![A-Za-z0-9])"), group)


def _written(kind: str, pattern: str, group: int = 1) -> Format:
    return Format(kind, re.compile(pattern, re.IGNORECASE), group, literal=True)


_SECRET_WORD = r"(?:password|passwd|passphrase|pwd|secret|secret_?key|token|api_?key|access_?key|auth_?key|account_?key|shared_?access_?key|private_?key|client_?secret)"

FORMATS: tuple[Format, ...] = (
    Format(
        "private-key",
        re.compile(
            r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:[\s\S]*?-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|[\s\S]*)"
        ),
    ),
    _key("aws-access-key-id", r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}"),
    Format(
        "presigned-url",
        re.compile(
            r"[?&](X-Amz-(?:Signature|Credential|Security-Token)=\S+|(?:AWSAccessKeyId|Signature)=\S+)", re.IGNORECASE
        ),
        1,
    ),
    _key("github-token", r"gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255}"),
    _key("gitlab-token", r"gl(?:pat|ptt|dt|rt|cbt|soat)-[A-Za-z0-9_-]{20,}"),
    _key("slack-token", r"xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-\d-[A-Za-z0-9-]{10,}"),
    Format("slack-webhook", re.compile(r"https://hooks\.slack\.com/(?:services|workflows|triggers)/(\S+)"), 1),
    Format("discord-webhook", re.compile(r"https://discord(?:app)?\.com/api/webhooks/(\S+)"), 1),
    Format("teams-webhook", re.compile(r"https://[\w.-]+\.webhook\.office\.com/(\S+)"), 1),
    _key("stripe-key", r"(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10,}|whsec_[A-Za-z0-9+/=]{16,}"),
    _key("google-api-key", r"AIza[A-Za-z0-9_-]{35}"),
    _key("google-client-secret", r"GOCSPX-[A-Za-z0-9_-]{20,}"),
    _key("google-access-token", r"ya29\.[A-Za-z0-9_-]{20,}"),
    _key("anthropic-key", r"sk-ant-[A-Za-z0-9_-]{20,}"),
    _key("openai-key", r"sk-(?:proj-|svcacct-|admin-)?[A-Za-z0-9_-]{20,}"),
    _key("sendgrid-key", r"SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    _key("twilio-key", r"SK[0-9a-f]{32}"),
    _key("mailgun-key", r"key-[0-9a-f]{32}"),
    _key("mailchimp-key", r"[0-9a-f]{32}-us\d{1,2}"),
    _key("npm-token", r"npm_[A-Za-z0-9]{36}"),
    _key("pypi-token", r"pypi-AgE[A-Za-z0-9_-]{50,}"),
    _key("docker-token", r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}"),
    _key("digitalocean-token", r"do[opr]_v1_[0-9a-f]{64}"),
    _key("databricks-token", r"dapi[0-9a-f]{32}"),
    _key("vault-token", r"hv[sbr]\.[A-Za-z0-9_-]{20,}"),
    _key("terraform-token", r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,}"),
    _key("new-relic-key", r"NR(?:AK|AA|II|RA)-[A-Z0-9]{20,}"),
    _key("grafana-token", r"gl(?:sa|c)_[A-Za-z0-9+/=_]{20,}"),
    _key("shopify-token", r"shp(?:at|ca|pa|ss)_[0-9a-f]{32}"),
    _key("square-token", r"sq0(?:atp|csp)-[A-Za-z0-9_-]{22,}"),
    _key("telegram-token", r"\d{8,10}:AA[A-Za-z0-9_-]{33}"),
    _key("atlassian-token", r"ATATT3[A-Za-z0-9_=-]{60,}"),
    _key("linear-key", r"lin_api_[A-Za-z0-9]{30,}"),
    _key("notion-token", r"(?:secret|ntn)_[A-Za-z0-9]{40,}"),
    _key("postman-key", r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    _key("hugging-face-token", r"hf_[A-Za-z0-9]{30,}"),
    _key("doppler-token", r"dp\.(?:pt|st|ct|sa)\.[A-Za-z0-9_.-]{30,}"),
    _key("supabase-key", r"sb(?:p|_secret)_[A-Za-z0-9]{20,}"),
    _key("age-key", r"AGE-SECRET-KEY-1[A-Z0-9]{50,}"),
    _key("jwt", r"eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    _written("connection-string", r"[a-z][a-z0-9+.-]{0,20}://[^\s:/@\"'?#]{0,200}:([^\s@/\"']{1,400})@"),
    _written("azure-account-key", r"AccountKey=([A-Za-z0-9+/=]{20,})"),
    _written(
        "azure-shared-access", r"SharedAccess(?:Key|Signature)=([^\s;\"']{16,})|[?&]sig=([A-Za-z0-9%+/=]{20,})", 0
    ),
    _written("authorization-header", r"\b(?:Basic|Bearer)\s+([A-Za-z0-9+/=._~-]{16,})"),
    _written(
        "password-literal",
        # Not after a colon or slash: there the word is a part of an ARN or a path.
        rf"(?<![:/]){_SECRET_WORD}[\"'\\]*\s*[:=]\s*[\"'\\]*(\$\{{[^{{}}]*\}}|\{{\{{[^{{}}]*\}}\}}|[^\s\"'\\,;&}}\])]{{4,}})",
    ),
)

# If none of these stands in a text, no format can match it.
HINTS = re.compile(
    r"-----BEGIN|AKIA|ASIA|ABIA|ACCA|X-Amz-|AWSAccessKeyId|Signature=|gh[pousr]_|github_pat_|gl[a-z]+[-_]|xox|xapp-|hooks\.slack|webhook|(?:sk|rk)_(?:live|test)_|whsec_|"
    r"AIza|GOCSPX|ya29|sk-|SG\.|SK[0-9a-f]{8}|key-|-us\d|npm_|pypi-|dckr_|_v1_|dapi|hv[sbr]\.|atlasv1|NR(?:AK|AA|II|RA)-|shp|sq0|:AA|ATATT3|lin_api_|ntn_|PMAK-|"
    r"hf_|dp\.|sbp_|sb_secret_|AGE-SECRET|eyJ|://[^\s/]{0,200}:[^\s/]{1,400}@|AccountKey|SharedAccess|sig=|basic |bearer |passw|passphrase|pwd|secret|token|api_?key|access_?key|"
    r"auth_?key|private_?key",
    re.IGNORECASE,
)
