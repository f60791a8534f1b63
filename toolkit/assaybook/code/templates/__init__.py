"""Templates of infrastructure read into resources: CloudFormation, SAM, CDK, Serverless Framework and Terraform in one form."""
