locals {
  task = jsondecode(file("${path.module}/task-definition.json"))
}

resource "aws_ecs_task_definition" "usage_api" {
  family                   = local.task.family
  requires_compatibilities = local.task.requiresCompatibilities
  network_mode             = local.task.networkMode
  cpu                      = local.task.cpu
  memory                   = local.task.memory
  execution_role_arn       = local.task.executionRoleArn
  container_definitions    = jsonencode(local.task.containerDefinitions)
}
