"""Showing and starting a review, and who comes."""

from __future__ import annotations

from commands.args import Args
from commands.context import Context
from commands.registry import Arg, ArgKind
from commands.reviews.agenda import first_agenda, waiting_stories
from commands.reviews.card import answer, review_card
from commands.reviews.family import (
    COMMAND,
    LEADERS,
    REF,
    START,
    as_typed,
    by_number,
    current,
    named_or_current,
    names,
    record,
    require_lead,
    require_running,
    who,
)
from domain.errors import UserError
from domain.ids import new_id
from domain.messages import (
    Action,
    Bullet,
    Bullets,
    Card,
    Code,
    Day,
    Join,
    Moment,
    Para,
    Reply,
    Style,
    T,
    Tone,
)
from domain.reviews.events import AgendaAdded, Body, Excused, Invited, Joined, Started
from domain.reviews.state import Review
from domain.settings import rules_of


@COMMAND.sub(
    "show",
    "查看",
    args=(REF,),
    writes=False,
    examples=(("评审", "review"), ("评审 查看 R-5", "review show R-5")),
)
def show(ctx: Context, args: Args) -> Reply:
    """The open review here, or the review that was named; none open: the last ones."""
    if number := args.text("review"):
        return Reply((review_card(ctx, by_number(ctx, number)),))
    try:
        return Reply((review_card(ctx, current(ctx)),))
    except UserError:
        return listed(ctx)


@COMMAND.sub(
    "list", "列表", aliases=("recent",), writes=False, examples=(("评审 列表", "review list"),)
)
def recent(ctx: Context, args: Args) -> Reply:
    """The last reviews of the product."""
    del args
    return listed(ctx)


def listed(ctx: Context) -> Reply:
    """The last reviews, each with a button that opens it."""
    reviews = ctx.uow.reviews.recent(ctx.product.id)
    start = Action(T("review.button.start"), START, Style.PRIMARY)
    if not reviews:
        return Reply((Card(T("review.list.empty"), actions=(start,)),))
    items = tuple(
        Bullet(
            Join(
                (
                    T("review.card.title", {"ref": r.ref, "title": r.title}),
                    T(f"review.status.{r.status.value}"),
                    Day(r.started_at.astimezone(ctx.zone).date()) if r.started_at else "",
                ),
                " · ",
            ),
            (Action(T("review.button.show"), f"review show {r.ref}"),),
        )
        for r in reviews
    )
    return Reply((Card(T("review.list.title"), (Bullets(items),), (start,)),))


@COMMAND.sub(
    "start",
    "开始",
    aliases=("open", "new", "发起"),
    args=(
        Arg("title", "标题", ArgKind.TEXT, T("review.arg.title")),
        Arg(
            "stories",
            "需求",
            ArgKind.STORIES,
            T("review.arg.stories"),
            help=T("review.arg.stories_help"),
        ),
        Arg("people", "参加人", ArgKind.PEOPLE, T("review.arg.people")),
    ),
    roles=frozenset(LEADERS),
    examples=(
        ("评审 开始 登录改版 S12 S13 @李雷", "review start Login redesign S12 S13 @lilei"),
        ("评审 开始", "review start"),
    ),
)
def start(ctx: Context, args: Args) -> Reply:
    """Open a review here.

    The agenda: the stories named, else those that wait for review; and what the last review left
    undecided, with its open questions.
    """
    product = ctx.product
    if ctx.channel is not None and (known := ctx.uow.reviews.open_in(ctx.channel.id)):
        raise _already(ctx, known)
    title, whole_plan = _title(as_typed(ctx, args.text("title")))
    named = args.stories("stories")
    stories = tuple(map(ctx.tracker.story, named)) if named else waiting_stories(ctx, whole_plan)
    started = Started(
        number=ctx.uow.counters.next(f"review:{product.id}"),
        product_id=product.id,
        title=title[:200] or f"{product.name} {ctx.today.isoformat()}",
        chair=ctx.me.id,
        rule=rules_of(product).review_rule,
        channel=ctx.channel.id if ctx.channel else None,
        thread=ctx.request.thread,
        plan_id=next((s.plan_id for s in stories if s.plan_id), None),
    )
    bodies: list[Body] = [started, *first_agenda(ctx, stories)]
    invited = _people_of(ctx, args.people("people"), bodies)
    if invited:
        bodies.append(Invited(invited))
    review = record(ctx, Review(new_id()), "meeting:started", *bodies)
    for person in invited:
        ctx.tell(person, _invitation(ctx, review))
    line = T("review.started", {"ref": review.ref, "title": review.title})
    return answer(ctx, review, line, Tone.GOOD)


_PLAN_WORDS = frozenset({"plan", "计划"})


def _title(text: str) -> tuple[str, bool]:
    """The title, and whether the plan's drafts are wanted on the agenda too (``… 计划``)."""
    words = text.split()
    if words and words[-1].casefold() in _PLAN_WORDS:
        return " ".join(words[:-1]), True
    return text, False


def _already(ctx: Context, known: Review) -> UserError:
    hint = T("review.already_open_hint", {"line": Code(f"/review end {known.ref}")})
    return UserError(
        "review.already_open",
        hint,
        ref=known.ref,
        title=known.title,
        chair=who(ctx, known.chair),
        at=Moment(known.started_at or ctx.now),
    )


def _people_of(ctx: Context, named: tuple[str, ...], bodies: list[Body]) -> tuple[str, ...]:
    """Who is asked to come: whoever was named, and the reviewers of the stories; not the chair."""
    reviewers = [p for b in bodies if isinstance(b, AgendaAdded) for p in b.reviewers]
    return tuple(p for p in dict.fromkeys((*named, *reviewers)) if p != ctx.me.id)


def _invitation(ctx: Context, review: Review) -> Card:
    text = T("review.invitation", {"who": who(ctx, ctx.me.id), "title": review.title})
    channel = ctx.channel.name if ctx.channel else ""
    blocks = (Para(T("review.invitation_where", {"channel": channel})),) if channel else ()
    actions = (
        Action(T("review.button.join"), f"review join {review.ref}", Style.PRIMARY),
        Action(T("review.button.cannot"), f"review excuse {review.ref}"),
    )
    return Card(text, blocks, actions)


@COMMAND.sub(
    "invite",
    "邀请",
    args=(Arg("people", "参加人", ArgKind.PEOPLE, T("review.arg.people"), required=True),),
    examples=(("评审 邀请 @李雷", "review invite @lilei"),),
)
def invite(ctx: Context, args: Args) -> Reply:
    """Ask people to come."""
    review = current(ctx)
    new = tuple(p for p in args.people("people") if p not in (*review.invited, *review.joined))
    if not new:
        raise UserError("review.all_invited")
    review = record(ctx, review, "people:invited", Invited(new))
    for person in new:
        ctx.tell(person, _invitation(ctx, review))
    return answer(ctx, review, T("review.invited", {"people": names(ctx, new)}))


@COMMAND.sub(
    "join", "加入", aliases=("参加",), args=(REF,), examples=(("评审 加入", "review join"),)
)
def join(ctx: Context, args: Args) -> Reply:
    """Say that one is here."""
    review = named_or_current(ctx, args.text("review"))
    require_running(review)
    if ctx.me.id in review.joined:
        return answer(ctx, review, T("review.joined_already"))
    review = record(ctx, review, "people:joined", Joined(ctx.me.id))
    return answer(ctx, review, T("review.joined", {"who": who(ctx, ctx.me.id)}))


@COMMAND.sub(
    "excuse",
    "请假",
    aliases=("缺席",),
    args=(
        REF,
        Arg("who", "谁", ArgKind.PERSON, T("review.arg.who")),
        Arg("reason", "原因", ArgKind.TEXT, T("review.arg.reason")),
    ),
    examples=(("评审 请假 @李雷 出差", "review excuse @lilei travelling"),),
)
def excuse(ctx: Context, args: Args) -> Reply:
    """Say that somebody (oneself, when nobody is named) cannot come and is not waited for."""
    review = named_or_current(ctx, args.text("review"))
    require_running(review)
    person = args.person("who") or ctx.me.id
    if person != ctx.me.id:
        require_lead(ctx, review)
    if review.is_excused(person):
        return answer(ctx, review, T("review.excused_already", {"who": who(ctx, person)}))
    body = Excused(person, as_typed(ctx, args.text("reason")))
    review = record(ctx, review, "people:excused", body)
    return answer(ctx, review, T("review.excused", {"who": who(ctx, person)}))
