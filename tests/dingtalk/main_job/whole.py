"""The whole of it, from an app that was just installed to a closed story."""

from __future__ import annotations

from tests.dingtalk.harness import DingtalkTeam
from tests.dingtalk.main_job.beginning import bring_in_the_plan, set_up, write_stories
from tests.dingtalk.main_job.changing import change_a_story, close_it, work_on
from tests.dingtalk.main_job.job import Job
from tests.dingtalk.main_job.meeting import hold_a_review, review_again

FIRST = (set_up, write_stories)
"""What is done in the same way over HTTP, to see that it is."""
ACTS = (
    *FIRST, bring_in_the_plan, hold_a_review, change_a_story, review_again, work_on, close_it,
)  # fmt: skip


def main_job(company: DingtalkTeam, *, only_the_first: bool = False) -> Job:
    """Do the main job; every step checks what appears."""
    job = Job(company)
    for act in FIRST if only_the_first else ACTS:
        act(job)
    return job
