"""Erlang C and A as spreadsheet formulas that accept a fractional number of agents."""

from __future__ import annotations

from dataclasses import dataclass

PARTS = 32
"""Steps into which each stage of the search divides the last one."""
STAGES = 2
"""Stages between two whole numbers; the rest is interpolated."""


@dataclass(frozen=True)
class ErlangCells:
    """One queue in one row of a sheet; each field but the last two is a cell such as ``C5``.

    Attributes
    ----------
    model : {"erlang_c", "erlang_a"}
    load, aht, target, within : str
        Erlangs, handle time (s), service level wanted, threshold (s).
    feed, patience : str
        Contacts in one mean patience, and that patience (s); of Erlang A.
    variant : str
        Formula of the service level.
    short : float
        Longest wait of a short abandon (s).
    """

    model: str
    load: str
    aht: str
    target: str
    within: str
    feed: str = ""
    patience: str = ""
    variant: str = "abandons_ignored"
    short: float = 5.0

    def level(self, n: str) -> str:
        """Return the service level with `n` agents, a cell or an array, above 0.

        Notes
        -----
        With Erlang's B, u = (1 - B) / B = Q(n, a) / p(n; a): upper gamma ratio over Poisson term.
        Erlang C: P(wait > T) = exp(-(n - a) T / aht) / (1 + (1 - a / n) u); with fewer agents than
        erlangs it is above 1, so that the service level is below 0. Erlang A after Mandelbaum and
        Zeltyn (2007), see :class:`sim.erlang.erlang_a.ErlangA`, all terms times P(x, y) / B.
        """
        free = f"(1-GAMMA.DIST({self.load},{n},1,TRUE))/GAMMA.DIST({self.load},{n}+1,1,FALSE)"
        if self.model == "erlang_c":
            return (
                f"(1-EXP(-({n}-{self.load})*{self.within}/{self.aht})"
                f"/(1+(1-{self.load}/{n})*{free}))"
            )
        return self._with_abandonment(n, free)

    def _with_abandonment(self, n: str, free: str) -> str:
        drain = f"({n}*{self.patience}/{self.aht})"
        no_wait = f"GAMMA.DIST({self.feed},{drain}+1,1,FALSE)*{free}"
        ratio = f"{drain}/{self.feed}"
        answered = f"({no_wait}+{ratio}*{self._stay(drain, self.feed)})"
        late = f"{ratio}*{self._stay(drain, self._feed_after(self.within))}"
        good = f"({answered}-{late})"
        waiting = self._waiting(drain, self.within)
        every = f"({no_wait}+GAMMA.DIST({self.feed},{drain},1,TRUE))"
        if self.variant == "abandons_ignored":
            return f"{good}/({good}+{waiting})"
        if self.variant == "abandons_negative":
            return f"{good}/{every}"
        if self.variant == "abandons_positive":
            return f"(1-{waiting}/{every})"
        if self.variant == "answered_only":
            return f"{good}/{answered}"
        short = f"{self.short:g}"
        kept = f"({answered}-{ratio}*{self._stay(drain, self._feed_after(short))}"
        kept += f"+{self._waiting(drain, short)})"
        if self.variant == "short_as_met":
            return f"(({good}+{every}-{kept})/{every})"
        return f"{good}/{kept}"

    def _feed_after(self, t: str) -> str:
        return f"({self.feed}*EXP(-{t}/{self.patience}))"

    def _stay(self, drain: str, feed: str) -> str:
        """Return the part of an offered wait that is answered: P(x, y) - p(x; y)."""
        return f"(GAMMA.DIST({feed},{drain},1,TRUE)-GAMMA.DIST({feed},{drain}+1,1,FALSE))"

    def _waiting(self, drain: str, t: str) -> str:
        still = f"EXP(-{t}/{self.patience})"
        return f"{still}*GAMMA.DIST({self._feed_after(t)},{drain},1,TRUE)"

    def base(self) -> str:
        """Return the whole number of agents at which the search begins, for a cell."""
        if self.model == "erlang_c":
            return f"INT({self.load})+1"
        return f"MAX(1,INT({self.load}-3*SQRT({self.load})))"

    def missed(self, base: str, most: int) -> str:
        """Return how many of `most` whole numbers from the base on miss the target."""
        tried = f"({base}+ROW($1:${most})-1)"
        return f"IF({self.load}<=0,0,SUMPRODUCT(--({self.level(tried)}<{self.target})))"

    def whole(self, base: str, missed: str, most: int) -> str:
        """Return the fewest whole agents that reach the target.

        The cell shows #N/A where the search is too short for a load that was typed in.
        """
        beyond = f"{missed}={most}"
        if self.model == "erlang_a":
            beyond = f"OR({beyond},AND({missed}=0,{base}>1))"
        return f"IF({self.load}<=0,0,IF({beyond},NA(),{base}+{missed}))"

    def finer(self, low: str, stage: int) -> str:
        """Return the lower end of the last stage's part in which the target is reached."""
        step = f"{PARTS}^{stage}"
        tried = f"({low}+ROW($1:${PARTS - 1})/{step})"
        missed = f"SUMPRODUCT(--({self.level(tried)}<{self.target}))"
        return f"IF({self.load}<=0,0,{low}+{missed}/{step})"

    def real(self, low: str) -> str:
        """Return the agents before rounding, straight between the ends of the last part."""
        step = f"{PARTS}^{STAGES}"
        lowest = f"MAX({low},0.000001)"
        under, over = self.level(lowest), self.level(f"({low}+1/{step})")
        part = f"({self.target}-{under})/({over}-{under})/{step}"
        return f"IF({self.load}<=0,0,{low}+IFERROR(MEDIAN(0,1/{step},{part}),1/{step}))"
