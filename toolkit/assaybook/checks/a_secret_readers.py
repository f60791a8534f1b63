"""Area A, secrets: who can read each one, worked out from everybody's policies, its own and those of its key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..check import check
from ..evidence import EvidenceGap
from ..model import Outcome, Severity, Verdict, fail, ok, review
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
from ..watched import Watched
from .rights import is_named, unread_limits

MOST_NAMED = 4
READS = {
    "secret": ("secretsmanager:GetSecretValue",),
    "parameter": ("ssm:GetParameter", "ssm:GetParameters", "ssm:GetParameterHistory"),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """A principal that can read a secret, how surely, by which statement, and whether that reaches every secret."""

    row: Principal
    listed: bool
    administrator: bool
    wide: bool
    statement: str
    certain: Truth

    @property
    def user(self) -> bool:
        """Whether it is a user."""
        return self.row.kind == "user"

    @property
    def who(self) -> str:
        """Its kind and name."""
        return f"{self.row.kind} {self.row.name}"

    def __str__(self) -> str:
        return f"{self.who} by {self.statement}" if self.statement else self.who


@check("secret-readable-too-widely", over=SecretAccess)
def secret_readable_too_widely(secret: SecretAccess, evidence: Watched) -> Verdict:
    """A secret is read by the workloads that need it and by listed identities, beside administrators."""
    grants = resource_policy(secret.policy, own_account=secret.subject.account) if secret.policy else ()
    for grant in grants:
        if grant.public:
            why = grant.because.rstrip(".").removeprefix("Anyone gets in: ")
            return fail(f"{secret.name} is open to everyone by its own policy: {why}", severity=Severity.CRITICAL)
    readers, gap = _readers(secret, evidence)
    listed = [each for each in readers if each.listed and not each.administrator]
    others = [each for each in readers if not each.listed and not each.administrator]
    odd = [each for each in others if each.wide or each.user]
    surely = [each for each in odd if each.certain is Truth.TRUE]
    if surely:
        limits = unread_limits(each.row for each in surely)
        return fail(f"{secret.name} can be read by {_few(surely)}{_why(surely)}{limits}{_beside(readers, listed)}")
    strangers = ordered(account for grant in grants for account in grant.accounts)
    abroad = _abroad(secret, strangers, evidence.parameter("trusted_accounts")) if strangers else None
    if abroad is not None and abroad.outcome is Outcome.FAIL:
        return abroad
    if gap is not None:
        raise gap
    if abroad is not None:
        return abroad
    if odd:
        limits = unread_limits(each.row for each in odd)
        return review(
            f"{secret.name} may be read by {_few(odd)}, under conditions that only a person can judge{limits}"
        )
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


def _readers(secret: SecretAccess, evidence: Watched) -> tuple[list[Reader], EvidenceGap | None]:
    """Who can read it, as far as could be read, and the first gap in the way: a reader who is sure decides in spite of it."""
    rows, gap = evidence.seen(Principal, account=secret.subject.account)
    scene = _Scene(secret, evidence)
    found: list[Reader] = []
    for row in rows:
        try:
            reader = scene.reader(row)
        except EvidenceGap as problem:
            gap = gap or problem
            continue
        if reader is not None:
            found.append(reader)
    return found, gap


class _Scene:
    """What is the same for everybody who might read one secret."""

    def __init__(self, secret: SecretAccess, evidence: Watched) -> None:
        account = secret.subject.account
        self._secret = secret
        self._actions = READS[secret.kind]
        policy = parse_policy(secret.policy) if secret.policy else None
        self._resource = Resource(secret.key, account, policy, "the secret's policy")
        self._key = _key_of(secret)
        self._expected = (*evidence.parameter("secret_readers"), *evidence.parameter("break_glass_users"))
        self._organisation = _organisation(secret, evidence)

    def reader(self, row: Principal) -> Reader | None:
        """A principal as a reader of the secret; None if it certainly is none. Raises EvidenceGap where what decides was not collected."""
        if row.service_linked:
            return None
        rights = held(row)
        # Nobody else can let a principal in, and most hold no right to read secrets at all.
        if self._resource.policy is None and not any(rights.names(action) for action in self._actions):
            return None
        who = Requester(row.key, rights, organisation=self._organisation)
        request = _request(row, self._secret)
        best = who_can([who], self._actions, self._resource, request)
        if not best:
            return None
        answer, key = best[0].answer, self._key
        decrypts = decide(who, "kms:Decrypt", key, _through(self._secret, request)).granted if key else Truth.TRUE
        certain = every((answer.granted, decrypts))
        if certain is Truth.FALSE:
            return None
        return Reader(
            row,
            listed=is_named(row, self._expected),
            administrator=administers(rights),
            wide=any(wide_resources(each) for each in extent(rights, self._actions)),
            statement=answer.statement,
            certain=certain,
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
