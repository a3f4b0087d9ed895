// The state of the center at one instant: where contacts are, what agents do. No drawing here.
// Instants are ticks (tenths of a second) since the start of the part shown.

const NEVER = 2000000000;

class CenterState {
  constructor(doc) {
    this.doc = doc;
    this.legs = doc.legs;
    this.size = doc.legs.enter.length;
    this.agents = doc.states.first.length - 1;
    this.jump(0);
  }

  // Go to an instant, forwards or backwards.
  jump(t) {
    this.t = t;
    this.next = 0;
    this.active = new Set();
    this.at = this.doc.states.first.slice(0, this.agents);
    this.byAgent = new Map();
    this.go(t);
  }

  // Go on to a later instant; return the legs that ended on the way.
  go(t) {
    if (t < this.t) {
      this.jump(t);
      return [];
    }
    this.t = t;
    const legs = this.legs;
    while (this.next < this.size && legs.enter[this.next] <= t) this.active.add(this.next++);
    const ended = [];
    for (const leg of this.active) if (this.over(leg) <= t) ended.push(leg);
    for (const leg of ended) this.active.delete(leg);
    this.place();
    const { end } = this.doc.states;
    for (let a = 0; a < this.agents; a++) {
      while (this.at[a] < this.doc.states.first[a + 1] && end[this.at[a]] <= t) this.at[a]++;
    }
    return ended;
  }

  // Sort the contacts that are there by place.
  place() {
    const queues = this.doc.queues.length;
    this.queues = Array.from({ length: queues }, () => []);
    this.sessions = Array.from({ length: queues }, () => []);
    this.byAgent.clear();
    for (const leg of this.active) {
      const queue = this.legs.queue[leg];
      if (this.legs.bot[leg]) this.sessions[queue].push(leg);
      else if (this.t < this.legs.leave[leg]) this.queues[queue].push(leg);
      else {
        const agent = this.legs.agent[leg];
        if (!this.byAgent.has(agent)) this.byAgent.set(agent, []);
        this.byAgent.get(agent).push(leg);
      }
    }
  }

  over(leg) {
    return this.legs.agent[leg] < 0 ? this.legs.leave[leg] : this.legs.done[leg];
  }

  // What an agent does: number of the state, -1 when not there.
  state(agent) {
    const row = this.at[agent];
    if (row >= this.doc.states.first[agent + 1]) return -1;
    return this.doc.states.start[row] <= this.t ? this.doc.states.state[row] : -1;
  }

  load(agent) {
    return this.state(agent) < 0 ? 0 : this.doc.states.load[this.at[agent]];
  }

  waiting(deferred) {
    const mine = this.queues.filter((_, q) => this.doc.queues[q].deferred === deferred);
    return mine.reduce((sum, queue) => sum + queue.length, 0);
  }

  inSessions() {
    return this.sessions.reduce((sum, queue) => sum + queue.length, 0);
  }

  counts() {
    const found = this.doc.states_named.map(() => 0);
    for (let a = 0; a < this.agents; a++) if (this.state(a) >= 0) found[this.state(a)]++;
    return found;
  }

  // Contacts that are present, the earliest first.
  present() {
    return [...this.active].sort((a, b) => this.legs.enter[a] - this.legs.enter[b]);
  }

  longestWaiting() {
    const live = this.queues.flatMap((queue, q) => (this.doc.queues[q].deferred ? [] : queue));
    const from = live.length ? live : this.queues.flat();
    return from.length ? from.reduce((a, b) => (this.legs.enter[b] < this.legs.enter[a] ? b : a)) : -1;
  }

  late(leg) {
    const queue = this.doc.queues[this.legs.queue[leg]];
    return this.t - this.legs.enter[leg] > queue.threshold;
  }

  // The instant of the next thing that happens, for single steps.
  nextEvent() {
    let best = this.doc.length;
    if (this.next < this.size) best = Math.min(best, this.legs.enter[this.next]);
    for (const leg of this.active) {
      for (const at of [this.legs.leave[leg], this.over(leg)]) if (at > this.t) best = Math.min(best, at);
    }
    return best;
  }
}

function clockOf(doc, t) {
  const all = Math.floor(doc.start + t / 10);
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(all / 3600);
  return `${two(hours)}:${two(Math.floor(all / 60) % 60)}:${two(((all % 60) + 60) % 60)}`;
}

function lengthOf(ticks) {
  const seconds = ticks / 10;
  if (seconds < 60) return Number.isInteger(seconds) ? `${seconds} s` : `${seconds.toFixed(1)} s`;
  const all = Math.round(seconds);
  const two = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(all / 3600);
  const minutes = Math.floor(all / 60) % 60;
  return hours ? `${hours}:${two(minutes)}:${two(all % 60)}` : `${minutes}:${two(all % 60)}`;
}
