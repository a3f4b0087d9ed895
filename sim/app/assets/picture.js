// The picture of the center on a canvas: lanes of queues at the left, agents at the right.

const INK = {
  1: ["#0072b2", "#ffffff"],
  2: ["#e69f00", "#111111"],
  3: ["#00815f", "#ffffff"],
  4: ["#cc79a7", "#111111"],
  5: ["#56b4e9", "#111111"],
  6: ["#8a949c", "#111111"],
  7: ["#c9ced3", "#111111"],
};
const DOT = { wait: "#56b4e9", late: "#d55e00", bot: "#00a97f", hand: "#ffffff", gone: "#d55e00" };
const FADE = 700; // ms
const STRIP = 30;

class Picture {
  constructor(canvas, state) {
    this.canvas = canvas;
    this.state = state;
    this.doc = state.doc;
    this.dots = new Map();
    this.leaving = [];
    this.chosen = -1; // number of an issue
    this.still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.resize();
  }

  // Lay lanes and agents out for the present width.
  resize() {
    const width = Math.max(this.canvas.parentElement.clientWidth, 320);
    const lanes = this.doc.queues.length;
    this.width = width;
    this.split = Math.round(width * (this.state.agents > 60 ? 0.4 : 0.48));
    const room = width - this.split - 24;
    let tile = 26;
    let need = this.agentsHeight(tile, room);
    const laneNeed = lanes * 62;
    const most = Math.max(laneNeed, 420);
    while (tile > 9 && need > most) need = this.agentsHeight(--tile, room);
    this.tile = tile;
    this.height = Math.max(laneNeed, need, 200) + STRIP + 16;
    this.lane = Math.min((this.height - STRIP - 16) / lanes, 150);
    this.spots = this.agentSpots(tile, room);
    const ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(this.height * ratio);
    this.canvas.style.height = `${this.height}px`;
    this.ratio = ratio;
    this.dots.clear();
  }

  agentsHeight(tile, room) {
    const across = Math.max(Math.floor(room / (tile + 3)), 1);
    return this.doc.groups.reduce((sum, g) => sum + 24 + Math.ceil(g.agents / across) * (tile + 3) + 6, 0);
  }

  agentSpots(tile, room) {
    const across = Math.max(Math.floor(room / (tile + 3)), 1);
    const spots = [];
    this.heads = [];
    let y = 8;
    for (const group of this.doc.groups) {
      this.heads.push({ name: group.name, y: y + 14, first: spots.length, count: group.agents });
      for (let k = 0; k < group.agents; k++) {
        const x = this.split + 16 + (k % across) * (tile + 3);
        spots.push({ x, y: y + 22 + Math.floor(k / across) * (tile + 3) });
      }
      y += 24 + Math.ceil(group.agents / across) * (tile + 3) + 6;
    }
    return spots;
  }

  colours() {
    const style = getComputedStyle(this.canvas);
    this.ink = style.getPropertyValue("--watch-ink").trim() || "#1c2730";
    this.soft = style.getPropertyValue("--watch-soft").trim() || "#4b5a66";
    this.line = style.getPropertyValue("--watch-line").trim() || "#d5dde3";
    this.ground = style.getPropertyValue("--watch-ground").trim() || "#ffffff";
    this.font = style.fontFamily || "sans-serif";
  }

  // Where each contact that is there belongs now.
  targets() {
    const found = new Map();
    this.more = [];
    this.doc.queues.forEach((queue, q) => {
      const top = 8 + q * this.lane;
      const left = queue.bot ? 12 + (this.split - 24) * 0.32 : 12;
      this.row(this.state.queues[q], left, this.split - 12, top, true, found, q);
      if (queue.bot) this.row(this.state.sessions[q], 12, left - 10, top, false, found, q);
    });
    for (const [agent, legs] of this.state.byAgent) {
      const spot = this.spots[agent];
      if (!spot) continue;
      legs.forEach((leg, k) => {
        const x = spot.x + this.tile - 5 - 7 * (k % 3);
        found.set(leg, { x, y: spot.y + this.tile - 5 - 7 * Math.floor(k / 3), place: "hand" });
      });
    }
    return found;
  }

  // One row of dots; the first is at the right, near the agents.
  row(legs, left, right, top, line, found, q) {
    const step = 12;
    const across = Math.max(Math.floor((right - left) / step), 1);
    const rows = Math.max(Math.floor((this.lane - 30) / step), 1);
    const most = across * rows;
    const sorted = [...legs].sort((a, b) => a - b);
    const shown = sorted.slice(0, most);
    if (sorted.length > most) this.more.push({ q, line, count: sorted.length - most });
    shown.forEach((leg, k) => {
      const x = right - 6 - (k % across) * step;
      const y = top + 30 + Math.floor(k / across) * step;
      const late = line && this.state.late(leg);
      found.set(leg, { x, y, place: line ? (late ? "late" : "wait") : "bot" });
    });
  }

  // Draw; `ms` is the time since the last drawing, null when the clock has jumped.
  draw(ended, ms) {
    const jumped = ms === null || this.still;
    this.colours();
    const goal = this.targets();
    const pull = jumped ? 1 : 1 - Math.exp(-ms / 90);
    for (const leg of ended) this.leave(leg, jumped);
    for (const leg of this.dots.keys()) if (!goal.has(leg)) this.dots.delete(leg);
    let moving = false;
    for (const [leg, aim] of goal) {
      let dot = this.dots.get(leg);
      if (!dot) {
        dot = jumped ? { x: aim.x, y: aim.y } : { x: -8, y: aim.y };
        this.dots.set(leg, dot);
      }
      dot.x += (aim.x - dot.x) * pull;
      dot.y += (aim.y - dot.y) * pull;
      const far = Math.abs(aim.x - dot.x) + Math.abs(aim.y - dot.y);
      dot.place = aim.place === "hand" && far > this.tile ? "wait" : aim.place;
      if (far > 0.5) moving = true;
    }
    if (jumped) this.leaving = [];
    this.leaving = this.leaving.filter((one) => (one.age += ms || 0) < FADE);
    this.paint();
    return moving || this.leaving.length > 0;
  }

  leave(leg, jumped) {
    const dot = this.dots.get(leg);
    if (!dot || jumped || this.leaving.length > 150) return;
    const gone = this.state.legs.left[leg] === 1;
    this.leaving.push({ x: dot.x, y: dot.y, gone, age: 0, place: dot.place });
  }

  paint() {
    const c = this.canvas.getContext("2d");
    c.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    c.clearRect(0, 0, this.width, this.height);
    this.paintLanes(c);
    this.paintAgents(c);
    this.paintStrip(c);
    for (const one of this.leaving) this.paintLeaving(c, one);
    for (const [leg, dot] of this.dots) this.paintDot(c, leg, dot);
  }

  text(c, words, x, y, colour, size = 13, weight = 400, align = "left", room = undefined) {
    c.font = `${weight} ${size}px ${this.font}`;
    c.fillStyle = colour;
    c.textAlign = align;
    c.fillText(words, x, y, room);
  }

  paintLanes(c) {
    this.doc.queues.forEach((queue, q) => {
      const top = 8 + q * this.lane;
      const inner = queue.bot ? 12 + (this.split - 24) * 0.32 : 12;
      c.strokeStyle = this.line;
      c.lineWidth = 1;
      c.strokeRect(inner - 4, top + 20, this.split - inner - 4, this.lane - 26);
      const count = this.state.queues[q].length;
      const what = queue.deferred ? "open" : "waiting";
      const extra = this.more.find((one) => one.q === q && one.line);
      const words = `${count} ${what}` + (extra ? `, ${extra.count} not drawn` : "");
      const room = this.split - inner - 16;
      this.text(c, queue.name, inner - 2, top + 14, this.ink, 13, 600, "left", room * 0.55);
      this.text(c, words, this.split - 10, top + 14, this.soft, 12, 400, "right", room * 0.5);
      if (!queue.bot) return;
      c.setLineDash([4, 3]);
      c.strokeRect(8, top + 20, inner - 20, this.lane - 26);
      c.setLineDash([]);
      const inside = this.state.sessions[q].length;
      this.text(c, `self-service: ${inside}`, 10, top + 14, this.soft, 12, 400, "left", inner - 24);
    });
  }

  paintAgents(c) {
    for (const head of this.heads) {
      let there = 0;
      for (let k = 0; k < head.count; k++) if (this.state.state(head.first + k) >= 0) there++;
      this.text(c, head.name, this.split + 16, head.y, this.ink, 13, 600, "left", 180);
      this.text(c, `${there} logged in`, this.width - 10, head.y, this.soft, 12, 400, "right");
    }
    this.spots.forEach((spot, agent) => this.paintAgent(c, spot, agent));
  }

  paintAgent(c, spot, agent) {
    const state = this.state.state(agent);
    const s = this.tile;
    if (state < 0) {
      c.fillStyle = this.line;
      c.fillRect(spot.x + s / 2 - 1.5, spot.y + s / 2 - 1.5, 3, 3);
      return;
    }
    if (state === 0) {
      c.strokeStyle = this.soft;
      c.lineWidth = 1.5;
      c.strokeRect(spot.x + 1, spot.y + 1, s - 2, s - 2);
      return;
    }
    const [ground, ink] = INK[state];
    c.fillStyle = ground;
    c.fillRect(spot.x, spot.y, s, s);
    const letter = this.doc.states_named[state][1];
    if (s >= 12) this.text(c, letter, spot.x + 3, spot.y + Math.min(s * 0.5, 12), ink, Math.min(s * 0.45, 11), 700);
  }

  paintStrip(c) {
    const y = this.height - STRIP;
    c.strokeStyle = this.line;
    c.beginPath();
    c.moveTo(8, y);
    c.lineTo(this.split - 8, y);
    c.stroke();
    this.text(c, "✕ abandoned or refused", 12, y + 19, this.soft, 12);
    this.text(c, "handled →", this.width - 10, y + 19, this.soft, 12, 400, "right");
  }

  paintLeaving(c, one) {
    const part = one.age / FADE;
    c.globalAlpha = 1 - part;
    if (one.gone) {
      const y = one.y + (this.height - 16 - one.y) * part;
      this.cross(c, one.x, y);
    } else {
      this.shape(c, one.x + 40 * part, one.y, "hand");
    }
    c.globalAlpha = 1;
  }

  cross(c, x, y) {
    c.strokeStyle = DOT.gone;
    c.lineWidth = 2.5;
    c.beginPath();
    c.moveTo(x - 4, y - 4);
    c.lineTo(x + 4, y + 4);
    c.moveTo(x + 4, y - 4);
    c.lineTo(x - 4, y + 4);
    c.stroke();
  }

  paintDot(c, leg, dot) {
    if (dot.place === "hand" && this.tile < 14 && this.doc.legs.issue[leg] !== this.chosen) return;
    this.shape(c, dot.x, dot.y, dot.place, this.doc.legs.promise[leg] === 1);
    if (this.doc.legs.issue[leg] === this.chosen) {
      c.strokeStyle = this.ink;
      c.lineWidth = 2.5;
      c.beginPath();
      c.arc(dot.x, dot.y, 9, 0, 2 * Math.PI);
      c.stroke();
    }
  }

  // Late ones are squares: distinguished by shape, not only by colour.
  shape(c, x, y, place, hollow = false) {
    c.beginPath();
    if (place === "late") c.rect(x - 4, y - 4, 8, 8);
    else c.arc(x, y, place === "hand" ? 3 : 4.5, 0, 2 * Math.PI);
    c.fillStyle = hollow ? this.ground : DOT[place];
    c.fill();
    c.strokeStyle = hollow ? DOT[place === "hand" ? "wait" : place] : this.ink;
    c.lineWidth = hollow ? 2 : 0.8;
    c.stroke();
  }

  // The leg at a point, or that of the agent there; -1 for none.
  hit(x, y) {
    let best = -1;
    let near = 12;
    for (const [leg, dot] of this.dots) {
      const far = Math.hypot(dot.x - x, dot.y - y);
      if (far < near) [best, near] = [leg, far];
    }
    if (best >= 0) return best;
    const s = this.tile + 2;
    const agent = this.spots.findIndex((p) => x >= p.x && x <= p.x + s && y >= p.y && y <= p.y + s);
    const legs = this.state.byAgent.get(agent);
    return legs ? legs[legs.length - 1] : -1;
  }
}
