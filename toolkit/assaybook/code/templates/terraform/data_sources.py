"""Data sources: what a module asks of its account, as far as its own text tells the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..naming import Named
from ..resources import Unresolved
from ..values import joined
from .made import Made
from .parser import parse_text
from .policy_documents import policy_document
from .syntax import Malformed
from .unknown import symbol

if TYPE_CHECKING:
    from ..located import Block

# Those that have the same ARN as the resource, whoever made it.
_BY_NAME = {
    "aws_s3_bucket": ("AWS::S3::Bucket", "bucket"),
    "aws_lambda_function": ("AWS::Lambda::Function", "function_name"),
    "aws_sqs_queue": ("AWS::SQS::Queue", "name"),
    "aws_sns_topic": ("AWS::SNS::Topic", "name"),
    "aws_dynamodb_table": ("AWS::DynamoDB::Table", "name"),
    "aws_iam_role": ("AWS::IAM::Role", "name"),
    "aws_kinesis_stream": ("AWS::Kinesis::Stream", "name"),
    "aws_ssm_parameter": ("AWS::SSM::Parameter", "name"),
    "aws_ecr_repository": ("AWS::ECR::Repository", "name"),
    "aws_sfn_state_machine": ("AWS::StepFunctions::StateMachine", "name"),
    "aws_cloudwatch_log_group": ("AWS::Logs::LogGroup", "name"),
}
_SECRET = ("secret_string", "secret_binary", "plaintext", "value")


class Data(Made):
    """A data source."""

    def member(self, name: str, where: str) -> Any:
        """What its answer holds."""
        key = ("data", self.address, name)
        return self.module.once(key, lambda: self._answer(name, where), where)

    def _answer(self, name: str, where: str) -> Any:
        place = self.module.place
        account = place.account
        known: dict[tuple[str, str], Any] = {
            ("aws_caller_identity", "account_id"): account,
            ("aws_caller_identity", "id"): account,
            ("aws_caller_identity", "arn"): f"arn:{place.partition}:iam::{account}:root",
            ("aws_region", "name"): place.region,
            ("aws_region", "id"): place.region,
            ("aws_region", "region"): place.region,
            ("aws_partition", "partition"): place.partition,
            ("aws_partition", "id"): place.partition,
            ("aws_partition", "dns_suffix"): "amazonaws.com.cn" if place.partition == "aws-cn" else "amazonaws.com",
        }
        if (self.type, name) in known:
            return known[self.type, name]
        if self.type == "aws_iam_policy_document" and name in ("json", "minified_json"):
            return policy_document(self.body(), self.where)
        if self.type == "template_file" and name == "rendered":
            return self._rendered(where)
        found = self.argument(name)
        if found is not None:
            return found
        found = self._by_name(name)
        if found is not None:
            return found
        return symbol(
            f"data.{self.type}.{self.name}.{name}",
            f"{self.type} is asked for when the module is deployed",
            where or self.where,
            secret=name in _SECRET and self.type in ("aws_secretsmanager_secret_version", "aws_ssm_parameter"),
        )

    def _by_name(self, name: str) -> Any:
        kind, argument = _BY_NAME.get(self.type, ("", ""))
        said = self.argument(argument) if argument else None
        if not isinstance(said, str) or isinstance(said, Unresolved):
            return None
        if name in ("id", "name", "bucket"):
            return (
                said
                if kind not in ("AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::StepFunctions::StateMachine")
                or name == "name"
                else None
            )
        property = Named(kind, self.name, self.module.place, lambda asked: "").form.named

        def prop(asked: str) -> Any:
            return said if asked == property else ""

        named = Named(kind, self.name, self.module.place, prop)
        if name == "arn":
            return named.arn()
        if name == "invoke_arn":
            start = f"arn:{self.module.place.partition}:apigateway:{self.module.place.region}:lambda:path/2015-03-31/functions/"
            return joined([start, named.arn(), "/invocations"])
        return None

    def _rendered(self, where: str) -> Any:
        template = self.argument("template")
        if not isinstance(template, str):
            return symbol(f"data.template_file.{self.name}", "its template is not known", where)
        filled: Block | Any = self.argument("vars")
        names = dict(filled) if isinstance(filled, dict) else {}
        try:
            return self.module.worker(self.written.file, **names).value(parse_text(str(template)))
        except Malformed as error:
            return symbol(f"data.template_file.{self.name}", error.why, where)

    def whole(self) -> Any:
        """Stands for it where nothing of it is asked for."""
        return symbol(f"data.{self.type}.{self.name}", "it is no value by itself", self.where)
