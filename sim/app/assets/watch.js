// Controls, metrics and timelines around the picture. All text from a scenario is inserted as text.

class Watch {
  constructor(root, doc) {
    this.root = root;
    this.doc = doc;
    this.state = new CenterState(doc);
    this.find = (what) => root.querySelector(what);
    this.canvas = this.find("canvas");
    this.time = this.find("[data-is=time]");
    this.time.max = doc.length;
    this.find("[data-is=customer]").max = doc.timelines.issue.at(-1) ?? 0;
    this.picture = new Picture(this.canvas, this.state);
    this.playing = false;
    this.moving = false;
    this.last = null;
    this.abort = new AbortController();
    this.legend();
    this.listen();
    this.sized = new ResizeObserver(() => this.resized());
    this.sized.observe(this.canvas.parentElement);
    this.set(Math.min(doc.begin, doc.length));
  }

  end() {
    this.abort.abort();
    this.sized.disconnect();
    cancelAnimationFrame(this.frame);
  }

  listen() {
    const on = (target, name, act) => target.addEventListener(name, act, { signal: this.abort.signal });
    const acts = {
      start: () => this.step(-this.doc.length),
      back: () => this.step(-(this.stepSize() || 10)),
      on: () => this.stepOn(),
      play: () => this.play(!this.playing),
      longest: () => this.longest(),
    };
    for (const button of this.root.querySelectorAll("button")) on(button, "click", acts[button.dataset.do]);
    on(this.time, "input", () => this.set(Number(this.time.value)));
    on(this.time, "change", () => this.say());
    on(this.find("[data-is=customer]"), "change", (event) => this.ask(event.target.value));
    on(this.canvas, "click", (event) => this.clicked(event));
    on(this.canvas, "keydown", (event) => this.key(event));
  }

  key(event) {
    const acts = {
      " ": () => this.play(!this.playing),
      ArrowLeft: () => this.step(-(this.stepSize() || 10)),
      ArrowRight: () => this.stepOn(),
      ArrowUp: () => this.walk(-1),
      ArrowDown: () => this.walk(1),
      Enter: () => this.longest(),
      "+": () => this.faster(1),
      "-": () => this.faster(-1),
    };
    if (!acts[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  }

  faster(by) {
    const speed = this.find("[data-is=speed]");
    speed.selectedIndex = Math.min(Math.max(speed.selectedIndex + by, 0), speed.options.length - 1);
  }

  stepSize() {
    return Number(this.find("[data-is=step]").value);
  }

  stepOn() {
    const size = this.stepSize();
    this.step(size || this.state.nextEvent() - this.state.t);
  }

  step(by) {
    this.play(false);
    this.set(this.state.t + by);
    this.say();
  }

  play(on) {
    if (on && this.state.t >= this.doc.length) this.set(Math.min(this.doc.begin, this.doc.length));
    this.playing = on;
    this.find("[data-do=play]").textContent = on ? "Pause" : "Play";
    this.last = null;
    if (on) this.tick();
    else this.say();
  }

  // Jump to an instant.
  set(t) {
    this.state.jump(Math.min(Math.max(t, 0), this.doc.length));
    this.show([], null);
  }

  tick() {
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame((now) => {
      const ms = this.last === null ? 16 : Math.min(now - this.last, 100);
      this.last = now;
      let ended = [];
      if (this.playing) {
        const speed = Number(this.find("[data-is=speed]").value);
        ended = this.state.go(Math.min(this.state.t + (ms / 100) * speed, this.doc.length));
      }
      this.show(ended, ms);
      if (this.playing && this.state.t >= this.doc.length) this.play(false);
      if (this.playing || this.moving) this.tick();
    });
  }

  show(ended, ms) {
    this.moving = this.picture.draw(ended, ms);
    this.find(".clock").textContent = clockOf(this.doc, this.state.t);
    this.time.value = this.state.t;
    this.time.setAttribute("aria-valuetext", clockOf(this.doc, this.state.t));
    this.showMetrics();
    this.dim();
  }

  resized() {
    if (Math.abs(this.canvas.parentElement.clientWidth - this.picture.width) < 1) return;
    this.picture.resize();
    this.show([], null);
  }

  // Running metrics: totals so far were computed beforehand, minute by minute.
  showMetrics() {
    const f = this.doc.frames;
    const k = Math.min(Math.floor(this.state.t / f.step), f.offered.length - 1);
    const counts = this.state.counts();
    const level = f.level[k];
    const rows = [
      ["Waiting now", this.state.waiting(false)],
      ["Agents free", counts[0]],
      ["Arrived so far", f.offered[k]],
      ["Answered so far", f.answered[k]],
      ["Abandoned or refused", f.left[k]],
      ["Service level so far", level === null ? "-" : `${(100 * level).toFixed(1)} %`],
    ];
    if (this.doc.queues.some((queue) => queue.bot)) {
      rows.splice(1, 0, ["In self-service", this.state.inSessions()]);
      rows.push(["Contained so far", f.contained[k]]);
    }
    if (this.doc.queues.some((queue) => queue.deferred)) rows.splice(1, 0, ["Deferred, open", this.state.waiting(true)]);
    this.now = rows;
    const list = this.find(".metrics");
    if (list.children.length !== rows.length) {
      list.replaceChildren(...rows.map(() => {
        const box = document.createElement("div");
        box.append(document.createElement("dt"), document.createElement("dd"));
        return box;
      }));
    }
    rows.forEach(([name, value], r) => {
      const [term, number] = list.children[r].children;
      if (term.textContent !== name) term.textContent = name;
      const words = typeof value === "number" ? value.toLocaleString("en") : value;
      if (number.textContent !== words) number.textContent = words;
    });
  }

  // Say the picture in words, when it stands still.
  say() {
    const agents = this.state.counts().map((n, s) => [n, this.doc.states_named[s][0]]);
    const busy = agents.filter(([n]) => n > 0).map(([n, name]) => `${n} ${name}`);
    const metrics = this.now.map(([name, value]) => `${name.toLowerCase()} ${value}`);
    const words = `${clockOf(this.doc, this.state.t)}: ${metrics.join(", ")}. Agents: ${busy.join(", ") || "none"}.`;
    this.find(".said").textContent = words;
    this.canvas.setAttribute("aria-label", `Queues and agents at ${words}`);
  }

  legend() {
    const items = this.doc.states_named.map(([name, letter], state) => {
      const mark = document.createElement("i");
      mark.textContent = letter;
      if (INK[state]) [mark.style.background, mark.style.color] = INK[state];
      else mark.style.border = "1.5px solid var(--watch-soft)";
      return [mark, `agent ${name}`];
    });
    const dots = [
      ["dot", DOT.wait, "waiting"],
      ["square", DOT.late, "waiting longer than the target"],
    ];
    if (this.doc.queues.some((queue) => queue.bot)) dots.push(["dot", DOT.bot, "in self-service"]);
    for (const [form, colour, name] of dots) {
      const mark = document.createElement("i");
      mark.className = form;
      mark.style.background = colour;
      items.push([mark, name]);
    }
    this.find(".legend").replaceChildren(...items.map(([mark, name]) => {
      const item = document.createElement("span");
      mark.setAttribute("aria-hidden", "true");
      item.append(mark, name);
      return item;
    }));
  }

  clicked(event) {
    const box = this.canvas.getBoundingClientRect();
    const leg = this.picture.hit(event.clientX - box.left, event.clientY - box.top);
    if (leg >= 0) this.showTimeline(this.doc.legs.issue[leg]);
  }

  longest() {
    const leg = this.state.longestWaiting();
    if (leg >= 0) this.showTimeline(this.doc.legs.issue[leg]);
    else this.heading("No contact is waiting at this moment.");
  }

  walk(by) {
    const there = [...new Set(this.state.present().map((leg) => this.doc.legs.issue[leg]))];
    if (!there.length) return;
    const at = there.indexOf(this.picture.chosen);
    this.showTimeline(there[at < 0 ? 0 : (at + by + there.length) % there.length]);
  }

  ask(typed) {
    const issue = Number(typed);
    if (this.doc.timelines.issue.includes(issue)) this.showTimeline(issue);
    else this.heading(`No customer ${typed} in this part; from ${this.doc.timelines.issue[0]} to ${this.doc.timelines.issue.at(-1)} there are ${this.doc.timelines.issue.length}.`);
  }

  heading(words) {
    this.find(".timeline h4").textContent = words;
    this.find(".timeline ol").replaceChildren();
    this.find(".said").textContent = words;
  }

  // Show the timeline of a customer, and mark it in the picture.
  showTimeline(issue) {
    const { first, at, text, span, texts } = this.doc.timelines;
    const k = this.doc.timelines.issue.indexOf(issue);
    this.picture.chosen = issue;
    this.find("[data-is=customer]").value = issue;
    this.heading(`Customer ${issue}`);
    const lines = [];
    for (let s = first[k]; s < first[k + 1]; s++) {
      const line = document.createElement("li");
      const when = document.createElement("b");
      when.textContent = clockOf(this.doc, at[s]);
      const words = document.createElement("span");
      words.textContent = texts[text[s]].replace("{span}", () => lengthOf(span[s]));
      line.dataset.at = at[s];
      line.append(when, words);
      lines.push(line);
    }
    this.find(".timeline ol").replaceChildren(...lines);
    const said = lines.map((line) => [...line.children].map((part) => part.textContent).join(" "));
    this.find(".said").textContent = `Customer ${issue}. ${said.join(" ")}`;
    this.dim();
    if (!this.playing) this.picture.paint();
  }

  // What has not happened yet is set apart.
  dim() {
    for (const line of this.find(".timeline ol").children) {
      line.classList.toggle("later", Number(line.dataset.at) > this.state.t);
    }
  }
}

export default function (component) {
  const place = component.parentElement;
  const doc = component.data;
  const root = place.querySelector(".watch");
  if (!root || !doc) return;
  if (place.watching && place.watching.root === root && place.watching.doc.mark === doc.mark) return;
  if (place.watching) place.watching.end();
  place.watching = new Watch(root, doc);
  return () => {
    if (place.watching) place.watching.end();
    place.watching = undefined;
  };
}
