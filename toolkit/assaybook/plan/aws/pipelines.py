"""What to ask about pipelines and build projects."""

from .. import Call

CALLS = (
    Call("codepipeline:ListPipelines", items="pipelines", why="pipelines that may deploy functions"),
    Call(
        "codepipeline:GetPipeline",
        each="codepipeline:ListPipelines",
        take={"name": "name"},
        absent=("PipelineNotFoundException",),
        drop=("pipeline.stages.*.actions.*.configuration",),
        why="what a pipeline deploys, and whether a person approves before",
    ),
    Call("codebuild:ListProjects", items="projects", why="build projects"),
    Call(
        "codebuild:BatchGetProjects",
        items="projects",
        each="codebuild:ListProjects",
        take={"names": "@"},
        batch=100,
        batch_into="names",
        drop=("projects.*.webhook.secret",),
        why="the environment of builds and what starts them",
    ),
)
