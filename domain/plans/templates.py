"""Built-in outlines of plans, after the handbook's stages.

Names come in Chinese and English; the one that is chosen at creation becomes the plan's own text
and can be changed like anything that was typed.
"""

from __future__ import annotations

from dataclasses import dataclass

from domain.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Names:
    """One name in both languages."""

    zh: str
    en: str

    def of(self, locale: str) -> str:
        """The name in a language; Chinese unless it is ``en``."""
        return self.en if locale == "en" else self.zh


@dataclass(frozen=True, slots=True)
class After:
    """A predecessor by key, with the lag of :class:`domain.plans.model.Dependency`."""

    key: str
    lag: int = 0


@dataclass(frozen=True, slots=True)
class PhaseTemplate:
    """A phase without dates.

    :param days: its usual length in working days.
    :param milestones: reached on its last day.
    """

    key: str
    names: Names
    days: int
    after: tuple[After, ...] = ()
    deliverables: tuple[int, ...] = ()
    gate: Names = Names("", "")
    milestones: tuple[Names, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanTemplate:
    """An outline of a plan.

    :param go_live: the key of the phase that ends with going live; what follows it is not part of a
        computation backwards from the go-live date.
    """

    key: str
    names: Names
    phases: tuple[PhaseTemplate, ...]
    go_live: str

    @property
    def days(self) -> dict[str, int]:
        """The usual length of each phase in working days."""
        return {phase.key: phase.days for phase in self.phases}


_RESEARCH = PhaseTemplate(
    key="research",
    names=Names("需求调研", "Requirement research"),
    days=10,
    deliverables=(9, 10),
    gate=Names("调研报告经客户确认", "The customer has confirmed the research report"),
    milestones=(Names("调研报告确认", "Research report confirmed"),),
)
_DESIGN = PhaseTemplate(
    key="design",
    names=Names("功能规划与设计", "Feature planning and design"),
    days=15,
    after=(After("research", -3),),
    deliverables=(11, 12, 13, 14, 15, 16),
    gate=Names("原型与详细设计定稿", "Prototype and detailed design are final"),
    milestones=(Names("设计定稿", "Design final"),),
)
_REVIEW = PhaseTemplate(
    key="review",
    names=Names("需求评审", "Requirement review"),
    days=5,
    after=(After("design"),),
    deliverables=(17, 18, 19),
    gate=Names("计划内的需求全部评审通过", "Every story of the plan has passed its review"),
    milestones=(Names("需求评审通过", "Stories agreed"),),
)
_DEVELOPMENT = PhaseTemplate(
    key="development",
    names=Names("开发", "Development"),
    days=30,
    after=(After("review"),),
    deliverables=(20,),
    gate=Names("功能全部提测", "Everything is handed over to test"),
    milestones=(Names("提测", "Handed over to test"),),
)
_TESTING = PhaseTemplate(
    key="testing",
    names=Names("测试", "Testing"),
    days=15,
    after=(After("development", -5),),
    deliverables=(21,),
    gate=Names("测试通过，需求验证并关闭", "Tests passed; stories verified and closed"),
    milestones=(Names("测试通过", "Tests passed"),),
)
_LAUNCH = PhaseTemplate(
    key="launch",
    names=Names("上线准备", "Launch preparation"),
    days=5,
    after=(After("testing", -2),),
    deliverables=(22, 23, 24),
    gate=Names("上线检查项全部通过", "Every launch check is settled"),
    milestones=(Names("上线", "Go-live"),),
)
_FOLLOW_UP = PhaseTemplate(
    key="follow_up",
    names=Names("上线跟踪", "Follow-up"),
    days=20,
    after=(After("launch"),),
    deliverables=(25, 26),
    gate=Names("反馈已归入需求池并分析", "Feedback is in the requirement pool and analysed"),
    milestones=(Names("跟踪总结", "Follow-up summary"),),
)

SOFTWARE = PlanTemplate(
    key="software",
    names=Names("软件交付", "Software delivery"),
    phases=(_RESEARCH, _DESIGN, _REVIEW, _DEVELOPMENT, _TESTING, _LAUNCH, _FOLLOW_UP),
    go_live="launch",
)
UPGRADE = PlanTemplate(
    key="upgrade",
    names=Names("版本升级", "Upgrade"),
    phases=(
        PhaseTemplate(
            key="design",
            names=Names("需求确认与设计", "Requirements and design"),
            days=5,
            deliverables=(11, 14, 17, 18),
            gate=Names("升级范围已确认", "The scope of the upgrade is agreed"),
        ),
        PhaseTemplate(
            key="review",
            names=Names("需求评审", "Requirement review"),
            days=2,
            after=(After("design"),),
            deliverables=(19,),
            gate=Names("需求全部评审通过", "Every story has passed its review"),
            milestones=(Names("需求评审通过", "Stories agreed"),),
        ),
        PhaseTemplate(
            key="development",
            names=Names("开发", "Development"),
            days=10,
            after=(After("review"),),
            deliverables=(20,),
            milestones=(Names("提测", "Handed over to test"),),
        ),
        PhaseTemplate(
            key="testing",
            names=Names("测试", "Testing"),
            days=5,
            after=(After("development", -1),),
            deliverables=(21,),
            gate=Names("测试通过，需求验证并关闭", "Tests passed; stories verified and closed"),
        ),
        PhaseTemplate(
            key="launch",
            names=Names("上线", "Launch"),
            days=2,
            after=(After("testing"),),
            deliverables=(22,),
            gate=Names("上线检查项全部通过", "Every launch check is settled"),
            milestones=(Names("上线", "Go-live"),),
        ),
    ),
    go_live="launch",
)
TEMPLATES: tuple[PlanTemplate, ...] = (SOFTWARE, UPGRADE)


def find_template(word: str) -> PlanTemplate:
    """A template by key or name in either language.

    :raises NotFoundError: ``plan.no_template``.
    """
    wanted = word.strip().casefold()
    for template in TEMPLATES:
        if wanted in {template.key, template.names.zh, template.names.en.casefold()}:
            return template
    raise NotFoundError("plan.no_template", word=word)
