"""What to ask about clusters: which roles they give to which pods."""

from .. import Call

CALLS = (
    Call("eks:ListClusters", items="clusters", why="clusters, whose pods may get roles of the account"),
    Call(
        "eks:ListPodIdentityAssociations",
        items="associations",
        each="eks:ListClusters",
        take={"clusterName": "@"},
        absent=("ResourceNotFoundException",),
        why="service accounts to which a cluster gives roles",
    ),
    Call(
        "eks:DescribePodIdentityAssociation",
        each="eks:ListPodIdentityAssociations",
        take={"clusterName": "clusterName", "associationId": "associationId"},
        absent=("ResourceNotFoundException",),
        keep="{association: association.{clusterName: clusterName, namespace: namespace, serviceAccount: serviceAccount, roleArn: roleArn}}",
        why="the role of each service account, which the listing leaves out",
    ),
)
