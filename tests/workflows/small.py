"""A small line of service, sound and complete, that tests break in one place at a time."""

from pathlib import Path

from domain.errors import LineInvalid
from workflows.line import Line
from workflows.loading import COMMON, FOLDER, read

SHARED = (FOLDER / COMMON).read_text("utf-8")

SMALL = """\
code: ZA
names: {zh: 便民维修, en: Small repairs}
version: "2011.1"
valid: {from: 2011-07-01, to: 2020-12-31}
department:
  street: {zh: 街道公共服务办, en: Public services office}
  district: {zh: 区房管局, en: Housing bureau}
matters:
  ZA01:
    zh: 水管
    en: Pipes
    materials: [{zh: 照片, en: Photo}]
    return_visit: required
    retention: "10"
  ZA02:
    zh: 路灯
    en: Street lamps
    materials: []
    return_visit: exempt
    retention: "30"
states:
  registered: {zh: 已登记, en: Registered}
  repairing: {zh: 维修, en: Repairing}
  waiting: {zh: 待料, en: Waiting}
initial: registered
accepted_on: [S1, S2]
clock_stop_on: {ZA01: [S4]}
line_limit: whole
redo:
  - to: repairing
suspendable: [waiting]
clocks:
  - name: whole
    label: {zh: 总时限, en: Whole}
    kind: total
    limit: {count: 10, unit: wd}
    starts_on: [accepted]
  - name: parts
    label: {zh: 等料, en: Parts}
    kind: timer
    limit: {count: 20, unit: d}
    runs_in: [waiting]
  - name: means
    label: {zh: 鉴定, en: Appraisal}
    kind: stage
    limits:
      - {matters: [ZA01], when: [field_is: {grade: urgent}], count: 24, unit: h}
      - {matters: [ZA01], count: 0, unit: d}
    matters: [ZA01]
    starts_on: ["question:appraisal"]
    stops_on: ["answer:appraisal"]
questions:
  - name: appraisal
    label: {zh: 鉴定, en: Appraisal}
law: 山东省物业管理条例 第七十四条
timers:
  - {clock: parts, fires: S5, record: {reason: 到期}}
reactions:
  - id: hazard
    on: [entry:hazard]
    when:
      - field_is: {grade: urgent}
    make:
      command: register
      line: ZZ
      matter: ZZ01
      summary: {zh: 维修时发现隐患, en: A hazard seen}
      record: {source_line: ZA}
      copy: {grade: grade}
  - id: answer
    on: ["state:terminated", ended]
    make: {command: entry, name: child_ended}
entries:
  - name: hazard
    label: {zh: 发现隐患, en: Hazard}
    states: [open]
    by: [CW]
    fields:
      - name: grade
        kind: choice
        label: {zh: 等级, en: Grade}
        choices:
          urgent: {zh: 急, en: Urgent}
          usual: {zh: 一般, en: Usual}
transitions:
  - id: S1
    from: registered
    to: repairing
    action: order
    label: {zh: 派修, en: Order}
    by: [CW]
    matters: [ZA01]
    when:
      - not: {actor_is_not: registrar}
  - id: S2
    from: registered
    to: repairing
    action: order
    label: {zh: 派修, en: Order}
    by: [CW]
    when:
      - matter_in: [ZA02]
  - id: S3
    from: repairing
    to: resolved
    action: repaired
    label: {zh: 修复, en: Repaired}
    by: [CW]
    fields:
      - {name: cost, kind: money, label: {zh: 费用, en: Cost}, max: 1000}
  - id: S4
    from: repairing
    to: waiting
    action: wait
    label: {zh: 待料, en: Wait}
    by: [CW]
  - id: S5
    from: waiting
    to: terminated
    action: give_up
    label: {zh: 放弃, en: Give up}
    by: [CW, SYS]
    fields:
      - {name: reason, kind: note, label: {zh: 理由, en: Reason}}
  - id: S6
    from: waiting
    to: repairing
    action: go_on
    label: {zh: 到料, en: Go on}
    by: [CW]
"""


def small(old: str = "", new: str = "", common: str = SHARED) -> Line:
    """The small line with one place written otherwise. Raises LineInvalid."""
    assert SMALL.count(old) or not old, f"the small line does not say {old}"
    return read(SMALL.replace(old, new, 1) if old else SMALL, "ZA.yaml", common)


def faults(old: str, new: str) -> list[tuple[str, int, str, str]]:
    """What is found where one place is written otherwise."""
    try:
        small(old, new)
    except LineInvalid as refusal:
        return list(refusal.faults)
    return []


def line_of(text: str) -> int:
    """The line of the small file that first holds a text."""
    return SMALL[: SMALL.index(text)].count("\n") + 1


def written(folder: Path, text: str = SMALL, name: str = "ZA.yaml") -> Path:
    """The small line as a file, with the common rules beside it."""
    (folder / COMMON).write_text(SHARED, "utf-8")
    path = folder / name
    path.write_text(text, "utf-8")
    return path
