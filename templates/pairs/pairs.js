// Any two devices, scene by scene. All that can be said of a pair over several scenes comes from
// the page's data, which has it from the pairs table; only gaps within single scenes are computed.
(function () {
  "use strict";

  const draw = window.piqaDraw;
  const rounded = draw.rounded, signed = draw.signed, span = draw.span, counted = draw.counted;
  const element = draw.element, link = draw.link, chart = draw.chart, table = draw.table;
  const block = document.getElementById("pair-data");
  if (!block) return;
  const data = JSON.parse(block.textContent);
  const panel = document.getElementById("panel");
  const selects = [document.getElementById("device-a"), document.getElementById("device-b")];
  const said = document.getElementById("said");
  const drawn = document.getElementById("drawn");
  const places = {};
  data.devices.forEach(function (device, place) { places[device[0]] = place; });
  const SLUG = 0, LABEL = 1, RANKS = 2, LEAGUE = 3, PAGE = 4;
  const LEAST_FAULT = 0.1; // smaller differences of a fault's cost explain nothing

  // A pair under one condition, said of device a; null: there is no such pair.
  function pairOf(condition, a, b) {
    const found = data.pairs[condition][a][b];
    const cell = found || data.pairs[condition][b][a];
    if (!cell) return null;
    const turn = found ? 1 : -1;
    function at(place) { return cell[place] === null ? null : (turn * cell[place]) / 100; }
    return {
      n: cell[0],
      difference: at(1),
      low: found ? at(2) : at(3),
      high: found ? at(3) : at(2),
      wins: found ? cell[4] : cell[6],
      ties: cell[5],
      losses: found ? cell[6] : cell[4],
      preference: cell[7] === null ? null : found ? cell[7] : 100 - cell[7],
      kind: data.kinds[cell[8]],
      short: data.short[cell[8]],
      tested: cell.length > 9,
      note: cell[9] || "",
      p: cell[10],
      holm: cell[11]
    };
  }

  // One of the page's sentences with its gaps filled; names keep their own direction.
  function sentence(kind, a, b, pair) {
    const ahead = !pair || pair.difference >= 0;
    const oriented = pair && (kind === "clear" || kind === "small") && !ahead;
    const low = pair && (oriented ? -pair.high : pair.low);
    const high = pair && (oriented ? -pair.low : pair.high);
    const words = {
      a: data.devices[a][LABEL],
      b: data.devices[b][LABEL],
      winner: data.devices[ahead ? a : b][LABEL],
      loser: data.devices[ahead ? b : a][LABEL],
      gap: pair ? rounded(pair.difference || 0) : "",
      low: pair ? signed(low) : "",
      high: pair ? signed(high) : "",
      scenes: pair ? counted(pair.n, "shared scene") : "",
      unit: data.unit,
      tie: data.tie_text
    };
    const line = element("p", "verdict-line " + kind);
    data.sentences[kind].split(/(\{\w+\})/).forEach(function (part) {
      const name = part.slice(1, -1);
      if (part[0] !== "{") line.appendChild(document.createTextNode(part));
      else if (/^(a|b|winner|loser)$/.test(name)) line.appendChild(element("bdi", words[name].length > 24 ? "" : "whole", words[name]));
      else line.appendChild(document.createTextNode(words[name]));
    });
    return line;
  }

  // Scenes that both have; intervals from the noise between takes.
  function gaps(a, b) {
    return data.scenes.filter(function (scene) { return scene[4][a] && scene[4][b]; }).map(function (scene) {
      const gap = scene[3][a] - scene[3][b];
      const half = data.noise === null ? null : data.noise * Math.sqrt(1 / scene[4][a] + 1 / scene[4][b]);
      return {
        title: scene[0], href: scene[1], condition: scene[2], gap: gap,
        low: half === null ? null : gap - half,
        high: half === null ? null : gap + half
      };
    });
  }

  function sceneWords(row) {
    const side = row.gap > data.tie ? "ahead" : row.gap < -data.tie ? "behind" : "tie";
    const clear = side !== "tie" && row.low !== null && (row.low > 0 || row.high < 0);
    return (clear ? "clearly " : "") + side;
  }

  function conditionTable(a, b) {
    const found = data.conditions.map(function (name, place) { return [name || "All conditions", pairOf(place, a, b)]; })
      .filter(function (item) { return item[1] && item[1].difference !== null; });
    if (data.conditions.length < 2 || !found.length) return null;
    const rows = found.map(function (item) { return { gap: item[1].difference, low: item[1].low, high: item[1].high }; });
    const axis = draw.axisOf(rows);
    return table(
      [["Scenes of", ""], ["Difference with 95 % interval", "c-chart"], ["Difference", "num strong"], ["95 % interval", "num"], ["Wins / ties / losses", "num"], ["Verdict", "say"]],
      axis,
      found.map(function (item, place) {
        const pair = item[1];
        const interval = span(pair.low, pair.high);
        return [
          item[0], chart(axis, rows[place], item[0] + ": " + signed(pair.difference) + ", 95 % interval " + interval),
          signed(pair.difference), interval, pair.wins + " / " + pair.ties + " / " + pair.losses,
          pair.short.replace("{side}", pair.difference > 0 ? "better" : "worse")
        ];
      }),
      "Difference by condition"
    );
  }

  function sceneTable(a, b) {
    const rows = gaps(a, b);
    if (!rows.length) return null;
    const axis = draw.axisOf(rows);
    const known = data.noise !== null, conditions = rows.some(function (row) { return row.condition; });
    const heads = [["Scene", ""], ["Difference with 95 % interval", "c-chart"], ["Difference", "num strong"]];
    if (known) heads.push(["95 % interval", "num"]);
    heads.push(["First device", "say"]);
    if (conditions) heads.push(["Condition", "quiet c-condition"]);
    const body = rows.map(function (row) {
      const interval = span(row.low, row.high);
      const seen = scenePage(row, a, b);
      const cells = [seen, chart(axis, row, row.title + ": " + signed(row.gap) + ", 95 % interval " + interval), signed(row.gap)];
      if (known) cells.push(interval);
      cells.push(sceneWords(row));
      if (conditions) cells.push(element("bdi", "", row.condition));
      return cells;
    });
    return table(heads, axis, body, "Difference by scene");
  }

  // The scene with these two side by side.
  function scenePage(row, a, b) {
    return link(row.href + "#show=" + data.devices[a][SLUG] + "," + data.devices[b][SLUG], row.title);
  }

  function stats(pair) {
    const list = element("ul", "stats");
    function add(value, words) {
      const item = element("li");
      item.append(element("b", "", value), " " + words);
      list.appendChild(item);
    }
    add(signed(pair.difference), data.unit + ", first minus second");
    add(span(pair.low, pair.high), "95 % interval");
    add(pair.wins + " / " + pair.ties + " / " + pair.losses, "wins / ties / losses by scene");
    if (pair.preference !== null) add(pair.preference + " %", data.preferred + " for the first");
    return list;
  }

  function show() {
    const a = selects[0].selectedIndex, b = selects[1].selectedIndex;
    const one = data.devices[a], other = data.devices[b];
    said.replaceChildren();
    drawn.replaceChildren();
    const pair = a === b ? null : pairOf(0, a, b);
    const kind = a === b ? "same"
      : one[LEAGUE] === null || other[LEAGUE] === null ? "unscored"
      : !pair ? "leagues" : pair.kind;
    said.appendChild(sentence(kind, a, b, pair));
    if (!pair) return;
    if (pair.difference !== null) drawn.appendChild(stats(pair));
    const note = pair.note || (pair.tested ? "" : data.untested);
    if (note) drawn.appendChild(element("p", "note", note));
    if (pair.p) drawn.appendChild(element("p", "note", "Wilcoxon signed-rank over the scenes: p = " + pair.holm + " by Holm, " + pair.p + " alone."));
    const ranks = element("p", "note");
    ranks.append(link(one[PAGE], one[LABEL]), " ranks " + one[RANKS] + ", ", link(other[PAGE], other[LABEL]), " " + other[RANKS] + ".");
    drawn.appendChild(ranks);
    const faults = faultLine(a, b);
    if (faults) drawn.appendChild(faults);
    [[conditionTable(a, b), "By condition"], [sceneTable(a, b), "Scene by scene"]].forEach(function (part) {
      if (part[0]) drawn.append(element("h3", "", part[1]), part[0]);
    });
  }

  // By which faults the two differ, the larger differences first; null: not known, or none counts.
  function faultLine(a, b) {
    const costs = data.faults && data.faults.costs;
    if (!costs || !costs[a] || !costs[b]) return null;
    const gaps = data.faults.words.map(function (words, place) { return [(costs[a][place] - costs[b][place]) / 100, words]; })
      .filter(function (item) { return Math.abs(item[0]) >= LEAST_FAULT; })
      .sort(function (one, other) { return Math.abs(other[0]) - Math.abs(one[0]); })
      .slice(0, 4);
    function named(sign) {
      return gaps.filter(function (item) { return item[0] * sign > 0; })
        .map(function (item) { return item[1] + " (" + rounded(Math.abs(item[0])) + ")"; }).join(", ");
    }
    const line = element("p", "note"), more = named(1), less = named(-1);
    if (!more && !less) return null;
    [[a, more], [b, less]].filter(function (item) { return item[1]; }).forEach(function (item, place) {
      line.append(place ? "; " : "By the model, ", element("bdi", "", data.devices[item[0]][LABEL]), " loses more by " + item[1]);
    });
    line.append(".");
    return line;
  }

  function choose(a, b) {
    selects[0].selectedIndex = a;
    selects[1].selectedIndex = b;
    show();
  }

  function fromAddress() {
    const wanted = {};
    location.hash.slice(1).split("&").forEach(function (part) {
      const place = places[part.slice(2)];
      if (place !== undefined) wanted[part.slice(0, 2)] = place;
    });
    let a = wanted["a="], b = wanted["b="];
    if (a === undefined) a = b === 0 ? 1 : 0;
    if (b === undefined) b = data.rival !== null && data.rival !== a ? data.rival : a + 1 < data.devices.length ? a + 1 : a - 1;
    choose(a, b);
    return location.hash.length > 1;
  }

  function toAddress() {
    const hash = "#a=" + data.devices[selects[0].selectedIndex][SLUG] + "&b=" + data.devices[selects[1].selectedIndex][SLUG];
    try { history.replaceState(null, "", hash); } catch (error) { /* a page without an address */ }
    show();
  }

  selects.forEach(function (select) { select.addEventListener("change", toAddress); });
  document.getElementById("swap").addEventListener("click", function () {
    choose(selects[1].selectedIndex, selects[0].selectedIndex);
    toAddress();
  });
  window.addEventListener("hashchange", function () {
    if (fromAddress()) panel.scrollIntoView();
  });
  panel.hidden = false;
  fromAddress();
})();
