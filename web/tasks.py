"""Which joint task is meant, where one is said to be done: not asked where it can be but one."""

from collections.abc import Mapping, Sequence

from domain.affair.events import JointOpened
from domain.affair.neutral import endable
from domain.log import Recorded
from domain.personal import Personal
from domain.record import Kind
from web.deeds import Deed
from web.forms import label_of
from web.inside import Life
from web.masks import Opened
from web.ports import Office, SignedIn
from web.telling import Teller
from web.words import Words
from workflows.fields import FieldSpec, Label

DONE, TASK = "joint_done", "task"


def narrowed(
    specs: Sequence[FieldSpec], office: Office, who: SignedIn, deed: Deed, words: Words
) -> Sequence[FieldSpec]:
    """The fields of a deed: of a joint task's number a choice of those that the actor can end, by
    unit and what was asked; nothing where there is one, which is meant without its number."""
    if deed.way.id != DONE:
        return specs
    tasks = endable(deed.affair, who.actor)
    if len(tasks) < 2:
        return [spec for spec in specs if spec.name != TASK]
    life, opened = office.life(deed.row.affair_id), Teller(office, words, who.actor)
    asked = asked_of(life, opened.opened(deed.row.affair_id), words)
    choices = {}
    for task in tasks:
        unit, what = office.organisation.name_of(task.unit), asked.get(task.task)
        told = words("list.pair", key=unit, value=what) if what else unit
        choices[str(task.task)] = Label(zh=told, en=told)
    label = label_of("form.which_task")
    update = {
        "kind": Kind.CHOICE,
        "label": label,
        "choices": choices,
        "required": True,
        "min": None,
    }
    return [spec.model_copy(update=update) if spec.name == TASK else spec for spec in specs]


def asked_of(life: Life, opened: Opened, words: Words) -> Mapping[int, str]:
    """What was asked of each joint unit, under the reader's masks, by the number of its task."""
    return {
        seen.event.task: words("list.semicolon").join(
            opened.field(field.name, field.value, field.kind)
            for field in seen.event.record
            if isinstance(field.value, Personal)
        )
        for seen in life
        if isinstance(seen, Recorded) and isinstance(seen.event, JointOpened)
    }
