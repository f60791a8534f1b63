"""Area A, secrets: who can read each one, worked out from everybody's policies, its own and those of its key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..check import check
from ..evidence import Watched
from ..model import Severity, Verdict, fail, ok, review
from ..policy.access import Resource, decide, who_can
from ..policy.document import parse_policy
from ..policy.exposure import resource_policy
from ..policy.extent import extent
from ..policy.gains import administers
from ..policy.held import held
from ..policy.reach import ordered
from ..policy.request import MISSING, UNKNOWN_VALUE, RequestContext
from ..policy.requester import Requester
from ..policy.scope import wide_resources
from ..policy.truth import Truth, every
from ..tables.identity import Principal
from ..tables.organisation import Guardrails
from ..tables.trust import SecretAccess
from .rights import is_named

MOST_NAMED = 4
READS = {
    "secret": ("secretsmanager:GetSecretValue",),
    "parameter": ("ssm:GetParameter", "ssm:GetParameters", "ssm:GetParameterHistory"),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """A principal that can read a secret, how surely, by which statement, and whether that reaches every secret."""

    who: str
    listed: bool
    user: bool
    administrator: bool
    wide: bool
    statement: str
    certain: Truth

    def __str__(self) -> str:
        return f"{self.who} by {self.statement}" if self.statement else self.who


@check("secret-readable-too-widely", over=SecretAccess)
def secret_readable_too_widely(secret: SecretAccess, evidence: Watched) -> Verdict:
    """A secret is read by the workloads that need it and by listed identities, beside administrators."""
    grants = resource_policy(secret.policy, own_account=secret.subject.account) if secret.policy else ()
    for grant in grants:
        if grant.public:
            because = f"{secret.name}: its own policy lets in everyone. {grant.because.rstrip('.')}"
            return fail(because, severity=Severity.CRITICAL)
    readers = list(_readers(secret, evidence))
    listed = [each for each in readers if each.listed and not each.administrator]
    others = [each for each in readers if not each.listed and not each.administrator]
    odd = [each for each in others if each.wide or each.user]
    surely = [each for each in odd if each.certain is Truth.TRUE]
    if surely:
        return fail(f"{secret.name} can be read by {_few(surely)}{_why(surely)}{_beside(readers, listed)}")
    strangers = ordered(account for grant in grants for account in grant.accounts)
    abroad = _abroad(secret, strangers, evidence.parameter("trusted_accounts")) if strangers else None
    if abroad is not None:
        return abroad
    if odd:
        return review(f"{secret.name} may be read by {_few(odd)}, under conditions that only a person can judge")
    return ok(f"{secret.name} is read by {_few(others) or 'no workload'}{_beside(readers, listed)}")


def _abroad(secret: SecretAccess, accounts: Sequence[str], trusted: Mapping[str, str] | None) -> Verdict | None:
    """What follows from other accounts that the secret's own policy lets in; None if all of them are trusted."""
    unlisted = [each for each in accounts if each not in (trusted or {})]
    if not unlisted:
        return None
    named = ", ".join(unlisted)
    if trusted is None:
        return review(f"{secret.name}: its own policy lets in {named}, and no list of trusted accounts is declared")
    return fail(f"{secret.name}: its own policy lets in {named}, which is not among the trusted accounts")


def _readers(secret: SecretAccess, evidence: Watched) -> Iterator[Reader]:
    account = secret.subject.account
    policy = parse_policy(secret.policy) if secret.policy else None
    resource = Resource(secret.key, account, policy, "the secret's policy")
    key = _key_of(secret)
    expected = (*evidence.parameter("secret_readers"), *evidence.parameter("break_glass_users"))
    organisation = _organisation(secret, evidence)
    for row in evidence.all(Principal, account=account):
        if row.service_linked:
            continue
        rights = held(row)
        # Nobody else can let a principal in, and most hold no right to read secrets at all.
        if policy is None and not any(rights.names(action) for action in READS[secret.kind]):
            continue
        who = Requester(row.key, rights, organisation=organisation)
        request = _request(row, secret)
        best = who_can([who], READS[secret.kind], resource, request)
        if not best:
            continue
        answer = best[0].answer
        decrypts = decide(who, "kms:Decrypt", key, _through(secret, request)).granted if key else Truth.TRUE
        certain = every((answer.granted, decrypts))
        if certain is Truth.FALSE:
            continue
        wide = any(wide_resources(each) for each in extent(rights, READS[secret.kind]))
        yield Reader(
            f"{row.kind} {row.name}",
            is_named(row, expected),
            row.kind == "user",
            administers(rights),
            wide,
            answer.statement,
            certain,
        )


def _organisation(secret: SecretAccess, evidence: Watched) -> str | None:
    """The organisation of the account, where a policy that decides asks for it."""
    if "principalorg" not in f"{secret.policy}{secret.key_policy}".lower():
        return None
    return evidence.one(Guardrails, secret.subject.account).organisation


def _request(row: Principal, secret: SecretAccess) -> RequestContext:
    """A call in the secret's region. A person can always bring a second factor, code never does."""
    factor = MISSING if row.workloads else "true"
    return RequestContext({"aws:RequestedRegion": secret.subject.region, "aws:MultiFactorAuthPresent": factor})


def _through(secret: SecretAccess, request: RequestContext) -> RequestContext:
    """The same call as it reaches the key, through the service that keeps the secret."""
    service = READS[secret.kind][0].partition(":")[0]
    via = {"kms:ViaService": f"{service}.{secret.subject.region}.amazonaws.com", "aws:ViaAWSService": "true"}
    bound = "SecretARN" if secret.kind == "secret" else "PARAMETER_ARN"
    return request.filled({**via, f"kms:EncryptionContext:{bound}": secret.key, "aws:CalledVia": UNKNOWN_VALUE})


def _key_of(secret: SecretAccess) -> Resource | None:
    """The customer-managed key; a key of AWS is open to everyone of the account who goes through the service."""
    if not secret.encryption_key:
        return None
    owner = secret.encryption_key.split(":")[4]
    return Resource(
        secret.encryption_key,
        owner,
        parse_policy(secret.key_policy) if secret.key_policy else None,
        "the key policy",
        True,
    )


def _few(readers: Sequence[Reader]) -> str:
    return ", ".join(str(each) for each in readers[:MOST_NAMED]) + _more(readers)


def _why(readers: Sequence[Reader]) -> str:
    if any(each.wide for each in readers):
        return "; the statements reach every secret, so nobody decided that this one was needed"
    return "; people read secrets only as listed identities"


def _beside(readers: Sequence[Reader], listed: Sequence[Reader]) -> str:
    """Administrators and listed identities, who read secrets as a matter of course, and whom a report names all the same."""
    administrators = [each.who for each in readers if each.administrator]
    parts = [("listed", [each.who for each in listed]), ("administrators", administrators)]
    said = [f"{word}: {', '.join(names[:MOST_NAMED])}{_more(names)}" for word, names in parts if names]
    return f" (beside {'; '.join(said)})" if said else ""


def _more(names: Sequence[object]) -> str:
    return f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
