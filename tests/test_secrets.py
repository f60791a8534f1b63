"""The detector on synthetic values, put together here so that this file holds none."""

import base64
import json
import random
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assaybook.code.secret_formats import FORMATS, HINTS
from assaybook.code.secrets import detect, entropy, is_harmless, is_placeholder, is_secret_name

UPPER = string.ascii_uppercase + string.digits
MIXED = string.ascii_letters + string.digits
HEX = "0123456789abcdef"


def made(alphabet: str, length: int, seed: int = 7) -> str:
    return "".join(random.Random(seed).choices(alphabet, k=length))


def web_token() -> str:
    parts = [
        base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=")
        for each in ({"alg": "HS256"}, {"sub": "1234567890"})
    ]
    return ".".join([*parts, made(MIXED, 43)])


def pem(kind="RSA ") -> str:
    return f"-----BEGIN {kind}PRIVATE KEY-----\n{made(MIXED, 64)}\n{made(MIXED, 64)}\n-----END {kind}PRIVATE KEY-----"


FORMATTED = {
    "aws-access-key-id": "AKIA" + made(UPPER, 16),
    "github-token": "ghp_" + made(MIXED, 36),
    "gitlab-token": "glpat-" + made(MIXED, 20),
    "slack-token": "xoxb-" + made(string.digits, 12) + "-" + made(MIXED, 24),
    "slack-webhook": "https://hooks.slack.com/services/T"
    + made(UPPER, 8)
    + "/B"
    + made(UPPER, 8)
    + "/"
    + made(MIXED, 24),
    "discord-webhook": "https://discord.com/api/webhooks/" + made(string.digits, 18) + "/" + made(MIXED, 60),
    "teams-webhook": "https://contoso.webhook.office.com/webhookb2/" + made(HEX, 32),
    "stripe-key": "sk_" + "live_" + made(MIXED, 24),
    "google-api-key": "AIza" + made(MIXED, 35),
    "google-client-secret": "GOCSPX-" + made(MIXED, 28),
    "google-access-token": "ya29." + made(MIXED, 60),
    "anthropic-key": "sk-ant-" + "api03-" + made(MIXED, 40),
    "openai-key": "sk-" + made(MIXED, 48),
    "sendgrid-key": "SG." + made(MIXED, 22) + "." + made(MIXED, 43),
    "twilio-key": "SK" + made(HEX, 32),
    "mailgun-key": "key-" + made(HEX, 32),
    "mailchimp-key": made(HEX, 32) + "-us14",
    "npm-token": "npm_" + made(MIXED, 36),
    "pypi-token": "pypi-AgE" + made(MIXED, 60),
    "docker-token": "dckr_pat_" + made(MIXED, 27),
    "digitalocean-token": "dop_v1_" + made(HEX, 64),
    "databricks-token": "dapi" + made(HEX, 32),
    "vault-token": "hvs." + made(MIXED, 24),
    "terraform-token": made(MIXED, 14) + ".atlasv1." + made(MIXED, 67),
    "new-relic-key": "NRAK-" + made(UPPER, 27),
    "grafana-token": "glsa_" + made(MIXED, 32) + "_" + made(HEX, 8),
    "shopify-token": "shpat_" + made(HEX, 32),
    "square-token": "sq0atp-" + made(MIXED, 22),
    "telegram-token": made(string.digits[1:], 9) + ":AA" + made(MIXED, 33),
    "atlassian-token": "ATATT3" + made(MIXED, 186),
    "linear-key": "lin_api_" + made(MIXED, 40),
    "notion-token": "ntn_" + made(MIXED, 46),
    "postman-key": "PMAK-" + made(HEX, 24) + "-" + made(HEX, 34),
    "hugging-face-token": "hf_" + made(MIXED, 34),
    "doppler-token": "dp.pt." + made(MIXED, 43),
    "supabase-key": "sbp_" + made(HEX, 40),
    "age-key": "AGE-SECRET-KEY-1" + made(UPPER, 58),
    "jwt": web_token(),
    "private-key": pem(),
    "presigned-url": "https://b.s3.amazonaws.com/k?X-Amz-Signature=" + made(HEX, 64),
    "connection-string": "postgresql://app:" + made(MIXED, 12) + "@db.internal:5432/orders",
    "azure-account-key": "DefaultEndpointsProtocol=https;AccountName=a;AccountKey="
    + made(MIXED, 86)
    + "==;EndpointSuffix=core.windows.net",
    "azure-shared-access": "Endpoint=sb://x/;SharedAccessKey=" + made(MIXED, 43) + "=",
    "authorization-header": "Authorization: Basic " + made(MIXED, 24),
    "password-literal": "host=db password=" + made(MIXED, 10),
}


@pytest.mark.parametrize("kind", sorted(FORMATTED))
def test_each_format_is_found_alone_and_within_text(kind):
    value = FORMATTED[kind]
    for text in (value, f"note: {value} (do not lose)", f'{{"note": "{value}"}}'.replace("\n", "\\n")):
        found = detect(text)
        assert kind in {each.kind for each in found}, (kind, found)


def test_every_format_has_a_case():
    assert {each.kind for each in FORMATS} == set(FORMATTED)


@pytest.mark.parametrize("kind", sorted(FORMATTED))
def test_nothing_of_the_secret_stays_when_its_span_is_cut_out(kind):
    value = FORMATTED[kind]
    left = value
    for each in reversed(detect(value)):
        left = left[: each.start] + left[each.end :]
    longest = (
        max(value.replace("-", " ").split(), key=len) if kind != "presigned-url" else value.partition("Signature=")[2]
    )
    assert longest not in left


NAMED = {
    "DB_PASSWORD": "hunter" + "2x",
    "password": "correct horse",
    "dbPassword": "Summer" + "2026",
    "API_KEY": made(HEX, 32),
    "apiKey": made(MIXED, 20),
    "STRIPE_SECRET": made(MIXED, 30),
    "JWT_SECRET": "our-little-secret",
    "aws_secret_access_key": made(MIXED + "/+", 40),
    "TWILIO_AUTH_TOKEN": made(HEX, 32),
    "DATADOG_API_KEY": made(HEX, 32),
    "private_key": made(MIXED, 64),
    "SIGNING_KEY": made(MIXED, 16),
    "CLIENT_SECRET": made(MIXED, 16),
    "ADMIN_PWD": "1234" + "5678",
    "GITHUB_TOKEN": made(HEX, 40),
    "DB_PASS": "yellow" + "88",
    "smtpPass": "yellow" + "88",
    "DB_PW": "yellow" + "88",
    "SESSION_SECRET": made(HEX, 64),
    "HMAC_KEY": made(HEX, 64),
    "SITE_ADMIN_API_KEY": made(MIXED, 32),
}


@pytest.mark.parametrize("name", sorted(NAMED))
def test_a_literal_under_the_name_of_a_secret_is_one(name):
    assert detect(NAMED[name], name, named=True)
    assert detect(NAMED[name], name, named=True)[0].end == len(NAMED[name])


HARMLESS = [
    ("DB_PASSWORD", "{{resolve:secretsmanager:db:SecretString:password}}"),
    ("DB_PASSWORD", "${DbPassword}"),
    ("DB_PASSWORD", "$DB_PASSWORD"),
    ("DB_PASSWORD", "process.env.DB_PASSWORD"),
    ("DB_PASSWORD", "os.environ['DB_PASSWORD']"),
    ("DB_PASSWORD", "!Ref DbPassword"),
    ("DB_PASSWORD", "var.db_password"),
    ("DB_PASSWORD", "data.aws_secretsmanager_secret.db.arn"),
    ("DB_PASSWORD", "changeme"),
    ("DB_PASSWORD", "<password>"),
    ("DB_PASSWORD", "xxxxx"),
    ("DB_PASSWORD", ""),
    ("DB_SECRET", "arn:aws:secretsmanager:us-east-1:111122223333:secret:orders/db-AbCdEf"),
    ("DB_SECRET_ARN", "arn:aws:secretsmanager:us-east-1:111122223333:secret:orders/db-AbCdEf"),
    ("SECRET_NAME", "orders/database/main"),
    ("SECRET_KEY_NAME", "orders-signing-key"),
    ("SECRET_ID", "orders/database/main"),
    ("API_KEY_ID", "b7x2" + "k9q1"),
    ("TOKEN_URL", "https://login.example.test/oauth2/token"),
    ("TOKEN", "https://login.example.test/oauth2/token"),
    ("TOKEN_TTL", "3600"),
    ("MAX_TOKENS", "4096"),
    ("PASSWORD_MIN_LENGTH", "8"),
    ("PASSWORD_REQUIRED", "true"),
    ("USE_TOKEN", "true"),
    ("TOKEN_TABLE", "orders-tokens"),
    ("SECRETS_PREFIX", "/orders/production/"),
    ("CODE_SHA256", made(HEX, 64)),
    ("CHECKSUM", "sha512-" + base64.b64encode(bytes(range(64))).decode()),
    ("API_TOKEN", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
    ("KEY_ID", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
    ("TABLE", "orders-table"),
    ("BYPASS", "cache-layer"),
    ("COMPASS", "north"),
    ("PASS_THROUGH", "headers"),
    ("PASSWORD_FIELD", "password"),
    ("PASSWORD_HASH_ALGO", "bcrypt"),
    ("TOKEN_SHA256", made(HEX, 64)),
    ("TOKEN", "sha256:" + made(HEX, 64)),
    ("PUBLIC_API_KEY", "pk_" + made(MIXED, 20)),
    ("CAPTCHA_SITE_KEY", made(MIXED, 40)),
    ("STRIPE_PUBLISHABLE_KEY", "pk_live_" + made(MIXED, 24)),
    ("SENTRY_DSN", "https://" + made(HEX, 32) + "@o123.ingest.example.test/456"),
    ("DB_PASSWORD", "AQICAHh" + made(MIXED + "/+", 160) + "=="),
    ("DB_CREDENTIALS", "rds!cluster-f81d4fae-7dec-11d0-a765-00a0c91e6bf6"),
    ("KEYBOARD", "qwertz-layout"),
    ("MONKEY", "banana-split-7"),
    ("AUTHOR", "somebody-in-the-team"),
    ("", "The password is kept in the vault, ask the team for a token"),
    ("", "MinimumPasswordLength: 8"),
    ("", "password=${DB_PASSWORD}"),
    ("", "password: changeme"),
    ("", "https://example.test/a/b/c"),
    ("", "arn:aws:lambda:us-east-1:111122223333:function:token-exchange"),
    ("", "RcIO5fNTLoowm6v2XEEvv3fj0u5wXLli/ifpP/Zd2uU="),
    ("", "SELECT * FROM tokens WHERE id = 1"),
]


@pytest.mark.parametrize(("name", "value"), HARMLESS)
def test_what_is_no_secret_is_not_taken_for_one(name, value):
    assert detect(value, name, named=True) == ()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AuthorizationType", "AWS_IAM"),
        ("apiKeySource", "HEADER"),
        ("HttpTokens", "required"),
        ("ClientToken", "orders-2026"),
        ("KeyManager", "CUSTOMER"),
        ("PasswordLastUsed", "2026-01-02T03:04:05+00:00"),
        ("SecretName", "orders/db"),
    ],
)
def test_members_of_the_provider_are_only_secret_if_they_look_random(name, value):
    assert detect(value, name) == ()
    assert detect(made(MIXED, 40), "SecretValue")


def test_documentation_keys_are_placeholders():
    (found,) = detect("AKIAIOSFODNN7" + "EXAMPLE")
    assert found.placeholder
    assert not detect(FORMATTED["aws-access-key-id"])[0].placeholder


def test_a_connection_string_loses_only_its_password():
    password = made(MIXED, 12)
    text = f"mysql://app:{password}@db/orders"
    (found,) = detect(text)
    assert text[found.start : found.end] == password


@pytest.mark.parametrize(
    "name",
    [
        "secret",
        "Secret",
        "dbSecret",
        "SECRETS",
        "x-api-key",
        "apikey",
        "api.key",
        "accessToken",
        "PG_DSN",
        "slack_webhook",
    ],
)
def test_names_of_secrets(name):
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "keyboard",
        "monkey",
        "tokenizer",
        "SecretArn",
        "secret_name",
        "passwordResetUrl",
        "KMS_KEY_ARN",
        "passengers",
        "secretary",
    ],
)
def test_names_of_other_things(name):
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    "text",
    [
        "true",
        "False",
        "0",
        "-3.5",
        "1000",
        "arn:aws:s3:::orders",
        "https://sqs.us-east-1.amazonaws.com/111122223333/orders",
        "redis://cache.internal:6379/0",
    ],
)
def test_what_may_be_shown(text):
    assert is_harmless(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "orders",
        "https://example.test/?token=1",
        "https://user@example.test/",
        "arn:aws:s3:::or ders",
        FORMATTED["slack-webhook"],
        FORMATTED["connection-string"],
        "https://x/" + "AKIA" + made(UPPER, 16),
    ],
)
def test_what_may_not_be_shown(text):
    assert not is_harmless(text)


def test_placeholders():
    assert all(
        map(
            is_placeholder,
            ["changeme", "CHANGE_ME", "replace-me", "<token>", "xxxx", "****", "your-api-key", "TODO", "dummy"],
        )
    )
    assert not any(map(is_placeholder, ["hunter", "change", "x", "todos los santos"]))


def test_entropy():
    assert entropy("") == 0
    assert entropy("aaaa") == 0
    assert entropy("abcd") == 2


@given(st.text(max_size=300), st.text(max_size=40), st.booleans())
def test_spans_are_in_order_and_apart(text, name, named):
    end = 0
    for each in detect(text, name, named=named):
        assert end <= each.start < each.end <= len(text)
        end = each.end


@given(
    st.sampled_from(sorted(FORMATTED)),
    st.text(max_size=20).filter(lambda text: not text or not (text[-1].isalnum() or text[-1] == "_")),
)
def test_a_hint_stands_in_every_text_that_a_format_matches(kind, before):
    assert HINTS.search(before + FORMATTED[kind])


@pytest.mark.parametrize(
    "text",
    [
        "a" * 50_000,
        "a-" * 25_000,
        "://" * 15_000,
        "://" + ":" * 50_000,
        "password" * 6_000,
        "password=" * 6_000,
        "-----BEGIN PRIVATE KEY-----" * 2_000,
        "eyJ" * 16_000,
        "A" * 50_000,
        "=" * 50_000,
        "sk-" * 16_000,
        "secret " * 7_000,
        "0" * 50_000 + ":AA",
        "key-" * 12_000,
        "Bearer " * 7_000,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_text_costs_no_time(text):
    started = time.process_time()
    detect(text, text[:300], named=True)
    assert time.process_time() - started < 1.0


def test_ordinary_text_is_quick():
    texts = [f"arn:aws:lambda:us-east-1:111122223333:function:orders-{number}" for number in range(10_000)]
    started = time.process_time()
    for text in texts:
        detect(text, "FunctionArn")
    assert time.process_time() - started < 2.0


def test_the_module_needs_the_standard_library_only():
    import subprocess
    import sys

    code = (
        "import sys; before = set(sys.modules); import assaybook.code.secrets; "
        "print({m.split('.')[0] for m in set(sys.modules) - before} - {'assaybook', *sys.stdlib_module_names})"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
        == "set()"
    )
