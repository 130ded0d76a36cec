"""Who is in the story: invented people, each an account in one role for one unit."""

from dataclasses import dataclass

from domain.actor import Actor, Role

DISTRICT = "370103"
STREET = "370103008"
COMMUNITY = "370103008001"
AREA = "370103008001-01"
CITY_MANAGEMENT = "370103008/cg"
SANITATION = "370103008/hw"


@dataclass(frozen=True, slots=True)
class Person:
    """A person who works with the product. does: their post, for whoever tries it out."""

    account: str
    name: str
    role: Role
    unit: str
    does: str
    lines: tuple[str, ...] = ()

    @property
    def actor(self) -> Actor:
        """The person as commands name them."""
        return Actor(account=self.account, role=self.role, unit=self.unit, lines=self.lines)


WORKER = Person("linxiaohe", "林晓禾", Role.CW, AREA, "第一责任片区社区工作者")
DIRECTOR = Person("zhoumin", "周敏", Role.CD, COMMUNITY, "建新社区主任")
FRONT_DESK = Person("suqing", "苏青", Role.FD, COMMUNITY, "建新社区前台")
STREET_OFFICER = Person("zhenglan", "郑岚", Role.SC, CITY_MANAGEMENT, "街道城管科经办", ("CG",))
LINE_CHIEF = Person("hemei", "贺梅", Role.DL, DISTRICT, "区城管局负责人", ("CG",))
ADMINISTRATOR = Person("shilei", "石磊", Role.ADM, DISTRICT, "系统管理员")
SECURITY = Person("anning", "安宁", Role.SEC, DISTRICT, "安全管理员")

CAST = (
    WORKER,
    Person("chenyan", "陈砚", Role.CW, f"{COMMUNITY}-02", "第二责任片区社区工作者"),
    Person("wangshuo", "王硕", Role.CW, f"{COMMUNITY}-03", "第三责任片区社区工作者"),
    Person("sunjia", "孙佳", Role.CW, f"{COMMUNITY}-04", "第四责任片区社区工作者"),
    Person("duning", "杜宁", Role.CW, f"{COMMUNITY}-05", "第五责任片区社区工作者"),
    DIRECTOR,
    FRONT_DESK,
    Person("tanyun", "谭芸", Role.MED, COMMUNITY, "建新社区人民调解员", ("TJ",)),
    STREET_OFFICER,
    Person("gaoyuan", "高远", Role.SL, STREET, "街道分管领导"),
    Person("hansong", "韩松", Role.SRV, SANITATION, "街道环卫所"),
    Person("luocheng", "罗成", Role.DO, DISTRICT, "区城管局经办", ("CG",)),
    LINE_CHIEF,
    Person("liheng", "李衡", Role.SUP, DISTRICT, "督办员"),
    Person("bailu", "白露", Role.AUD, DISTRICT, "审计员"),
    Person("mengzhu", "孟竹", Role.POL, DISTRICT, "政策编辑"),
    ADMINISTRATOR,
    SECURITY,
    Person("jiangli", "江莉", Role.RES, "", "建新社区居民"),
)
