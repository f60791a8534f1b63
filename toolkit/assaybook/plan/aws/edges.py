"""What to ask of the outer edge: certificates, load balancers before functions, and the logs of distributions and web ACLs."""

from .. import Call

# Without a filter ACM lists certificates with RSA keys of 1024 and 2048 bits only. Source: ACM API reference, "ListCertificates".
KEY_TYPES = [
    "RSA_1024",
    "RSA_2048",
    "RSA_3072",
    "RSA_4096",
    "EC_prime256v1",
    "EC_secp384r1",
    "EC_secp521r1",
]
GONE = ("ResourceNotFoundException",)
# A load balancer has a list of target groups through which it leads to functions.
BALANCERS = "TargetGroups[?TargetType=='lambda'].LoadBalancerArns[]"

CALLS = (
    Call(
        "acm:ListCertificates",
        items="CertificateSummaryList",
        give={"Includes": {"keyTypes": KEY_TYPES}},
        why="certificates of the region, with whether anything uses them",
    ),
    Call(
        "acm:DescribeCertificate",
        each="acm:ListCertificates",
        take={"CertificateArn": "CertificateArn"},
        when="InUse != `false`",
        absent=GONE,
        why="expiry, renewal and key of each certificate in use",
    ),
    Call(
        "acm:DescribeCertificate",
        id="acm:DescribeCertificate/edge",
        each="cloudfront:ListDistributions",
        over="DistributionList.Items[].ViewerCertificate",
        take={"CertificateArn": "ACMCertificateArn"},
        scope="global",
        absent=GONE,
        why="the certificates of distributions, which lie in us-east-1 whatever regions are in scope",
    ),
    Call(
        "cloudfront:GetDistributionConfig",
        each="cloudfront:ListDistributions",
        take={"Id": "Id"},
        scope="global",
        absent=("NoSuchDistribution",),
        keep="{Logging: DistributionConfig.Logging}",
        why="standard logging of a distribution, which the list leaves out",
    ),
    Call(
        "logs:DescribeDeliverySources",
        id="logs:DescribeDeliverySources/edge",
        items="deliverySources",
        may_omit=True,
        scope="global",
        why="distributions that log through CloudWatch Logs (standard logging v2)",
    ),
    Call(
        "logs:DescribeDeliveries",
        id="logs:DescribeDeliveries/edge",
        items="deliveries",
        may_omit=True,
        scope="global",
        why="whether those logs are delivered anywhere",
    ),
    Call(
        "wafv2:ListLoggingConfigurations",
        items="LoggingConfigurations",
        may_omit=True,
        give={"Scope": "REGIONAL"},
        why="which web ACLs log",
    ),
    Call(
        "wafv2:ListLoggingConfigurations",
        id="wafv2:ListLoggingConfigurations/cloudfront",
        items="LoggingConfigurations",
        may_omit=True,
        give={"Scope": "CLOUDFRONT"},
        scope="global",
        why="which web ACLs of distributions log",
    ),
    Call("elbv2:DescribeLoadBalancers", items="LoadBalancers", why="load balancers, and which the internet reaches"),
    Call("elbv2:DescribeTargetGroups", items="TargetGroups", why="which load balancers lead to functions"),
    Call(
        "elbv2:DescribeListeners",
        items="Listeners",
        each="elbv2:DescribeTargetGroups",
        over=BALANCERS,
        take={"LoadBalancerArn": "@"},
        absent=("LoadBalancerNotFound",),
        why="protocol and TLS policy of the listeners before functions",
    ),
    Call(
        "elbv2:DescribeRules",
        items="Rules",
        each="elbv2:DescribeListeners",
        when="Protocol == 'HTTP'",
        take={"ListenerArn": "ListenerArn"},
        absent=("ListenerNotFound",),
        why="whether a listener without TLS does anything but redirect",
    ),
    Call(
        "elbv2:DescribeLoadBalancerAttributes",
        items="Attributes",
        each="elbv2:DescribeTargetGroups",
        over=BALANCERS,
        take={"LoadBalancerArn": "@"},
        absent=("LoadBalancerNotFound",),
        why="access logs of load balancers before functions",
    ),
    Call(
        "wafv2:GetWebACLForResource",
        id="wafv2:GetWebACLForResource/balancer",
        each="elbv2:DescribeTargetGroups",
        over=BALANCERS,
        take={"ResourceArn": "@"},
        absent=("WAFNonexistentItemException",),
        why="the web ACL of each load balancer before functions",
    ),
)
