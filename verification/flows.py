"""Rules beyond one queue, each with a closed answer: reserve, repeats, bots, staff, closing."""

from collections.abc import Iterator

from sim import erlang
from sim.erlang import patience as distributions
from verification.cases import (
    FORMULA,
    Case,
    Expected,
    Tables,
    a_second,
    expected_of,
    legs,
    line,
    metric,
    one_team,
    scaled,
    steady,
    team,
)


def flow_cases() -> Iterator[Case]:
    """Give every case of a rule beyond waiting in one line."""
    for family in (
        _reserve, _balking, _interruption, _callback, _transfer, _bot, _repeats, _staff, _closing,
    ):  # fmt: skip
        yield from family()


def _birth_death(ups: list[float], downs: list[float]) -> list[float]:
    probabilities = [1.0]
    for up, down in zip(ups, downs, strict=True):
        probabilities.append(probabilities[-1] * up / down)
    total = sum(probabilities)
    return [x / total for x in probabilities]


def _reserve() -> Iterator[Case]:
    """Agents reserved for the first queue; the second is turned away (trunk reservation)."""
    agents, reserved, first, second, aht = 10, 2, 90.0, 90.0, 180.0
    most = 600
    ups = [(first + (second if j < agents - reserved else 0)) / 3600 for j in range(most)]
    downs = [min(j + 1, agents) / aht for j in range(most)]
    probabilities = _birth_death(ups, downs)
    waits, refused = sum(probabilities[agents:]), sum(probabilities[agents - reserved :])
    queue = sum(max(j - agents, 0) * x for j, x in enumerate(probabilities))
    skills = {"own": 1, "other": {"level": 1, "reserve": reserved}}
    queues = {"own": line(first, aht), "other": line(second, aht, limit=0)}
    tables = steady(queues, {"agents": {"agents": agents, "skills": skills}}, 100, 3)
    expected = (
        Expected("wait_probability", waits, metric("wait_probability", "queue", "own")),
        Expected("asa_s", queue / first * 3600, metric("asa_s", "queue", "own")),
        Expected("turned away", refused, legs("blocked", "offered", "other")),
    )
    yield Case("Agents in reserve", "birth-death chain", tables, 100, expected)


def _balking() -> Iterator[Case]:
    agents, rate, aht, patience, balk = 9, 190.0, 180.0, 200.0, 0.2
    q = erlang.g(
        rate, "1h", aht, agents, distributions.balking(balk, distributions.exponential(patience))
    )
    tables = one_team(line(rate, aht, patience, balk="20%"), agents, 60)
    yield Case("Balking", FORMULA, tables, 40, expected_of(q)[1:3])
    q = erlang.g(rate, "1h", aht, agents, distributions.fixed(60))
    message = Expected("message", float(q.abandonment), legs("message", "offered"))
    tables = one_team(line(rate, aht, longest_wait="60s"), agents, 60)
    yield Case("Message after 60 s", FORMULA, tables, 40, (message, expected_of(q)[2]))
    few = erlang.a(rate, "1h", aht, agents, patience, lines=12)
    tables = one_team(line(rate, aht, patience, lines=12), agents, 60)
    blocked = Expected("blocking", float(few.blocking), legs("blocked", "offered"))
    yield Case("Erlang A with 12 lines", FORMULA, tables, 40, (*expected_of(few)[1:], blocked))


def _interruption() -> Iterator[Case]:
    """Calls interrupt mail on one agent: preemptive priority, resumed."""
    calls, mails, call_s, mail_s = 9.0, 6.0, 150.0, 240.0
    r1, r2 = calls * call_s / 3600, mails * mail_s / 3600
    residual = (calls * 2 * call_s**2 + mails * 2 * mail_s**2) / 2 / 3600
    done = mail_s / (1 - r1) + residual / ((1 - r1) * (1 - r1 - r2))
    queues = {"calls": line(calls, call_s), "mail": line(mails, mail_s, channel="email")}
    group = {"agents": 1, "skills": {"calls": 1, "mail": 2}, "interrupts": {"mail": "calls"}}
    tables = steady(queues, {"agents": group}, 1000, 40)
    alone = r1 / (1 - r1) * call_s
    expected = (
        Expected("asa_s of calls", alone, metric("asa_s", "queue", "calls")),
        Expected("mail done after s", done, legs("completion", "done", "mail")),
        Expected("occupancy", r1 + r2, metric("occupancy")),
    )
    yield Case("Calls interrupt mail", "preemptive resume", tables, 100, expected)


def _callback() -> Iterator[Case]:
    """A callback that keeps its place takes nothing from anybody: the waits are Erlang C's."""
    callback = {"offer_after": "40s", "accepted": "60%", "answered": "100%"}
    rate, aht, agents = 150.0, 180.0, 9
    c = erlang.c(rate, "1h", aht, agents)
    tables = one_team(line(rate, aht, callback=callback), agents, 60)
    waits = legs("wait_answered + wait_others + wait_callback", "offered")
    expected = (
        Expected("mean wait s", float(c.asa_s), waits),
        Expected("occupancy", float(c.occupancy), metric("occupancy")),
        Expected("taken", 0.6 * float(c.waiting_longer(40)), legs("callbacks", "offered")),
    )
    yield Case("Callbacks that keep their place", FORMULA, tables, 100, expected)


def _transfer() -> Iterator[Case]:
    """What leaves M/M/n is Poisson (Burke 1956), so the second queue is Erlang C too."""
    first, second, share = 150.0, 60.0, 0.3
    c1 = erlang.c(first, "1h", 180, 10)
    c2 = erlang.c(second + share * first, "1h", 240, 9)
    queues = {"front": line(first, 180, transfer={"back": "30%"}), "back": line(second, 240)}
    groups = {"a": team(10, "front"), "b": team(9, "back")}
    tables = steady(queues, groups, 80, 5)
    expected = (
        Expected("asa_s front", float(c1.asa_s), metric("asa_s", "queue", "front")),
        Expected("asa_s back", float(c2.asa_s), metric("asa_s", "queue", "back")),
        Expected("offered back", second + share * first,
                 scaled(a_second("offered", "back"), 3600)),
    )  # fmt: skip
    yield Case("Transfers", "Burke 1956", tables, 80, expected)


def _bot() -> Iterator[Case]:
    """What a bot hands over is Poisson, and longer by the residual handle time."""
    rate, talk, contained, left, takes = 300.0, 180.0, 0.3, 0.1, 90.0
    rest = (talk - contained * takes) / (1 - contained)
    people = rate * (1 - contained - left)
    q = erlang.a(people, "1h", rest, 12, 150)
    tables = dict(one_team(line(rate, talk, 150), 12, 60))
    tables["bot"] = {"calls": {
        "session": "lognormal 90s cv 0.7", "contained": "30%", "left": "10%", "resolved": "100%",
        "takes": f"{takes:g}s", "handover": {"context": False},
    }}  # fmt: skip
    reach = Expected("offered to people", people, scaled(a_second("offered"), 3600))
    yield Case("A bot in front", FORMULA, tables, 50, (*expected_of(q), reach))


def _repeats() -> Iterator[Case]:
    """Repeat contacts after hours look like Poisson arrivals, and are in the observed volumes."""
    rate, resolved, share = 150.0, 0.7, 0.5
    repeat = {"share": "50%", "after": "exponential 5h", "at_most": 20}
    total = rate / (1 - (1 - resolved) * share)
    for name, is_, sum_, hours in (("new", "new", total, 100), ("observed", "observed", rate, 100)):
        queue = line(rate, 180, resolved="70%", repeat=repeat, volume_is=is_)
        agents = 11 if sum_ > rate else 9
        c = erlang.c(sum_, "1h", 180, agents)
        tables = one_team(queue, agents, hours, 60)
        expected = (
            Expected("offered", sum_, scaled(a_second("offered"), 3600)),
            Expected("asa_s", float(c.asa_s), metric("asa_s")),
            Expected("wait_probability", float(c.wait_probability), metric("wait_probability")),
        )
        yield Case(f"Repeats, {name} volumes", FORMULA, tables, 80, expected)


def _staff() -> Iterator[Case]:
    from scipy.special import comb

    rate, aht, patience, agents = 200.0, 180.0, 120.0, 12
    q = erlang.a(rate, "1h", aht / 0.8, agents, patience)
    skills = {"calls": {"level": 1, "speed": "80%"}}
    group: Tables = {"agents": agents, "skills": skills}
    queues = {"calls": line(rate, aht, patience)}
    yield Case("Slow agents", FORMULA, steady(queues, {"a": group}, 60, 2), 40, expected_of(q))
    q = erlang.a(rate, "1h", aht, 11, patience)
    group = team(14, "calls", shrinkage="20%")
    yield Case("Shrinkage", FORMULA, steady(queues, {"a": group}, 60, 2), 40, expected_of(q))
    # Who shows up is binomial, and every call of a day meets the same number.
    some = [erlang.a(rate, "1h", aht, k, patience) for k in range(1, 13)]
    weights = [comb(12, k) * 0.9**k * 0.1 ** (12 - k) for k in range(1, 13)]
    pairs = list(zip(weights, some, strict=True))
    wait = float(sum(w * float(x.wait_probability) for w, x in pairs))
    lost = float(sum(w * float(x.abandonment) for w, x in pairs))
    expected = (
        Expected("wait_probability", wait, metric("wait_probability")),
        Expected("abandonment", lost, metric("abandonment")),
    )
    tables = steady(queues, {"a": team(12, "calls", absent="10%")}, 3, 1)
    yield Case("Agents who do not show up", FORMULA, tables, 2000, expected)


def _closing() -> Iterator[Case]:
    """A day whose agents become more, with whoever waits at closing sent away or served."""
    volume, staff = [60.0, 110, 150, 120], [4, 9, 12, 12]
    day = erlang.day(volume, "1h", 240, staff, 150)
    waiting = sum(max(j - 12, 0) * float(x) for j, x in enumerate(day.last))
    queue = {"volume": volume, "talk": "exponential 240s", "patience": "exponential 150s"}
    group = {"agents": staff, "skills": {"calls": 1}}
    for at_close in ("send away", "serve"):
        center = {"open": "08:00-12:00", "interval": "60min", "at_close": at_close}
        tables = {"center": center, "queue": {"calls": queue}, "group": {"agents": group}}
        wait = Expected("wait_probability", day.wait_probability, metric("wait_probability"))
        if at_close == "serve":
            yield Case("A growing day, served to the end", FORMULA, tables, 1500, (wait,))
            continue
        expected = (
            wait,
            Expected("abandoned", day.abandons, metric("abandoned")),
            Expected("sent away", waiting, metric("sent_away")),
        )
        yield Case("A growing day, sent away", FORMULA, tables, 2000, expected)
