// What the pair page writes and draws: numbers, links, charts and tables like those of other pages.
(function () {
  "use strict";

  const MINUS = "\u2212", NONE = "\u2014", INSET = 3;

  // Numbers as the other pages write them.
  function rounded(value) {
    const size = Math.abs(value);
    const whole = Math.floor(size * 100);
    // Exact halves go to the even neighbour, as everywhere else; toFixed would go up.
    if ((size * 8) % 2 === 1) return ((whole + (whole % 2)) / 100).toFixed(2);
    return size.toFixed(2);
  }
  function signed(value) {
    if (value === null) return NONE;
    const text = rounded(value);
    return Number(text) === 0 ? text : (value < 0 ? MINUS : "+") + text;
  }
  function span(low, high) { return low === null ? NONE : signed(low) + " to " + signed(high); }
  function counted(n, noun) { return n + " " + noun + (n === 1 ? "" : "s"); }

  function element(tag, className, text) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  }

  function link(href, text) {
    const made = element("a");
    made.href = href;
    made.appendChild(element("bdi", "", text));
    return made;
  }

  // Charts like those of the other pages: positions in percent, coloured by the style sheet.
  function svg(tag, attributes) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
    Object.keys(attributes).forEach(function (name) { made.setAttribute(name, attributes[name]); });
    return made;
  }

  function axisOf(rows) {
    let most = 1e-6;
    rows.forEach(function (row) {
      [row.gap, row.low, row.high].forEach(function (end) {
        if (end !== null) most = Math.max(most, Math.abs(end));
      });
    });
    const power = Math.pow(10, Math.floor(Math.log10(most / 2)));
    const step = [1, 2, 2.5, 5, 10].map(function (n) { return n * power; }).find(function (n) { return 2 * n >= most * 0.999; });
    function at(value) { return (INSET + (100 - 2 * INSET) * (value / (4 * step) + 0.5)).toFixed(2) + "%"; }
    return { at: at, ticks: [-2, -1, 0, 1, 2].map(function (n) { return n * step; }) };
  }

  function axisRow(axis) {
    const made = svg("svg", { class: "axis", height: "14", "aria-hidden": "true" });
    axis.ticks.forEach(function (tick) {
      const text = svg("text", { x: axis.at(tick), y: "12", "text-anchor": "middle" });
      text.textContent = tick === 0 ? "0" : (tick < 0 ? MINUS : "+") + String(Number(Math.abs(tick).toPrecision(3)));
      made.appendChild(text);
    });
    return made;
  }

  function chart(axis, row, label) {
    const made = svg("svg", { class: "row", role: "img", "aria-label": label });
    axis.ticks.forEach(function (tick) {
      made.appendChild(svg("line", { class: tick === 0 ? "zero" : "grid", x1: axis.at(tick), x2: axis.at(tick), y1: "0", y2: "100%" }));
    });
    if (row.low !== null) made.appendChild(svg("line", { class: "ci", x1: axis.at(row.low), x2: axis.at(row.high), y1: "50%", y2: "50%" }));
    made.appendChild(svg("circle", { class: "dot", cx: axis.at(row.gap), cy: "50%", r: "4.5" }));
    return made;
  }

  function table(heads, axis, rows, label) {
    const frame = element("div", "scroll");
    const made = element("table", "board" + (rows.length > 12 ? " dense" : ""));
    made.setAttribute("aria-label", label);
    frame.tabIndex = 0; // so that keys can scroll it
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", label);
    const line = made.createTHead().insertRow();
    heads.forEach(function (head) {
      const cell = element("th", head[1], head[0]);
      cell.scope = "col";
      if (head[1] === "c-chart") cell.replaceChildren(element("span", "unseen", head[0]), axisRow(axis));
      line.appendChild(cell);
    });
    const body = made.createTBody();
    rows.forEach(function (cells) {
      const row = body.insertRow();
      cells.forEach(function (content, place) {
        const cell = element(place === 0 ? "th" : "td", heads[place][1]);
        if (place === 0) cell.scope = "row";
        cell.append(content);
        row.appendChild(cell);
      });
    });
    frame.appendChild(made);
    return frame;
  }

  window.piqaDraw = {
    rounded: rounded, signed: signed, span: span, counted: counted,
    element: element, link: link, axisOf: axisOf, chart: chart, table: table,
  };
})();
