'use strict';
(() => {
  const data = JSON.parse(document.getElementById('data').textContent);
  const $ = id => document.getElementById(id);
  const make = (tag, cls, text) => {
    const e = document.createElement(tag);
    if (cls) e.className = cls;
    if (text !== undefined) e.textContent = text;
    return e;
  };
  const laneWidth = () => matchMedia('(max-width: 60rem)').matches ? 34 : 52;
  let step = 0;            // how many steps have been taken
  let rows = [];           // what is shown: {line, li}

  function head() {
    document.title = data.property + ' in ' + data.scenario + ' · Lazaret';
    $('where').textContent = data.scenario + ' · design ' + data.design;
    $('headline').textContent = data.headline;
    $('statement').textContent = data.statement;
    for (const [name, value] of data.facts) {
      const div = make('div');
      div.append(make('dt', '', name), make('dd', '', value));
      $('facts').append(div);
    }
    $('beside').textContent = data.beside;
    for (const [first, then] of data.orders) {
      const li = make('li');
      li.append(make('code', '', first), make('b', '', 'before'), make('code', '', then));
      $('orders').append(li);
    }
    $('made').textContent = data.made;
    for (const lane of data.lanes) laneBox().append(make('span', '', lane));
  }

  function laneBox() {
    let box = $('lanes').querySelector('.box');
    if (!box) {
      box = make('div', 'box');
      $('lanes').append(make('span'), box, make('span'));
    }
    return box;
  }

  // ---- rows

  function shown() {
    const unfold = $('folded').checked;
    const out = [];
    for (const line of data.lines) {
      if (line.part || unfold) out.push(line);
      else if (out.length && out[out.length - 1].fold) out[out.length - 1].fold++;
      else out.push({ fold: 1, step: line.step, time: line.time });
    }
    return out;
  }

  function list() {
    $('rows').replaceChildren();
    let before = null;
    rows = shown().map((line, i) => {
      const li = make('li', (line.mark ? 'mark' : '') + (line.fold ? 'fold' : ''));
      li.id = 'row' + i;
      li.setAttribute('role', 'option');
      const time = make('span', 'time', line.time === before ? '' : line.time);
      if (line.mark) time.prepend(make('em', '', '(' + line.mark + ')'));
      before = line.time;
      const text = make('span', 'text');
      if (line.fold) text.textContent = '… ' + line.fold + (line.fold === 1 ? ' line' : ' lines') + ' without a part in it';
      else text.append(make('span', 'sr', line.lane + ': '), line.text);
      li.append(time, make('span', 'gap'), text);
      li.addEventListener('click', () => { go(line.step); $('rows').focus(); });
      $('rows').append(li);
      return { line, li };
    });
  }

  function current() {
    let at = 0;
    rows.forEach((r, i) => { if (r.line.step <= step) at = i; });
    return at;
  }

  // ---- wires: lanes, dots, arrows

  function draw() {
    const width = laneWidth();
    document.documentElement.style.setProperty('--lanes', width * data.lanes.length + 'px');
    const svg = $('wires');
    svg.replaceChildren();
    const box = svg.getBoundingClientRect();
    if (!rows.length) return;
    const gap = rows[0].li.querySelector('.gap').getBoundingClientRect();
    const x = lane => gap.left - box.left + width * (data.lanes.indexOf(lane) + .5);
    const y = r => { const b = r.li.getBoundingClientRect(); return b.top - box.top + Math.min(b.height / 2, 13); };
    for (const lane of data.lanes) add(svg, 'line', { x1: x(lane), x2: x(lane), y1: 0, y2: box.height, stroke: 'var(--lane)' });
    if ($('arrows').checked) arrows(svg, x, y);
    for (const r of rows) {
      if (r.line.fold) continue;
      add(svg, 'circle', { cx: x(r.line.lane), cy: y(r), r: r.line.mark ? 6 : 4.5,
        fill: r.line.mark ? 'var(--alarm)' : 'var(--dot)', opacity: r.line.step <= step ? 1 : .45 });
    }
  }

  function arrows(svg, x, y) {
    add(svg, 'defs', {}).innerHTML = '<marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse"'
      + ' orient="auto-start-reverse"><path d="M0 0 L8 4 L0 8 z" fill="var(--wire)"/></marker>';
    const first = new Map();
    const last = new Map();
    for (const r of rows) {
      if (r.line.fold) continue;
      if (!first.has(r.line.step)) first.set(r.line.step, r);
      last.set(r.line.step, r);
    }
    for (const [from, to] of data.arrows) {
      const a = last.get(from), b = first.get(to);
      if (!a || !b) continue;
      const x1 = x(a.line.lane), y1 = y(a), x2 = x(b.line.lane), y2 = y(b), side = Math.sign(x2 - x1);
      const near = to === step || from === step;
      add(svg, 'path', { d: `M${x1 + 6 * side} ${y1 + 2} C${x1 + 26 * side} ${y1 + 4} ${x2 - 26 * side} ${y2 - 4} ${x2 - 7 * side} ${y2 - 1}`,
        fill: 'none', stroke: 'var(--wire)', 'stroke-width': near ? 2.2 : 1.1, opacity: near ? 1 : .55, 'marker-end': 'url(#tip)' });
    }
  }

  function add(parent, tag, attributes) {
    const e = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const k in attributes) e.setAttribute(k, attributes[k]);
    parent.append(e);
    return e;
  }

  // ---- state

  function picture(n) {
    const state = new Map(Object.entries(data.first));
    for (let i = 0; i < n; i++) apply(state, data.changes[i]);
    return state;
  }

  function apply(state, change) {
    for (const key in change) {
      if (change[key] === null) state.delete(key);
      else state.set(key, change[key]);
    }
  }

  function panels() {
    const before = picture(Math.max(0, shownBefore()));
    const now = picture(step);
    const tables = new Map();
    for (const [key, value] of now) {
      const [panel, row] = key.split('\t');
      if (!tables.has(panel)) {
        const table = make('table');
        table.append(make('caption', '', panel), make('tbody'));
        tables.set(panel, table);
      }
      const tr = make('tr', before.get(key) === value ? '' : 'new');
      const th = make('th', '', row);
      th.scope = 'row';
      const td = make('td');
      if (tr.className && before.has(key)) td.append(make('s', '', before.get(key)));
      td.append(value);
      tr.append(th, td);
      tables.get(panel).lastChild.append(tr);
    }
    $('panels').replaceChildren(...tables.values());
    $('said').textContent = said(before, now);
  }

  /** Changes are those since the line before, or since the step before when one moved by steps. */
  function shownBefore() {
    const steps = rows.map(r => r.line.step).filter(s => s < step);
    return steps.length ? Math.max(...steps) : 0;
  }

  function said(before, now) {
    const changes = [];
    for (const [key, value] of now) {
      if (before.get(key) !== value) changes.push(key.replace('\t', ' ') + ': ' + (before.has(key) ? before.get(key) + ' → ' : '') + value);
    }
    if (!changes.length) return 'nothing changed here';
    return changes.length <= 3 ? changes.join('; ') : changes.slice(0, 2).join('; ') + '; and ' + (changes.length - 2) + ' more';
  }

  // ---- moving

  function go(to) {
    step = Math.max(0, Math.min(data.changes.length, to));
    $('scrub').value = step;
    const who = step ? data.steps[step - 1] : null;
    $('at').textContent = step + ' of ' + data.changes.length + (who ? ' · ' + who : '');
    const at = current();
    rows.forEach((r, i) => {
      r.li.setAttribute('aria-selected', i === at);
      r.li.classList.toggle('future', r.line.step > step);
    });
    $('rows').setAttribute('aria-activedescendant', 'row' + at);
    rows[at].li.scrollIntoView({ block: 'nearest' });
    panels();
    draw();
    pointer();
  }

  function move(by) {
    const at = Math.max(0, Math.min(rows.length - 1, current() + by));
    go(rows[at].line.step);
    if (current() !== at && by > 0 && at + 1 < rows.length) go(rows[at + 1].line.step);
  }

  function found() {
    const what = $('find').value.toLowerCase();
    let hits = [];
    for (const r of rows) {
      const hit = what && !r.line.fold && (r.line.lane + ': ' + r.line.text).toLowerCase().includes(what);
      r.li.classList.toggle('hit', Boolean(hit));
      if (hit) hits.push(r.line.step);
    }
    return hits;
  }

  function next() {
    const hits = found();
    if (hits.length) go(hits.find(s => s > step) ?? hits[0]);
  }

  function keys(event) {
    if (event.target.matches('input[type=search]')) {
      if (event.key === 'Enter') next();
      else if (event.key === 'Escape') { $('find').value = ''; found(); $('rows').focus(); }
      else return;
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input[type=range]')) return;
    const act = { ArrowDown: () => move(1), ArrowUp: () => move(-1), ArrowRight: () => go(step + 1), ArrowLeft: () => go(step - 1),
      Home: () => go(0), End: () => go(data.changes.length), '/': () => $('find').focus() }[event.key];
    if (act) { act(); event.preventDefault(); }
  }

  // ---- beside it

  function beside() {
    if (!data.passing) { $('pass').hidden = true; return; }
    $('shared').textContent = 'Both are the same until the line; from there on this one goes its own way, and nothing breaks.';
    data.passing.forEach((line, i) => {
      const apart = !line.same && (i === 0 || data.passing[i - 1].same);
      $('other').append(make('li', line.same ? 'same' : apart ? 'apart' : '', line.lane + ': ' + line.text));
    });
  }

  let now = null;
  function curve() {
    if (!data.curve) return;
    $('chance').hidden = false;
    $('late').textContent = data.late;
    const svg = add($('curve'), 'svg', { viewBox: '0 0 100 100', preserveAspectRatio: 'none', role: 'img', 'aria-label': data.late });
    add(svg, 'line', { x1: 0, x2: 100, y1: 99, y2: 99 });
    add(svg, 'line', { x1: 0, x2: 100, y1: 1, y2: 1 });
    const n = data.changes.length;
    add(svg, 'path', { d: data.curve.map(([s, share], i) => (i ? 'L' : 'M') + s * 100 / n + ' ' + (99 - 98 * share)).join(' ') });
    now = add(svg, 'line', { y1: 0, y2: 100, class: 'now' });
  }
  function pointer() {
    if (!now) return;
    const x = step * 100 / data.changes.length;
    now.setAttribute('x1', x);
    now.setAttribute('x2', x);
  }

  head();
  beside();
  curve();
  list();
  $('scrub').max = data.changes.length;
  $('scrub').addEventListener('input', e => go(Number(e.target.value)));
  $('find').addEventListener('input', found);
  $('arrows').addEventListener('change', draw);
  $('folded').addEventListener('change', () => { list(); draw(); go(step); });
  document.addEventListener('keydown', keys);
  addEventListener('resize', draw);
  draw();
  go(data.changes.length);
  scrollTo(0, 0);
})();
