"""toban: monitoring as code for Datadog that shows what an alert will do before it is merged."""
