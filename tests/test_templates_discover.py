"""Templates are found by what is in them; what describes infrastructure and is not read is said."""

import json
from functools import partial

import pytest

from assaybook.code.templates.passed_over import passed_over
from template_samples import TREES
from test_templates_cloudformation import of
from test_templates_hostile import content, read

QUEUE = "Resources: {Q: {Type: AWS::SQS::Queue}}\n"


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        ("infra/anything.yml", QUEUE, True),
        ("a.template", '{"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}', True),
        ("a.yaml", "AWSTemplateFormatVersion: 2010-09-09\nResources: {C: {Type: Custom::Thing}}\n", True),
        ("a.yaml", "Resources: {Q: {Type: Microsoft.Web/sites}}\n", False),
        ("a.yaml", "kind: Deployment\nmetadata: {annotations: {x: AWS::SQS::Queue}}\n", False),
        ("a.yaml", "steps: [{run: echo AWS::SQS::Queue}]\n", False),
        ("readme.md", QUEUE, False),
        ("node_modules/x/a.yaml", QUEUE, False),
        (".aws-sam/build/template.yaml", QUEUE, False),
        ("venv/lib/a.yaml", QUEUE, False),
        ("package-lock.json", QUEUE, False),
        ("list.json", "[1, 2]", False),
        ("schema.json", '{"Resources": {"type": "object"}, "x": "AWS::SQS::Queue"}', False),
    ],
)
def test_what_a_template_is(path: str, text: str, found: bool) -> None:
    assert bool(read({path: text})) is found


def test_a_broken_template_is_one_with_a_problem() -> None:
    (template,) = read({"t.yaml": "AWSTemplateFormatVersion: 2010-09-09\nResources:\n  A: [\n"})
    assert template.resources == () and template.problems[0].where.startswith("t.yaml:")


def test_a_packaged_copy_is_left_out_beside_its_template() -> None:
    assert [each.path for each in read({"template.yaml": QUEUE, "packaged.yaml": QUEUE})] == ["template.yaml"]
    assert [each.path for each in read({"packaged.yaml": QUEUE})] == ["packaged.yaml"]


def test_the_order_is_that_of_the_paths() -> None:
    names = ["c.yaml", "a/z.yaml", "b.yaml", "a.yaml"]
    assert [each.path for each in read(dict.fromkeys(names, QUEUE))] == sorted(names)
    assert len({each.account for each in read(dict.fromkeys(names, QUEUE))}) == 4


def test_exports_reach_other_templates_in_the_account_of_the_importer() -> None:
    exporting = (
        "Resources: {Q: {Type: AWS::SQS::Queue}}\nOutputs: {O: {Value: !GetAtt Q.Arn, Export: {Name: queue-arn}}}\n"
    )
    importing = "Resources: {P: {Type: AWS::SSM::Parameter, Properties: {Value: !ImportValue queue-arn}}}\n"
    first, second = read({"a.yaml": exporting, "b.yaml": importing})
    assert second.resources[0].properties["Value"] == f"arn:aws:sqs:us-east-1:{second.account}:a-Q"
    assert first.account != second.account


def test_an_export_of_two_templates_is_neither() -> None:
    exporting = (
        "Resources: {Q: {Type: AWS::SQS::Queue}}\nOutputs: {O: {Value: !GetAtt Q.Arn, Export: {Name: queue-arn}}}\n"
    )
    importing = "Resources: {P: {Type: AWS::SSM::Parameter, Properties: {Value: !ImportValue queue-arn}}}\n"
    found = {each.path: each for each in read({"a.yaml": exporting, "c.yaml": exporting, "b.yaml": importing})}
    assert "more than one template" in found["b.yaml"].resources[0].properties["Value"].why


def test_nested_stacks_are_read_into_the_one_that_makes_them() -> None:
    parent = """
Resources:
  Net:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ./parts/child.yaml, Parameters: {Name: !Ref Topic}}
  Topic: {Type: AWS::SNS::Topic}
  P: {Type: AWS::SSM::Parameter, Properties: {Value: !GetAtt Net.Outputs.Queue}}
"""
    child = """\
Parameters: {Name: {Type: String}}
Resources:
  Q: {Type: AWS::SQS::Queue, Properties: {Tags: [{Key: k, Value: !Ref Name}]}}
  F: {Type: AWS::Lambda::Function, Properties: {Code: ./src}}
Outputs: {Queue: {Value: !GetAtt Q.Arn}}
"""
    (template,) = read({"parent.yaml": parent, "parts/child.yaml": child, "parts/src/a.py": ""})
    queue = of(template, "Net/Q")
    assert queue.where == "parts/child.yaml:3" and queue.name == "parent-Net-Q"
    assert queue.properties["Tags"][0]["Value"] == of(template, "Topic").arn
    assert of(template, "P").properties["Value"] == queue.arn
    assert template.code == {"Net/F": "parts/src"}


def test_a_nested_stack_from_elsewhere_is_a_problem() -> None:
    (template,) = read(
        {
            "t.yaml": "Resources: {N: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: https://s3.amazonaws.com/b/t.yaml}}}"
        }
    )
    assert "not in the source tree" in template.problems[0].why


def test_an_assembly_of_the_cdk() -> None:
    (template,) = read(TREES["cdk"])
    assert (template.path, template.format, template.region) == ("cdk.out/Shop.template.json", "cdk", "eu-central-1")
    assert template.code == {"Fn": "cdk.out/asset.abc"}
    assert of(template, "Role").properties["ManagedPolicyArns"] == ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
    assert of(template, "Fn").name == "shop-Fn"
    assert "CDKMetadata" not in {each.id for each in template.resources}
    assert template.problems == ()


def test_assets_and_nested_stacks_by_their_metadata() -> None:
    nested = {"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}
    whole = {
        "Resources": {
            "Fn": {
                "Type": "AWS::Lambda::Function",
                "Properties": {"Code": {"S3Key": "x"}},
                "Metadata": {"aws:asset:path": "asset.1", "aws:asset:property": "Code"},
            },
            "N": {
                "Type": "AWS::CloudFormation::Stack",
                "Properties": {"TemplateURL": {"Fn::Sub": "https://x"}},
                "Metadata": {"aws:asset:path": "N.nested.template.json", "aws:asset:property": "TemplateURL"},
            },
        }
    }
    files = {
        "app/cdk.out/S.template.json": json.dumps(whole),
        "app/cdk.out/N.nested.template.json": json.dumps(nested),
        "app/cdk.out/asset.1/i.js": "",
    }
    (template,) = read(files)
    assert template.code == {"Fn": "app/cdk.out/asset.1"}
    assert "N/Q" in {each.id for each in template.resources} and template.problems == ()


def test_a_cdk_application_without_an_assembly_is_said() -> None:
    (template,) = read({"app/cdk.json": "{}", "app/bin/app.ts": ""})
    assert (
        template.format == "cdk"
        and template.problems[0].where == "app/cdk.json"
        and "cdk synth" in template.problems[0].why
    )


def test_an_empty_assembly_is_said() -> None:
    (template,) = read({"cdk.out/manifest.json": "{}"})
    assert template.problems


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("host.json", "{}"),
        ("f/function.json", "{}"),
        ("main.bicep", ""),
        (
            "azuredeploy.json",
            '{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"}',
        ),
        (
            "sub.json",
            '{"$schema": "https://schema.management.azure.com/schemas/2018-05-01/subscriptionDeploymentTemplate.json#"}',
        ),
        ("gcp.yaml", "resources:\n- name: f\n  type: gcp-types/cloudfunctions-v1:x\n"),
        ("run.yaml", "apiVersion: serving.knative.dev/v1\nkind: Service\n"),
        ("Pulumi.yaml", "name: x"),
        (".chalice/config.json", "{}"),
    ],
)
def test_what_is_not_read_is_said(path: str, text: str) -> None:
    assert read({path: text}) == ()
    (note,) = passed_over({path: partial(content, text)})
    assert note.where == path and "not assessed" in note.why


def test_what_is_read_is_not_passed_over() -> None:
    tree = {path: text for each in TREES.values() for path, text in each.items()}
    assert passed_over({path: partial(content, text) for path, text in tree.items()}) == ()


@pytest.mark.parametrize(
    "address",
    [
        "https://s3.amazonaws.com/bucket/prefix/parts/child.yaml",
        "https://bucket.s3.amazonaws.com/parts/child.yaml?versionId=1",
        {"Fn::Sub": "https://${Bucket}.s3.${AWS::Region}.amazonaws.com/${Prefix}parts/child.yaml"},
        {"Fn::Join": ["/", ["https://s3.amazonaws.com", {"Ref": "Bucket"}, "child.yaml"]]},
    ],
)
def test_the_file_that_was_uploaded_is_found(address: object) -> None:
    parent = {
        "Parameters": {"Bucket": {"Type": "String"}, "Prefix": {"Type": "String"}},
        "Resources": {"N": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": address}}},
    }
    (template,) = read({"parts/parent.json": json.dumps(parent), "parts/child.yaml": QUEUE})
    assert "N/Q" in {each.id for each in template.resources} and template.problems == ()


def test_fragments_of_whole_sections_are_taken_in() -> None:
    text = """
Transform: {Name: AWS::Include, Parameters: {Location: ./all.yaml}}
Resources:
  Fn::Transform: {Name: AWS::Include, Parameters: {Location: ./some.yaml}}
  Own: {Type: AWS::SNS::Topic}
"""
    found = {
        each.path: each
        for each in read(
            {"t.yaml": text, "some.yaml": "Q: {Type: AWS::SQS::Queue}\n", "all.yaml": "Outputs: {O: {Value: 1}}\n"}
        )
    }
    assert {each.id: each.where for each in found["t.yaml"].resources} == {"Own": "t.yaml:5", "Q": "some.yaml:1"}
    assert found["t.yaml"].problems == ()


@pytest.mark.parametrize(
    "text",
    [
        "Transform: {Name: AWS::Include, Parameters: {Location: s3://b/x.yaml}}\nResources: {Q: {Type: AWS::SQS::Queue}}\n",
        "Resources:\n  Fn::Transform: {Name: Mine}\n  Q: {Type: AWS::SQS::Queue}\n",
        "Resources:\n  M: {Type: My::S3::Bucket::MODULE}\n  Q: {Type: AWS::SQS::Queue}\n",
    ],
)
def test_what_adds_resources_from_elsewhere_is_said(text: str) -> None:
    (template,) = read({"t.yaml": text})
    assert "Q" in {each.id for each in template.resources} and len(template.problems) == 1


def test_a_provider_in_a_file_of_its_own() -> None:
    tree = {
        "serverless.yml": "service: s\nprovider: ${file(p.yml)}\nfunctions: {f: {handler: a.b}}\n",
        "p.yml": "name: aws\nstage: live\nregion: eu-north-1\nruntime: python3.12\nenvironment: {S: '${self:provider.stage}'}\n",
    }
    (template,) = read(tree)
    function = of(template, "FLambdaFunction")
    assert (template.region, function.name) == ("eu-north-1", "s-live-f")
    assert function.properties["Environment"]["Variables"] == {"S": "live"}
    assert function.places["Environment.Variables.S"] == "p.yml:5"


def test_what_a_service_exports_is_known_to_templates() -> None:
    service = "service: s\nprovider: {name: aws}\nfunctions: {}\nresources: {Resources: {Q: {Type: AWS::SQS::Queue}}, Outputs: {O: {Value: !GetAtt Q.Arn, Export: {Name: q}}}}\n"
    importing = "Resources: {P: {Type: AWS::SSM::Parameter, Properties: {Value: !ImportValue q}}}\n"
    first, second = read({"serverless.yml": service, "a.yaml": importing})
    assert first.resources[0].properties["Value"] == f"arn:aws:sqs:us-east-1:{first.account}:s-dev-Q"
    assert second.format == "serverless"
