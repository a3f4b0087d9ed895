"""Queues with a closed answer, chosen to try each rule of the engine by itself."""

from collections.abc import Iterator

from sim import erlang
from sim.erlang import patience as laws
from verification.played import (
    Case,
    Expected,
    Tables,
    a_second,
    legs,
    line,
    metric,
    scaled,
    steady,
    team,
)

FORMULA = "this project's formula"


def probe_cases() -> Iterator[Case]:
    """Give every case whose answer is a closed formula."""
    for family in (
        _grid, _patience, _single, _priorities, _weights, _pooling, _reserve, _balking,
        _interruption, _callback, _transfer, _bot, _repeats, _staff, _closing,
    ):  # fmt: skip
        yield from family()


def _figures(q: erlang.Figures, within: float = 20) -> tuple[Expected, ...]:
    return (
        Expected("wait_probability", float(q.wait_probability), metric("wait_probability")),
        Expected("abandonment", float(q.abandonment), metric("abandonment")),
        Expected("asa_s", float(q.asa_s), metric("asa_s")),
        Expected("service level", float(q.service_level(within)), metric("service_level")),
    )


def _one(queue: Tables, agents: int, hours: float, warm_up: float = 3, **center: object) -> Tables:
    return steady({"calls": queue}, {"agents": team(agents, "calls")}, hours, warm_up, **center)


def _grid() -> Iterator[Case]:
    """Erlang A from light to overloaded, impatient to patient."""
    for agents, load, patience in (
        (3, 1.5, 600), (3, 4.5, 60), (8, 8, 240), (20, 26, 300), (40, 36, 30),
    ):  # fmt: skip
        rate = load * 3600 / 240
        q = erlang.a(rate, "1h", 240, agents, patience)
        tables = _one(line(rate, 240, patience), agents, 12000 / rate)
        yield Case(f"Erlang A, {load} on {agents}, {patience} s", FORMULA, tables, 40, _figures(q))


def _patience() -> Iterator[Case]:
    points = {"law": "points", "points": [["0s", "0%"], ["15s", "20%"], ["60s", "30%"],
                                          ["240s", "70%"]]}  # fmt: skip
    curve = laws.measured([0, 15, 60, 240], [1, 0.8, 0.7, 0.3])
    kinds = {
        "fixed": ("90s", laws.fixed(90)),
        "Weibull": ("weibull 3min shape 0.8", laws.weibull(180, 0.8)),
        "lognormal": ("lognormal 2min cv 1.5", laws.lognormal(120, 1.5)),
        "uniform": ("uniform 10s 190s", laws.uniform(10, 190)),
        "gamma": ("gamma 2min cv 0.5", laws.gamma(120, 4)),
        "with a share at zero": (
            "exponential 100s zero 15%", laws.balking(0.15, laws.exponential(100))
        ),
        "measured": (points, curve),
    }  # fmt: skip
    for name, (text, shape) in kinds.items():
        q = erlang.g(220, "1h", 180, 11, shape)
        queue = {"volume": "220 an hour", "talk": "exponential 180s", "patience": text}
        yield Case(f"Patience {name}", FORMULA, _one(queue, 11, 80), 40, _figures(q))


def _single() -> Iterator[Case]:
    """One agent and any law of talk (Pollaczek and Khinchine)."""
    talks = {
        "fixed": ("150s", 0.0),
        "uniform": ("uniform 60s 240s", 180**2 / 12 / 150**2),
        "lognormal": ("lognormal 150s cv 1.3", 1.69),
        "gamma": ("gamma 150s cv 0.6", 0.36),
        "Weibull": ("weibull 150s shape 2", 0.27323954473516265),
    }
    for name, (talk, scv) in talks.items():
        wait = 0.7 / 0.3 * 150 * (1 + scv) / 2
        expected = (
            Expected("asa_s", wait, metric("asa_s")),
            Expected("wait_probability", 0.7, metric("wait_probability")),
            Expected("occupancy", 0.7, metric("occupancy")),
        )
        tables = _one(line(0.7 * 24, talk), 1, 1000, 30)
        yield Case(f"M/G/1, {name} talk", "Pollaczek and Khinchine", tables, 40, expected)
    # Talk, hold and wrap in a row: the agent is busy with all three.
    mean, variance = 150.0, 80**2 + 20**2 * 3 + 50**2
    wait = 0.7 / 0.3 * mean * (1 + variance / mean**2) / 2
    queue = line(0.7 * 24, 80, hold="exponential 40s zero 50%", wrap="exponential 50s")
    expected = (
        Expected("asa_s", wait, metric("asa_s")),
        Expected("aht_s", mean, metric("aht_s")),
        Expected("occupancy", 0.7, metric("occupancy")),
    )
    tables = _one(queue, 1, 1000, 30)
    yield Case("M/G/1, talk, hold and wrap", "Pollaczek and Khinchine", tables, 40, expected)


def _priorities() -> Iterator[Case]:
    """Two priorities without interruption (Cobham 1954; Kella and Yechiali 1985)."""
    for agents, high, low in ((1, 8.0, 8.0), (6, 40.0, 60.0)):
        aht = 150.0 if agents == 1 else 180.0
        c = erlang.c(high + low, "1h", aht, agents)
        first = 1 - high * aht / 3600 / agents
        residual = float(c.wait_probability) * aht / agents
        queues = {"gold": line(high, aht, priority=2), "plain": line(low, aht)}
        groups = {"agents": team(agents, "gold", "plain")}
        rest = 1 - (high + low) * aht / 3600 / agents
        expected = (
            Expected("asa_s first", residual / first, metric("asa_s", "queue", "gold")),
            Expected("asa_s second", residual / first / rest, metric("asa_s", "queue", "plain")),
            Expected("asa_s of all", float(c.asa_s), metric("asa_s")),
        )
        tables = steady(queues, groups, 12000 / (high + low), 10)
        yield Case(f"Two priorities, {agents} agents", "Cobham 1954", tables, 80, expected)
        taken = {"skills": {"gold": {"level": 1, "take": 1}, "plain": {"level": 1, "take": 2}}}
        queues = {"gold": line(high, aht), "plain": line(low, aht)}
        tables = steady(queues, {"agents": {"agents": agents} | taken}, 12000 / (high + low), 10)
        yield Case(f"Order of taking, {agents} agents", "Cobham 1954", tables, 40, expected)


def _weights() -> Iterator[Case]:
    """Wait times weight decides: accumulating priority (Kleinrock 1964)."""
    agents, aht, fast, slow, weight = 4, 180.0, 30.0, 38.0, 3.0
    c = erlang.c(fast + slow, "1h", aht, agents)
    share_fast, share_slow = (r * aht / 3600 / agents for r in (fast, slow))
    first_in_first = float(c.asa_s)
    w_slow = first_in_first / (1 - share_fast * (1 - 1 / weight))
    w_fast = first_in_first - share_slow * w_slow * (1 - 1 / weight)
    # Conservation: the mean over both is that of first come, first served.
    w_fast = (first_in_first * (share_fast + share_slow) - share_slow * w_slow) / share_fast
    queues = {"fast": line(fast, aht, weight=weight), "slow": line(slow, aht)}
    expected = (
        Expected("asa_s weight 3", w_fast, metric("asa_s", "queue", "fast")),
        Expected("asa_s weight 1", w_slow, metric("asa_s", "queue", "slow")),
    )
    tables = steady(queues, {"agents": team(agents, "fast", "slow")}, 150, 5)
    yield Case("Wait times weight", "Kleinrock 1964", tables, 100, expected)


def _pooling() -> Iterator[Case]:
    """Two queues and two teams that share everything are one queue."""
    q = erlang.a(240, "1h", 180, 13, 150)
    one = line(240, 180, 150)
    half = line(120, 180, 150)
    both = {"a": 1, "b": 1}
    yield Case("Two teams as one", FORMULA, steady(
        {"calls": one},
        {"north": team(7, "calls"), "south": team(6, "calls")}, 50, 2),
        40, _figures(q))  # fmt: skip
    yield Case("Two teams, one preferred", FORMULA, steady(
        {"calls": one},
        {"north": team(7, "calls"), "south": {"agents": 6, "skills": {"calls": 2}}}, 50, 2),
        40, _figures(q))  # fmt: skip
    yield Case("Two queues as one", FORMULA, steady(
        {"a": half, "b": half}, {"all": {"agents": 13, "skills": both}}, 50, 2),
        40, _figures(q))  # fmt: skip
    at_once = {"a": {"level": 1}, "b": {"level": 2, "after": "0s"}}
    other = {"b": {"level": 1}, "a": {"level": 2, "after": "0s"}}
    yield Case("Overflow at once", FORMULA, steady(
        {"a": half, "b": half},
        {"north": {"agents": 7, "skills": at_once}, "south": {"agents": 6, "skills": other}},
        50, 2),
        40, _figures(q)[:2])  # fmt: skip
    apart = erlang.a(120, "1h", 180, 7, 150)
    never = {"b": {"level": 1}, "a": {"level": 2, "after": "20h"}}
    expected = (
        Expected("abandonment a", float(apart.abandonment), metric("abandonment", "queue", "a")),
        Expected("asa_s a", float(apart.asa_s), metric("asa_s", "queue", "a")),
    )
    yield Case("Overflow never", FORMULA, steady(
        {"a": half, "b": half},
        {"north": team(7, "a"), "south": {"agents": 6, "skills": never}}, 50, 2),
        40, expected)  # fmt: skip
    # Only whoever has waited 30 s may be helped: a second team without calls of its own.
    yield _late_help()


def _late_help() -> Case:
    # A fixed patience of 30 s seen from the first team: those it loses are helped at once by a
    # second team that is never full, so the first is M/M/7+D with its loss as overflow.
    q = erlang.g(150, "1h", 180, 7, laws.fixed(30))
    overflow = {"calls": {"level": 2, "after": "30s"}}
    groups = {"first": team(7, "calls"), "second": {"agents": 40, "skills": overflow}}
    tables = steady({"calls": line(150, 180)}, groups, 80, 2)
    a = 150 * 180 / 3600
    helped = float(q.abandonment)
    expected = (
        Expected("occupancy first", a * (1 - helped) / 7, metric("occupancy", "group", "first")),
        Expected("occupancy second", a * helped / 40, metric("occupancy", "group", "second")),
        Expected("wait_probability", float(q.wait_probability), metric("wait_probability")),
        Expected("asa_s", float(q.mean_wait_all_s), metric("asa_s")),
    )
    return Case("Help after 30 s", FORMULA, tables, 80, expected)


def _birth_death(agents: int, ups: list[float], downs: list[float]) -> list[float]:
    chances = [1.0]
    for up, down in zip(ups, downs, strict=True):
        chances.append(chances[-1] * up / down)
    total = sum(chances)
    return [x / total for x in chances]


def _reserve() -> Iterator[Case]:
    """Agents held back for the first queue; the second is turned away (trunk reservation)."""
    agents, held, first, second, aht = 10, 2, 90.0, 90.0, 180.0
    most = 600
    ups = [(first + (second if j < agents - held else 0)) / 3600 for j in range(most)]
    downs = [min(j + 1, agents) / aht for j in range(most)]
    chances = _birth_death(agents, ups, downs)
    waits, refused = sum(chances[agents:]), sum(chances[agents - held :])
    queue = sum(max(j - agents, 0) * x for j, x in enumerate(chances))
    skills = {"own": 1, "other": {"level": 1, "reserve": held}}
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
    q = erlang.g(rate, "1h", aht, agents, laws.balking(balk, laws.exponential(patience)))
    tables = _one(line(rate, aht, patience, balk="20%"), agents, 60)
    yield Case("Balking", FORMULA, tables, 40, _figures(q)[1:3])
    q = erlang.g(rate, "1h", aht, agents, laws.fixed(60))
    message = Expected("message", float(q.abandonment), legs("message", "offered"))
    tables = _one(line(rate, aht, longest_wait="60s"), agents, 60)
    yield Case("Message after 60 s", FORMULA, tables, 40, (message, _figures(q)[2]))
    few = erlang.a(rate, "1h", aht, agents, patience, lines=12)
    tables = _one(line(rate, aht, patience, lines=12), agents, 60)
    blocked = Expected("blocking", float(few.blocking), legs("blocked", "offered"))
    yield Case("Erlang A with 12 lines", FORMULA, tables, 40, (*_figures(few)[1:], blocked))


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
    tables = _one(line(rate, aht, callback=callback), agents, 60)
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
    tables = dict(_one(line(rate, talk, 150), 12, 60))
    tables["bot"] = {"calls": {
        "session": "lognormal 90s cv 0.7", "contained": "30%", "left": "10%", "resolved": "100%",
        "takes": f"{takes:g}s", "handover": {"context": False},
    }}  # fmt: skip
    reach = Expected("offered to people", people, scaled(a_second("offered"), 3600))
    yield Case("A bot in front", FORMULA, tables, 50, (*_figures(q), reach))


def _repeats() -> Iterator[Case]:
    """Repeats after hours come as if by chance, and observed volumes hold them already."""
    rate, resolved, share = 150.0, 0.7, 0.5
    repeat = {"share": "50%", "after": "exponential 5h", "at_most": 20}
    total = rate / (1 - (1 - resolved) * share)
    for name, is_, sum_, hours in (("new", "new", total, 100), ("observed", "observed", rate, 100)):
        queue = line(rate, 180, resolved="70%", repeat=repeat, volume_is=is_)
        agents = 11 if sum_ > rate else 9
        c = erlang.c(sum_, "1h", 180, agents)
        tables = _one(queue, agents, hours, 60)
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
    yield Case("Slow agents", FORMULA, steady(queues, {"a": group}, 60, 2), 40, _figures(q))
    q = erlang.a(rate, "1h", aht, 11, patience)
    group = team(14, "calls", shrinkage="20%")
    yield Case("Shrinkage", FORMULA, steady(queues, {"a": group}, 60, 2), 40, _figures(q))
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
