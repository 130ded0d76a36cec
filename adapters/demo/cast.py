"""Who is in the demonstration: invented people, each an account in one role for one unit."""

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


POSTS = {
    "居民": Role.RES,
    "社区工作者": Role.CW,
    "前台": Role.FD,
    "调解员": Role.MED,
    "社区主任": Role.CD,
    "街道科室经办": Role.SC,
    "街道分管领导": Role.SL,
    "区部门经办": Role.DO,
    "区部门负责人": Role.DL,
    "服务机构": Role.SRV,
    "督办员": Role.SUP,
    "审计员": Role.AUD,
    "政策编辑": Role.POL,
    "系统管理员": Role.ADM,
    "安全管理员": Role.SEC,
}
"""What the posts are called."""

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
    Person("yuhong", "于红", Role.SC, f"{STREET}/dj", "街道党建办经办", ("DJ",)),
    Person("hejing", "何静", Role.SC, f"{STREET}/mz", "街道民政办经办", ("MZ", "YL")),
    Person("sunjianjun", "孙建军", Role.SC, f"{STREET}/cl", "街道残联经办", ("YL",)),
    Person("heping", "何平", Role.SC, f"{STREET}/rs", "街道人社所经办", ("LB",)),
    Person("xuning", "许宁", Role.SC, f"{STREET}/ws", "街道卫健办经办", ("JS",)),
    Person("zhongyi", "钟毅", Role.SC, f"{STREET}/zz", "街道综治办经办", ("ZZ",)),
    Person("qiaowen", "乔雯", Role.SC, f"{STREET}/wj", "街道文教办经办", ("WT",)),
    Person("weiming", "魏明", Role.SC, f"{STREET}/xfb", "街道信访办经办", ("XF",)),
    Person("gaoyuan", "高远", Role.SL, STREET, "街道分管领导"),
    Person("hansong", "韩松", Role.SRV, SANITATION, "街道环卫所"),
    Person("dingjie", "丁洁", Role.SRV, f"{STREET}/yl", "居家养老服务站"),
    Person("shenkang", "沈康", Role.SRV, f"{STREET}/wx", "器材维修站"),
    Person("luocheng", "罗成", Role.DO, DISTRICT, "区城管局经办", ("CG",)),
    Person("fangyuan", "方圆", Role.DO, f"{DISTRICT}/rs", "区人社局经办", ("LB",)),
    LINE_CHIEF,
    Person("heming", "贺明", Role.DL, f"{DISTRICT}/mz", "区民政局负责人", ("MZ", "YL")),
    Person("jiangcheng", "江澄", Role.DL, f"{DISTRICT}/ws", "区卫健局负责人", ("JS",)),
    Person("luyao", "陆遥", Role.DL, f"{DISTRICT}/xfj", "区信访局负责人", ("XF",)),
    Person("liheng", "李衡", Role.SUP, DISTRICT, "督办员"),
    Person("bailu", "白露", Role.AUD, DISTRICT, "审计员"),
    Person("mengzhu", "孟竹", Role.POL, DISTRICT, "政策编辑"),
    ADMINISTRATOR,
    SECURITY,
    Person("jiangli", "江莉", Role.RES, "", "建新社区居民"),
)
