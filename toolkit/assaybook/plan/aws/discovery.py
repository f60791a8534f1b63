"""What to ask to find personal data: the search by Macie, schemas of events, types of GraphQL interfaces."""

from .. import Call

OFF = ("AccessDeniedException:not enabled",)
CALLS = (
    Call("macie2:GetMacieSession", not_enabled=OFF, why="whether Macie looks at buckets"),
    Call(
        "macie2:GetAutomatedDiscoveryConfiguration",
        not_enabled=OFF,
        why="whether Macie samples all buckets by itself",
    ),
    Call("macie2:ListClassificationJobs", items="items", not_enabled=OFF, why="jobs that search buckets"),
    Call("schemas:ListRegistries", items="Registries", give={"Scope": "LOCAL"}, why="registries of event schemas"),
    Call(
        "schemas:ListSchemas",
        items="Schemas",
        each="schemas:ListRegistries",
        take={"RegistryName": "RegistryName"},
        absent=("NotFoundException",),
        why="schemas of events that functions send each other",
    ),
    Call(
        "schemas:DescribeSchema",
        each="schemas:ListSchemas",
        take={"RegistryName": "^RegistryName", "SchemaName": "SchemaName"},
        absent=("NotFoundException",),
        why="names of the fields in events; events themselves are never read",
    ),
    Call(
        "appsync:ListTypes",
        items="types",
        each="appsync:ListGraphqlApis",
        take={"apiId": "apiId"},
        give={"format": "SDL"},
        absent=("NotFoundException",),
        why="names of the fields that a GraphQL interface returns",
    ),
)
