// The viewer of a scene: up to four devices side by side with one pan and zoom for all, a row of
// faces, a slider for two. The page reads well without it: then all pictures stand in rows below.
(function () {
  "use strict";

  const geometry = window.piqaGeometry;
  const choice = window.piqaChoice;
  const panes = window.piqaPanes;
  const part = panes.part;
  const root = document.querySelector('[data-role="viewer"]');
  if (!root) return;
  const devices = JSON.parse(document.getElementById("viewer-data").textContent).devices;
  if (!devices.length) return;

  const STEP = 1.5; // of a key or button
  const CLOSE = 3; // of a double-click
  const MOVE = 0.12; // of a pane, by an arrow key
  const NARROW_PX = 900;
  const turns = Array.from(document.querySelectorAll(".turn a"));
  const state = choice.fromHash(devices, location.hash, window.innerWidth < NARROW_PX ? 2 : choice.MOST);
  const views = { picture: geometry.whole("picture"), face: geometry.whole("face") };
  const cards = [];
  let onFaces = false; // whether the slider is aligned on the faces
  let slider = null;
  const told = { timer: 0, shown: function () {} };

  function takeOf(seat) { return devices[seat.device].takes[seat.take]; }

  function boxOf(pane) { return { width: pane.clientWidth || 1, height: pane.clientHeight || 1 }; }

  function usable(take, row) {
    return Boolean(take && (take.full || take.thumb) && (row !== "face" || take.face));
  }

  // What is drawn in a row: panes with the takes in them, the slider's two layers among them.
  function seats(row) {
    const found = [];
    state.shown.forEach(function (seat, n) {
      const take = takeOf(seat);
      if (!usable(take, row)) return;
      if (state.slider) {
        if (n < 2 && row === stageRow()) found.push({ take: take, pane: slider.layers[n], box: boxOf(slider.stage) });
        return;
      }
      const pane = cards[n].querySelector('[data-row="' + row + '"]');
      found.push({ take: take, pane: pane, box: boxOf(pane) });
    });
    return found;
  }

  function stageRow() { return onFaces ? "face" : "picture"; }

  function resting(row) {
    const view = views[row];
    return row === "picture" ? view.zoom <= 1.001 : view.zoom === 1 && view.x === 0 && view.y === 0;
  }

  function say(name, value) { root.setAttribute(name, String(Math.round(value * 1000) / 1000)); }

  function paint() {
    ["picture", "face"].forEach(function (row) {
      const drawn = seats(row);
      if (drawn.length) views[row] = geometry.kept(row, drawn, views[row]);
      const view = views[row];
      drawn.forEach(function (seat) {
        const at = geometry.place(row, seat.take, seat.box, view);
        part(seat.pane, "image").style.transform =
          "translate(" + at.left.toFixed(2) + "px," + at.top.toFixed(2) + "px) scale(" + at.scale.toFixed(5) + ")";
        seat.pane.setAttribute("data-zoom", view.zoom.toFixed(3));
        seat.pane.setAttribute("data-x", view.x.toFixed(4));
        seat.pane.setAttribute("data-y", view.y.toFixed(4));
      });
      root.classList.toggle("zoomed-" + row, !resting(row));
    });
    say("data-zoom", views.picture.zoom);
    say("data-face-zoom", views.face.zoom);
    tellZoom();
  }

  function tellZoom() {
    const faces = root.classList.contains("with-faces") && !state.slider;
    const row = state.slider ? stageRow() : "picture";
    const text = views[row].zoom.toFixed(1) + "×" + (faces ? ", faces " + views.face.zoom.toFixed(1) + "×" : "");
    part(root, "zoom-shown").textContent = text;
    clearTimeout(told.timer);
    // Said once the zoom rests, not at every step of a wheel.
    told.timer = setTimeout(function () {
      if (part(root, "zoom-level").textContent !== "Zoom " + text) part(root, "zoom-level").textContent = "Zoom " + text;
    }, 300);
  }

  function zoom(row, factor, at) {
    const drawn = seats(row);
    if (!drawn.length) return;
    views[row] = geometry.zoomed(row, drawn[0].take, drawn[0].box, views[row], factor, at || { x: 0, y: 0 });
    paint();
  }

  function drag(row, dx, dy) {
    const drawn = seats(row);
    if (!drawn.length) return;
    views[row] = geometry.dragged(row, drawn[0].take, drawn[0].box, views[row], dx, dy);
    paint();
  }

  function reset(rows) {
    rows.forEach(function (row) { views[row] = geometry.whole(row); });
    paint();
  }

  function gesturesOf(row, pane) {
    window.piqaGestures(pane, {
      zoom: function (factor, at) { zoom(row, factor, anchored(row, pane, at)); },
      drag: function (dx, dy) { const by = anchored(row, pane, { x: dx, y: dy }); drag(row, by.x, by.y); },
      toggle: function (at) { return resting(row) ? zoom(row, CLOSE, anchored(row, pane, at)) : reset([row]); },
      atLeast: function () { return resting(row); },
    });
  }

  // A point of one pane as the point of the row's first pane that shows the same: views are kept in
  // terms of that one, and pictures of different shapes differ in scale.
  function anchored(row, pane, at) {
    const drawn = seats(row);
    const own = drawn.find(function (seat) { return seat.pane === pane; });
    if (!own || !drawn.length) return at;
    const here = geometry.place(row, own.take, own.box, views[row]);
    const first = geometry.place(row, drawn[0].take, drawn[0].box, views[row]);
    const unit = function (seat, name) { return row === "face" ? seat.take.face[2] * seat.take.height : seat.take[name]; };
    return {
      x: (at.x * first.scale * unit(drawn[0], "width")) / (here.scale * unit(own, "width")),
      y: (at.y * first.scale * unit(drawn[0], "height")) / (here.scale * unit(own, "height")),
    };
  }

  const handlers = {
    device: function (place, n) { state.shown = choice.seated(state.shown, place, n); change(); },
    step: function (place, by) { handlers.device(place, choice.neighbour(devices, state.shown, place, by)); },
    take: function (place, by) {
      const seat = state.shown[place];
      const count = devices[seat.device].takes.length;
      if (count) seat.take = (seat.take + by + count) % count;
      change();
    },
    remove: function (place) {
      state.shown.splice(place, 1);
      change();
      part(cards[Math.min(place, state.shown.length - 1)], "device").focus();
    },
  };

  function show(device) {
    const there = state.shown.some(function (seat) { return seat.device === device; });
    if (there) return;
    if (state.shown.length === choice.MOST) state.shown.pop();
    state.shown.push({ device: device, take: 0 });
    change();
  }

  function change() {
    if (state.slider) state.shown = choice.filled(devices, state.shown, 2);
    // A page within a single file may have no address of its own.
    try { history.replaceState(null, "", choice.toHash(devices, state, true)); } catch (refused) { /* kept in the page alone */ }
    render();
  }

  function render() {
    const list = part(root, "panes");
    state.shown.forEach(function (seat, n) {
      if (!cards[n]) {
        cards[n] = panes.make(part(root, "pane-template"), devices, n, handlers);
        cards[n].querySelectorAll('[data-role="pane"]').forEach(function (pane) {
          gesturesOf(pane.getAttribute("data-row"), pane);
        });
      }
      if (cards[n].parentNode !== list) list.appendChild(cards[n]);
      panes.update(cards[n], devices[seat.device], seat, state.shown.length === 1);
      cards[n].hidden = state.slider && n > 1;
    });
    cards.slice(state.shown.length).forEach(function (card) { card.remove(); });
    const faces = state.shown.some(function (seat) { return usable(takeOf(seat), "face"); });
    root.classList.toggle("with-faces", faces);
    list.style.setProperty("--panes", String(state.slider ? 2 : state.shown.length));
    root.style.setProperty("--aspect", aspect());
    renderSlider();
    part(root, "add").disabled = state.slider || state.shown.length === Math.min(choice.MOST, devices.length);
    turns.forEach(function (link) { if (link.getAttribute("href").charAt(0) !== "#") link.hash = choice.toHash(devices, state, false); });
    told.shown(state.shown);
    paint();
  }

  function renderSlider() {
    const two = state.shown.slice(0, 2);
    const both = two.every(function (seat) { return usable(takeOf(seat), "face"); });
    if (!both) onFaces = false;
    root.setAttribute("data-mode", state.slider ? "slider" : "panes");
    part(root, "slider").hidden = !state.slider;
    part(root, "slider-mode").setAttribute("aria-pressed", String(state.slider));
    part(root, "on-faces").hidden = !state.slider;
    part(root, "on-faces").disabled = !both;
    part(root, "on-faces").setAttribute("aria-pressed", String(onFaces));
    if (!state.slider) return;
    slider.update(two.map(takeOf), two.map(function (seat) { return devices[seat.device].name; }), stageRow());
  }

  // The first picture's shape decides that of the panes.
  function aspect() {
    const take = state.shown.map(takeOf).find(function (one) { return one; });
    return take ? Math.max(0.6, Math.min(1.8, take.width / take.height)).toFixed(3) : "1";
  }

  function setSlider(on) {
    const within = slider.stage.parentNode.contains(document.activeElement);
    state.slider = on;
    change();
    if (on) part(root, "line").focus({ preventScroll: true });
    else if (within) part(root, "slider-mode").focus({ preventScroll: true });
  }

  window.piqaViewer = {
    root: root, devices: devices, state: state, turns: turns, handlers: handlers, part: part,
    STEP: STEP, MOVE: MOVE,
    zoom: zoom, drag: drag, reset: reset, resting: resting, show: show, paint: paint,
    stageRow: stageRow, setSlider: setSlider, boxOf: boxOf,
    add: function () { state.shown = choice.filled(devices, state.shown, state.shown.length + 1); change(); },
    whenShown: function (tell) { told.shown = tell; tell(state.shown); },
    alignFaces: function (on) { onFaces = on; render(); },
  };
  slider = window.piqaSlider(part(root, "slider"), {
    zoom: function (factor, at) { zoom(stageRow(), factor, at); },
    drag: function (dx, dy) { drag(stageRow(), dx, dy); },
    toggle: function (at) { return resting(stageRow()) ? zoom(stageRow(), CLOSE, at) : reset([stageRow()]); },
    atLeast: function () { return resting(stageRow()); },
    canDrag: function () { return !resting(stageRow()); },
  });
  root.hidden = false;
  render();
  new ResizeObserver(paint).observe(part(root, "panes"));
  new ResizeObserver(paint).observe(slider.stage);
  window.addEventListener("hashchange", function () {
    const linked = choice.placeOf(devices, location.hash.replace(/^#/, ""));
    if (linked >= 0) { show(linked); return; }
    if (location.hash.indexOf("#show=") !== 0) return;
    const next = choice.fromHash(devices, location.hash, state.shown.length);
    state.shown = next.shown;
    state.slider = next.slider;
    render();
  });
})();
