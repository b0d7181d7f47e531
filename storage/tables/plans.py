"""Plans, phases, milestones, baselines, deliverables."""
