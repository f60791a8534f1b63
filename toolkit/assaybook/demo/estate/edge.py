"""The CloudFront distribution, in the form of CloudFront's list: an emulator loses too much of it."""

from __future__ import annotations

from typing import Any

from .buckets import DISTRIBUTION
from .names import ACCOUNT, arn

CAMPAIGN = f"arn:aws:cloudfront::{ACCOUNT}:distribution/E3NORTHWIND2B"


def distribution(web_acl: str, consent_host: str) -> dict[str, Any]:
    """The distribution before pictures and the consent page, in the form of CloudFront's list."""
    consent = "customer-consent-url"
    origins = [
        _origin("pictures", "northwind-shop-pictures.s3.us-east-1.amazonaws.com", "E1NORTHWINDOAC1", bucket=True),
        _origin(consent, consent_host, "E1NORTHWINDOAC2", bucket=False),
    ]
    methods = {"Quantity": 2, "Items": ["HEAD", "GET"], "CachedMethods": {"Quantity": 2, "Items": ["HEAD", "GET"]}}
    behaviour = {
        "TargetOriginId": "pictures",
        "TrustedSigners": {"Enabled": False, "Quantity": 0},
        "TrustedKeyGroups": {"Enabled": False, "Quantity": 0},
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": methods,
        "SmoothStreaming": False,
        "Compress": True,
        "LambdaFunctionAssociations": {"Quantity": 0},
        "FunctionAssociations": {"Quantity": 0},
        "FieldLevelEncryptionId": "",
    }
    return {
        "Id": DISTRIBUTION.rpartition("/")[2],
        "ARN": DISTRIBUTION,
        "ETag": "E1DEMO",
        "Status": "Deployed",
        "LastModifiedTime": "2026-04-21T09:00:00Z",
        "DomainName": "d111111abcdef8.cloudfront.net",
        "Aliases": {"Quantity": 1, "Items": ["shop.example.com"]},
        "Origins": {"Quantity": 2, "Items": origins},
        "OriginGroups": {"Quantity": 0},
        "DefaultCacheBehavior": behaviour,
        "CacheBehaviors": {
            "Quantity": 1,
            "Items": [{"PathPattern": "/consent/*", **behaviour, "TargetOriginId": consent}],
        },
        "CustomErrorResponses": {"Quantity": 0},
        "Comment": "Shop front",
        "PriceClass": "PriceClass_100",
        "Enabled": True,
        "ViewerCertificate": {
            "CloudFrontDefaultCertificate": False,
            "ACMCertificateArn": arn("acm", "certificate/0a1b2c3d-0000-4000-8000-00000000000a"),
            "SSLSupportMethod": "sni-only",
            "MinimumProtocolVersion": "TLSv1.2_2021",
            "CertificateSource": "acm",
        },
        "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
        "WebACLId": web_acl,
        "HttpVersion": "http2and3",
        "IsIPV6Enabled": True,
        "Staging": False,
    }


def campaign() -> dict[str, Any]:
    """An old distribution that nobody looked after: plain HTTP, old TLS, no firewall, and a bucket that it reads as everybody does."""
    host = "northwind-old-campaign.s3.us-east-1.amazonaws.com"
    made = distribution("", "")
    origin = {**_origin("campaign", host, "", bucket=True), "S3OriginConfig": {"OriginAccessIdentity": ""}}
    behaviour = {**made["DefaultCacheBehavior"], "TargetOriginId": "campaign", "ViewerProtocolPolicy": "allow-all"}
    return {
        **made,
        "Id": CAMPAIGN.rpartition("/")[2],
        "ARN": CAMPAIGN,
        "ETag": "E2DEMO",
        "LastModifiedTime": "2022-02-08T09:00:00Z",
        "DomainName": "d333333abcdef8.cloudfront.net",
        "Aliases": {"Quantity": 1, "Items": ["campaign.example.com"]},
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": behaviour,
        "CacheBehaviors": {"Quantity": 0},
        "Comment": "Campaign of 2022",
        "ViewerCertificate": {**made["ViewerCertificate"], "MinimumProtocolVersion": "TLSv1.1_2016"},
    }


def _origin(name: str, host: str, access: str, *, bucket: bool) -> dict[str, Any]:
    made: dict[str, Any] = {
        "Id": name,
        "DomainName": host,
        "OriginPath": "",
        "CustomHeaders": {"Quantity": 0},
        "ConnectionAttempts": 3,
        "ConnectionTimeout": 10,
        "OriginShield": {"Enabled": False},
        "OriginAccessControlId": access,
    }
    if bucket:
        return {**made, "S3OriginConfig": {"OriginAccessIdentity": ""}}
    secure = {"Quantity": 1, "Items": ["TLSv1.2"]}
    ports = {
        "HTTPPort": 80,
        "HTTPSPort": 443,
        "OriginProtocolPolicy": "https-only",
        "OriginReadTimeout": 30,
        "OriginKeepaliveTimeout": 5,
    }
    return {**made, "CustomOriginConfig": {**ports, "OriginSslProtocols": secure}}
