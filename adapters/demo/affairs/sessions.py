"""Sessions and venues of the community, as they were opened in the spring of 2012."""

from adapters.demo.cases import Session

CALLIGRAPHY = "老年书画班（六月）"
CHOIR = "仲夏合唱排练"
CRAFTS = "暑期手工课"
BADMINTON = "周二羽毛球场"

SESSIONS = (
    Session("剪纸体验课", "WT01", "社区活动室", 12, 4, "05-14 09:30", "05-29 09:00", "05-29 11:00"),
    Session(BADMINTON, "WT02", "社区文体中心", 8, 2, "05-28 10:00", "06-12 19:00", "06-12 21:00"),
    Session(CHOIR, "WT02", "社区多功能厅", 20, 5, "06-04 10:00", "06-15 16:30", "06-15 20:00"),
    Session(CALLIGRAPHY, "WT01", "社区活动室", 1, 3, "06-11 09:10", "06-20 14:00", "06-20 16:00"),
    Session(CRAFTS, "WT01", "社区活动室", 15, 5, "06-11 09:20", "07-04 09:00", "07-04 11:00"),
)
