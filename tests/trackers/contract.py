"""What every tracker keeps to. It looks at nothing but the port, so that any tracker can run it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.errors import NotFoundError, UserError
from domain.stories import ClosedReason, Stage, Status, Story, StoryDraft, Verdict
from tests.trackers.lab import (
    ACTS,
    STATES,
    Abilities,
    Lab,
    active,
    changing_2,
    closed,
    reviewing,
    reviewing_2,
)

__all__ = ["Abilities", "Lab", "TrackerContract"]


def _attempt(act: Callable[[], Story]) -> Story | UserError:
    try:
        return act()
    except UserError as refused:
        return refused


class TrackerContract:
    """The suite: a tracker's test module subclasses it and has a fixture ``lab``."""

    @pytest.mark.parametrize("state", STATES)
    def test_every_act_in_every_state(self, lab: Lab, state: str) -> None:
        outcomes: dict[str, tuple[Status, int]] = {}
        for act, do in ACTS.items():
            story = STATES[state](lab)
            answered = _attempt(lambda do=do, story=story: do(lab, story))
            read = lab.tracker.story(story.number)
            if isinstance(answered, UserError):
                assert answered.key.startswith("story.cannot."), act
                assert read == story, "a refusal changes nothing"
                continue
            assert answered == read, "what is answered is what stands there"
            outcomes[act] = (read.status, read.version)
        assert outcomes == lab.expected(state)

    def test_a_new_story_has_what_was_given(self, lab: Lab) -> None:
        draft = StoryDraft(
            lab.product_id,
            "登录 & 改版 <v2> 🚚",
            spec="第一行\n第二行",
            verify="1. 能登录\n2、能退出",
            priority=1,
            category="safe",
            module=lab.module,
            estimate=2.5,
            plan_id=lab.plan_id,
            assigned_to=lab.people[1],
        )
        story = lab.tracker.story(lab.tracker.create(draft, lab.me).number)
        assert (story.title, story.spec, story.acceptance) == (
            "登录 & 改版 <v2> 🚚",
            "第一行\n第二行",
            ("能登录", "能退出"),
        )
        assert (story.priority, story.category, story.module) == (1, "safe", lab.module)
        assert (story.estimate, story.plan_id, story.assigned_to) == (
            2.5,
            lab.plan_id,
            lab.people[1],
        )
        assert (story.status, story.stage, story.version) == (Status.DRAFT, Stage.PLANNED, 1)
        assert story.opened_by == lab.me

    def test_numbers_differ(self, lab: Lab) -> None:
        assert lab.draft().number != lab.draft().number

    def test_an_unknown_number_is_not_found(self, lab: Lab) -> None:
        for call in (
            lambda: lab.tracker.story(999_999),
            lambda: lab.tracker.history(999_999),
            lambda: lab.tracker.comment(999_999, "?", lab.me),
            lambda: lab.tracker.close(999_999, ClosedReason.DONE, "", lab.me),
        ):
            with pytest.raises(NotFoundError):
                call()

    def test_versions_keep_their_words(self, lab: Lab) -> None:
        story = lab.change(active(lab), "v2 spec", lab.people[1:])
        assert lab.tracker.version(story.number, 1).spec == "v1 spec"
        assert lab.tracker.version(story.number, 2).spec == "v2 spec"
        with pytest.raises(NotFoundError):
            lab.tracker.version(story.number, 3)

    @pytest.mark.parametrize("act", ["revert", "recall"])
    def test_taking_a_change_back_gives_the_old_words(self, lab: Lab, act: str) -> None:
        story = reviewing_2(lab) if act == "revert" else changing_2(lab)
        back = ACTS[act](lab, story)
        assert (back.version, back.spec, back.status) == (1, "v1 spec", Status.ACTIVE)
        with pytest.raises(NotFoundError):
            lab.tracker.version(story.number, 2)

    def test_a_verdict_keeps_priority_estimate_and_assignee(self, lab: Lab) -> None:
        draft = StoryDraft(
            lab.product_id, "x", spec="s", priority=1, estimate=4.0,
            assigned_to=lab.people[2], reviewers=lab.people[1:],
        )  # fmt: skip
        story = lab.tracker.create(draft, lab.me)
        after = lab.tracker.record_verdict(story.number, Verdict.PASS, "好", lab.me)
        assert (after.priority, after.estimate, after.assigned_to) == (1, 4.0, lab.people[2])

    def test_an_edit_keeps_the_rest(self, lab: Lab) -> None:
        story = lab.draft(reviewers=lab.people[1:])
        after = lab.tracker.edit(story.number, {"module": lab.module, "estimate": 3.0}, lab.me)
        assert (after.module, after.estimate) == (lab.module, 3.0)
        assert (after.title, after.spec, after.verify, after.reviewers, after.version) == (
            story.title,
            story.spec,
            story.verify,
            story.reviewers,
            1,
        )

    @pytest.mark.parametrize(
        ("fields", "key"),
        [
            pytest.param({"title": "  "}, "story.field.no_title", id="no title"),
            pytest.param({"title": "长" * 256}, "story.field.too_long", id="long title"),
            pytest.param({"priority": 9}, "story.field.priority", id="priority 9"),
            pytest.param({"category": "nonsense"}, "story.field.category", id="category"),
            pytest.param({"estimate": -1.0}, "story.field.estimate", id="negative estimate"),
        ],
    )
    def test_wrong_values_are_refused(self, lab: Lab, fields: dict[str, object], key: str) -> None:
        story = lab.draft()
        with pytest.raises(UserError) as refused:
            lab.tracker.edit(story.number, fields, lab.me)
        assert refused.value.key == key
        assert lab.tracker.story(story.number) == story

    def test_no_review_without_reviewers(self, lab: Lab) -> None:
        with pytest.raises(UserError):
            lab.tracker.submit_for_review(lab.draft().number, (), lab.me)

    def test_the_same_words_are_no_new_version(self, lab: Lab) -> None:
        story = active(lab)
        assert lab.change(story, story.spec).version == 1

    def test_the_stage_follows_the_plan_until_somebody_sets_it(self, lab: Lab) -> None:
        number = lab.draft().number
        assert lab.tracker.story(number).stage is Stage.WAIT
        assert lab.tracker.link_plan(number, lab.plan_id, lab.me).stage is Stage.PLANNED
        assert lab.tracker.link_plan(number, None, lab.me).stage is Stage.WAIT
        lab.tracker.set_stage(number, Stage.DEVELOPING, lab.me)
        assert lab.tracker.link_plan(number, lab.plan_id, lab.me).stage is Stage.DEVELOPING

    def test_closing_and_opening_again(self, lab: Lab) -> None:
        number = active(lab).number
        lab.tracker.set_stage(number, Stage.TESTED, lab.me)
        closed = lab.tracker.close(number, ClosedReason.DONE, "好了", lab.me)
        assert (closed.stage, closed.closed_reason) == (Stage.CLOSED, ClosedReason.DONE)
        again = lab.tracker.activate(number, "还有问题", lab.me)
        stage = Stage.TESTED if lab.abilities.keeps_stage else Stage.WAIT
        assert (again.status, again.stage, again.closed_reason) == (Status.ACTIVE, stage, None)

    @pytest.mark.parametrize(
        ("state", "status"),
        [
            pytest.param("draft", Status.DRAFT, id="draft"),
            pytest.param("reviewing", Status.DRAFT, id="reviewing"),
            pytest.param("reviewing-2", Status.CHANGING, id="reviewing a change"),
            pytest.param("active", Status.ACTIVE, id="active"),
        ],
    )
    def test_opening_gives_the_status_before(self, lab: Lab, state: str, status: Status) -> None:
        number = STATES[state](lab).number
        lab.tracker.close(number, ClosedReason.POSTPONED, "", lab.me)
        if lab.abilities.resumes_reviews and state.startswith("reviewing"):
            status = Status.REVIEWING
        assert lab.tracker.activate(number, "", lab.me).status is status

    def test_closed_is_no_stage_to_set(self, lab: Lab) -> None:
        with pytest.raises(UserError):
            lab.tracker.set_stage(active(lab).number, Stage.CLOSED, lab.me)

    def test_lists(self, lab: Lab) -> None:
        first, second, third = lab.draft("a"), lab.draft("b"), closed(lab)
        lab.tracker.link_plan(second.number, lab.plan_id, lab.me)

        def numbers(**filters: object) -> list[int]:
            return [s.number for s in lab.tracker.stories(lab.product_id, **filters)]  # pyright: ignore[reportArgumentType]

        assert numbers() == [first.number, second.number]
        assert numbers(include_closed=True) == [first.number, second.number, third.number]
        assert numbers(plan_id=lab.plan_id) == [second.number]

    def test_the_history_tells_it_in_order(self, lab: Lab) -> None:
        story = reviewing(lab)
        number = story.number
        lab.tracker.record_verdict(number, Verdict.PASS, "可以", lab.me)
        lab.tracker.assign(number, lab.people[2], lab.me, "请接手")
        lab.change(lab.tracker.story(number), "v2 spec", lab.people[1:])
        lab.tracker.comment(number, "已沟通", lab.me)
        lab.tracker.close(number, ClosedReason.DONE, "完成", lab.me)
        expected = [
            "opened", "submitreview", "reviewed", "reviewpassed", "assigned", "changed",
            "submitreview", "commented", "closed",
        ]  # fmt: skip
        if not lab.abilities.logs_submission:
            expected = [x for x in expected if x != "submitreview"]
        assert lab.told(number) == expected
        told = lab.tracker.history(number)
        beside = lab.abilities.beside
        assert [a.comment for a in told if a.comment and a.action not in beside] == [
            "可以", "请接手", "客户要求", "已沟通", "完成",
        ]  # fmt: skip
        assert told[-1].extra == "Done"
        changed = next(a.changes for a in told if a.action == "changed")
        assert changed is not None
        assert changed["spec"] == ("v1 spec", "v2 spec")

    def test_the_history_names_the_person_who_acted(self, lab: Lab) -> None:
        number = lab.draft().number
        lab.tracker.assign(number, lab.people[2], lab.me, "请接手")
        lab.tracker.close(number, ClosedReason.CANCEL, "", lab.people[1])
        acts = {a.action: a.actor for a in lab.tracker.history(number)}
        assert (acts["opened"], acts["assigned"]) == (lab.me, lab.me)
        assert acts["closed"] == lab.people[1]

    @pytest.mark.parametrize(
        "text",
        [
            pytest.param("第一行\n第二行", id="lines"),
            pytest.param("一段\n\n另一段\n\n\n\n空行之后", id="paragraphs"),
            pytest.param("- 能查\n- 能导出\n  - 含明细", id="list"),
            pytest.param("a < b && c > d \"q\" 'x' <b>粗</b> &lt; 😀", id="markup in words"),
            pytest.param("见 https://lanhuapp.com/web/#/item?tid=1&pid=2，谢谢", id="address"),
        ],
    )
    def test_texts_come_back_as_they_were_written(self, lab: Lab, text: str) -> None:
        draft = StoryDraft(lab.product_id, "文字", spec=text, verify=text)
        story = lab.tracker.create(draft, lab.me)
        assert (story.spec, story.verify) == (text, text)

    def test_a_title_survives_ten_edits(self, lab: Lab) -> None:
        title = "<b>登录</b> & \"引号\" 'x' 😀 &lt;"
        number = lab.draft(title).number
        for round_ in range(10):
            lab.tracker.edit(number, {"priority": round_ % 4 + 1}, lab.me)
        assert lab.tracker.story(number).title == title

    def test_a_draft_can_be_rewritten(self, lab: Lab) -> None:
        story = lab.draft()
        after = lab.tracker.edit(story.number, {"spec": "另一段描述", "title": "新标题"}, lab.me)
        assert (after.title, after.spec, after.verify) == ("新标题", "另一段描述", story.verify)
        assert after.status is Status.DRAFT
        assert after.version == 1 + (not lab.abilities.rewrites)

    def test_an_empty_comment_is_none(self, lab: Lab) -> None:
        number = lab.draft().number
        before = lab.told(number)
        lab.tracker.comment(number, "  ", lab.me)
        assert lab.told(number) == before

    def test_assigning_to_the_same_person_keeps_the_comment(self, lab: Lab) -> None:
        number = lab.draft().number
        lab.tracker.assign(number, lab.people[1], lab.me, "请看")
        lab.tracker.assign(number, lab.people[1], lab.me, "再看一次")
        comments = [a.comment for a in lab.tracker.history(number) if a.comment]
        assert comments == ["请看", "再看一次"]

    def test_a_module_that_is_not_there_is_made_or_refused(self, lab: Lab) -> None:
        story = lab.draft()
        if lab.abilities.makes_modules:
            assert lab.tracker.edit(story.number, {"module": "新"}, lab.me).module == "新"
            return
        with pytest.raises(UserError):
            lab.tracker.edit(story.number, {"module": "没有的模块"}, lab.me)
        assert lab.tracker.story(story.number) == story

    def test_the_feed_goes_on_from_a_cursor(self, lab: Lab) -> None:
        first = lab.draft()
        seen = lab.tracker.changes_since(lab.product_id, 0)
        cursor = seen[-1].id
        lab.tracker.assign(first.number, lab.people[1], lab.me)
        second = lab.draft()
        fed = lab.tracker.changes_since(lab.product_id, cursor)
        assert [(a.number, a.action) for a in fed] == [
            (first.number, "assigned"),
            (second.number, "opened"),
        ]
        assert lab.tracker.changes_since(lab.product_id, fed[-1].id) == ()
