"""Ratings: most visits have none, most ratings are good."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from appointments.booking.models import Appointment, Channel
from assessments.models import Rating

SHARE_RATED = 0.38
COMMENTS = {
    5: [
        "小姑娘有耐心，教我刷脸",
        "不用排队，来了就办",
        "替我跑镇上，省了我一趟",
        "打个电话就约上了，好",
        "上门给老人办的，感谢",
    ],
    4: ["办得快", "态度好，就是下午热", "有人管了，比以前强", "说得明白"],
    3: ["等了一会儿", "还行", "材料说得再清楚点就好了"],
    2: ["约的9点，10点才办上", "来了两趟才办完", "电话打不通"],
    1: ["到了门口没有人", "推来推去，没说清找谁"],
}


def ratings(rng: Random, appointments: Iterable[Appointment], care: float, now: datetime) -> list[Rating]:
    """Ratings of some of the served; each sets `rated_at` on its appointment, before that is stored."""
    return [rating for one in appointments if (rating := _rating(rng, one, care, now))]


def _rating(rng: Random, appointment: Appointment, care: float, now: datetime) -> Rating | None:
    if appointment.served_at is None or rng.random() > SHARE_RATED:
        return None
    rated_at = appointment.served_at + timedelta(hours=rng.expovariate(1 / 7))
    if rated_at > now:
        return None
    weights = [max(1, 50 + 25 * care), 24, max(2, 9 - 4 * care), max(0.6, 4 - 3 * care), max(0.4, 2.5 - 2 * care)]
    level = rng.choices([5, 4, 3, 2, 1], weights)[0]
    says = rng.random() < (0.25 if level > 2 else 0.8)
    appointment.rated_at = rated_at
    return Rating(
        appointment=appointment,
        level=level,
        comment=rng.choice(COMMENTS[level]) if says else "",
        via=Rating.Via.LINK if appointment.channel == Channel.ONLINE else Rating.Via.CODE,
        rated_at=rated_at,
    )
