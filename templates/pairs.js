// Any two devices, scene by scene. All that can be said of a pair over several scenes comes from
// the page's data, which has it from the pairs table; only gaps within single scenes are computed.
(function () {
  "use strict";

  var block = document.getElementById("pair-data");
  if (!block) return;
  var data = JSON.parse(block.textContent);
  var panel = document.getElementById("panel");
  var selects = [document.getElementById("device-a"), document.getElementById("device-b")];
  var said = document.getElementById("said");
  var drawn = document.getElementById("drawn");
  var places = {};
  data.devices.forEach(function (device, place) { places[device[0]] = place; });
  var SLUG = 0, LABEL = 1, RANKS = 2, LEAGUE = 3, PAGE = 4;
  var MINUS = "\u2212", NONE = "\u2014", INSET = 3;

  // Numbers as the other pages write them.
  function rounded(value) {
    var size = Math.abs(value);
    var whole = Math.floor(size * 100);
    // Exact halves go to the even neighbour, as everywhere else; toFixed would go up.
    if ((size * 8) % 2 === 1) return ((whole + (whole % 2)) / 100).toFixed(2);
    return size.toFixed(2);
  }
  function signed(value) {
    if (value === null) return NONE;
    var text = rounded(value);
    return Number(text) === 0 ? text : (value < 0 ? MINUS : "+") + text;
  }
  function span(low, high) { return low === null ? NONE : signed(low) + " to " + signed(high); }
  function counted(n, noun) { return n + " " + noun + (n === 1 ? "" : "s"); }

  function element(tag, className, text) {
    var made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function link(href, text) {
    var made = element("a");
    made.href = href;
    made.appendChild(element("bdi", "", text));
    return made;
  }

  // A pair under one condition, said of device a; null: there is no such pair.
  function pairOf(condition, a, b) {
    var found = data.pairs[condition][a][b];
    var cell = found || data.pairs[condition][b][a];
    if (!cell) return null;
    var turn = found ? 1 : -1;
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
    var ahead = !pair || pair.difference >= 0;
    var oriented = pair && (kind === "clear" || kind === "small") && !ahead;
    var low = pair && (oriented ? -pair.high : pair.low);
    var high = pair && (oriented ? -pair.low : pair.high);
    var words = {
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
    var line = element("p", "verdict-line " + kind);
    data.sentences[kind].split(/(\{\w+\})/).forEach(function (part) {
      var name = part.slice(1, -1);
      if (part[0] !== "{") line.appendChild(document.createTextNode(part));
      else if (/^(a|b|winner|loser)$/.test(name)) line.appendChild(element("bdi", "", words[name]));
      else line.appendChild(document.createTextNode(words[name]));
    });
    return line;
  }

  // Scenes that both have; intervals from the noise between takes.
  function gaps(a, b) {
    return data.scenes.filter(function (scene) { return scene[4][a] && scene[4][b]; }).map(function (scene) {
      var gap = scene[3][a] - scene[3][b];
      var half = data.noise === null ? null : data.noise * Math.sqrt(1 / scene[4][a] + 1 / scene[4][b]);
      return {
        title: scene[0], href: scene[1], condition: scene[2], gap: gap,
        low: half === null ? null : gap - half,
        high: half === null ? null : gap + half
      };
    });
  }

  function sceneWords(row) {
    var side = row.gap > data.tie ? "ahead" : row.gap < -data.tie ? "behind" : "tie";
    var clear = side !== "tie" && row.low !== null && (row.low > 0 || row.high < 0);
    return (clear ? "clearly " : "") + side;
  }

  // Charts like those of the other pages: positions in percent, coloured by the style sheet.
  function svg(tag, attributes) {
    var made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    Object.keys(attributes).forEach(function (name) { made.setAttribute(name, attributes[name]); });
    return made;
  }

  function axisOf(rows) {
    var most = 1e-6;
    rows.forEach(function (row) {
      [row.gap, row.low, row.high].forEach(function (end) {
        if (end !== null) most = Math.max(most, Math.abs(end));
      });
    });
    var power = Math.pow(10, Math.floor(Math.log10(most / 2)));
    var step = [1, 2, 2.5, 5, 10].map(function (n) { return n * power; }).find(function (n) { return 2 * n >= most * 0.999; });
    function at(value) { return (INSET + (100 - 2 * INSET) * (value / (4 * step) + 0.5)).toFixed(2) + "%"; }
    return { at: at, ticks: [-2, -1, 0, 1, 2].map(function (n) { return n * step; }) };
  }

  function axisRow(axis) {
    var made = svg("svg", { class: "axis", height: "14", "aria-hidden": "true" });
    axis.ticks.forEach(function (tick) {
      var text = svg("text", { x: axis.at(tick), y: "12", "text-anchor": "middle" });
      text.textContent = tick === 0 ? "0" : (tick < 0 ? MINUS : "+") + String(Number(Math.abs(tick).toPrecision(3)));
      made.appendChild(text);
    });
    return made;
  }

  function chart(axis, row, label) {
    var made = svg("svg", { class: "row", role: "img", "aria-label": label });
    axis.ticks.forEach(function (tick) {
      made.appendChild(svg("line", { class: tick === 0 ? "zero" : "grid", x1: axis.at(tick), x2: axis.at(tick), y1: "0", y2: "100%" }));
    });
    if (row.low !== null) made.appendChild(svg("line", { class: "ci", x1: axis.at(row.low), x2: axis.at(row.high), y1: "50%", y2: "50%" }));
    made.appendChild(svg("circle", { class: "dot", cx: axis.at(row.gap), cy: "50%", r: "4.5" }));
    return made;
  }

  function table(heads, axis, rows, label) {
    var frame = element("div", "scroll");
    var made = element("table", "board" + (rows.length > 12 ? " dense" : ""));
    made.setAttribute("aria-label", label);
    frame.tabIndex = 0; // so that keys can scroll it
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", label);
    var line = made.createTHead().insertRow();
    heads.forEach(function (head) {
      var cell = element("th", head[1], head[0]);
      cell.scope = "col";
      if (head[1] === "c-chart") cell.replaceChildren(element("span", "unseen", head[0]), axisRow(axis));
      line.appendChild(cell);
    });
    var body = made.createTBody();
    rows.forEach(function (cells) {
      var row = body.insertRow();
      cells.forEach(function (content, place) {
        var cell = element(place === 0 ? "th" : "td", heads[place][1]);
        if (place === 0) cell.scope = "row";
        cell.append(content);
        row.appendChild(cell);
      });
    });
    frame.appendChild(made);
    return frame;
  }

  function conditionTable(a, b) {
    var found = data.conditions.map(function (name, place) { return [name || "All conditions", pairOf(place, a, b)]; })
      .filter(function (item) { return item[1] && item[1].n; });
    if (data.conditions.length < 2 || !found.length) return null;
    var rows = found.map(function (item) { return { gap: item[1].difference, low: item[1].low, high: item[1].high }; });
    var axis = axisOf(rows);
    return table(
      [["Scenes of", ""], ["Difference with 95 % interval", "c-chart"], ["Difference", "num strong"], ["95 % interval", "num"], ["Wins / ties / losses", "num"], ["Verdict", "say"]],
      axis,
      found.map(function (item, place) {
        var pair = item[1];
        var interval = span(pair.low, pair.high);
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
    var rows = gaps(a, b);
    if (!rows.length) return null;
    var axis = axisOf(rows);
    return table(
      [["Scene", ""], ["Difference with 95 % interval", "c-chart"], ["Difference", "num strong"], ["95 % interval", "num"], ["First device", "say"]],
      axis,
      rows.map(function (row) {
        var interval = span(row.low, row.high);
        var title = link(row.href + "#show=" + data.devices[a][SLUG] + "," + data.devices[b][SLUG], row.title);
        return [title, chart(axis, row, row.title + ": " + signed(row.gap) + ", 95 % interval " + interval), signed(row.gap), interval, sceneWords(row)];
      }),
      "Difference by scene"
    );
  }

  function stats(pair) {
    var list = element("ul", "stats");
    function add(value, words) {
      var item = element("li");
      item.append(element("b", "", value), " " + words);
      list.appendChild(item);
    }
    add(signed(pair.difference), data.unit + ", first minus second");
    add(pair.low === null ? NONE : span(pair.low, pair.high), "95 % interval");
    add(pair.wins + " / " + pair.ties + " / " + pair.losses, "wins / ties / losses by scene");
    if (pair.preference !== null) add(pair.preference + " %", data.preferred + " for the first");
    if (pair.p) add(pair.holm, "p by Holm (" + pair.p + " alone)");
    return list;
  }

  function show() {
    var a = selects[0].selectedIndex, b = selects[1].selectedIndex;
    var one = data.devices[a], other = data.devices[b];
    said.replaceChildren();
    drawn.replaceChildren();
    var pair = a === b ? null : pairOf(0, a, b);
    var kind = a === b ? "same"
      : one[LEAGUE] === null || other[LEAGUE] === null ? "unscored"
      : !pair ? "leagues" : pair.kind;
    said.appendChild(sentence(kind, a, b, pair));
    if (!pair) return;
    if (pair.n) drawn.appendChild(stats(pair));
    var note = pair.note || (pair.tested ? "" : data.untested);
    if (note) drawn.appendChild(element("p", "note", note));
    var ranks = element("p", "note");
    ranks.append(link(one[PAGE], one[LABEL]), " ranks " + one[RANKS] + ", ", link(other[PAGE], other[LABEL]), " " + other[RANKS] + ".");
    drawn.appendChild(ranks);
    [[conditionTable(a, b), "By condition"], [sceneTable(a, b), "Scene by scene"]].forEach(function (part) {
      if (part[0]) drawn.append(element("h3", "", part[1]), part[0]);
    });
  }

  function choose(a, b) {
    selects[0].selectedIndex = a;
    selects[1].selectedIndex = b;
    show();
  }

  function fromAddress() {
    var wanted = {};
    location.hash.slice(1).split("&").forEach(function (part) {
      var place = places[part.slice(2)];
      if (place !== undefined) wanted[part.slice(0, 2)] = place;
    });
    var a = wanted["a="], b = wanted["b="];
    if (a === undefined) a = b === 0 ? 1 : 0;
    if (b === undefined) b = data.rival !== null && data.rival !== a ? data.rival : a + 1 < data.devices.length ? a + 1 : a - 1;
    choose(a, b);
    return location.hash.length > 1;
  }

  function toAddress() {
    var hash = "#a=" + data.devices[selects[0].selectedIndex][SLUG] + "&b=" + data.devices[selects[1].selectedIndex][SLUG];
    history.replaceState(null, "", hash);
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
