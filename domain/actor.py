"""Who acts: an account in one of its roles, for a unit."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """The roles of the permission matrix."""

    RES = "RES"  # 居民
    CW = "CW"  # 社区工作者
    FD = "FD"  # 前台
    MED = "MED"  # 调解员
    CD = "CD"  # 社区主任
    SC = "SC"  # 街道科室经办
    SL = "SL"  # 街道分管领导
    DO = "DO"  # 区部门经办
    DL = "DL"  # 区部门负责人
    SRV = "SRV"  # 服务机构
    SUP = "SUP"  # 督办员
    AUD = "AUD"  # 审计员
    POL = "POL"  # 政策编辑
    ADM = "ADM"  # 系统管理员
    SEC = "SEC"  # 安全管理员
    SYS = "SYS"  # 系统


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """An account acting in one role.

    unit: code of the unit the role was granted for: a responsibility area for CW, a
        community for FD, MED and CD, a street office for SC and SL, a department or the
        district for the others; empty for residents and the system.
    lines: service lines the role is limited to (suffix `l` of the matrix); empty where
        it is not limited.
    deputy_for: the account for which this one stands in; empty for who acts for themselves.
        Where duties are kept apart, a deputy is held to what either of them did.
    """

    account: str
    role: Role
    unit: str = ""
    lines: tuple[str, ...] = ()
    deputy_for: str = ""

    @property
    def accounts(self) -> tuple[str, ...]:
        """The account that acts, and the one for which it stands in, if any."""
        return (self.account, self.deputy_for) if self.deputy_for else (self.account,)

    def serves(self, unit: str) -> bool:
        """True for the unit itself and for those below it, whose codes go on from its code."""
        if self.role is Role.SYS or self.unit == unit:
            return True
        return bool(unit) and self.unit.startswith((f"{unit}/", f"{unit}-"))


SYSTEM = Actor(account="SYS", role=Role.SYS)
"""The clock and the rules: timers, warnings, reactions."""
