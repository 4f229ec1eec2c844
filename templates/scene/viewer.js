// The viewer of a scene: up to four devices side by side with one pan and zoom for all, a row of
// faces, a slider for two, at three scales: whole pictures, 100 %, equal faces. The page reads well without it: then all pictures stand in rows below.
(function () {
  "use strict";

  const geometry = window.piqaGeometry;
  const choice = window.piqaChoice;
  const panes = window.piqaPanes;
  const pixels = window.piqaPixels;
  const differs = window.piqaDiffers;
  const part = panes.part;
  const root = document.querySelector('[data-role="viewer"]');
  if (!root) return;
  const data = JSON.parse(document.getElementById("viewer-data").textContent);
  const devices = data.devices;
  if (!devices.length) return;

  const STEP = 1.5; // of a key or button
  const CLOSE = 3; // of a double-click
  const MOVE = 0.12; // of a pane, by an arrow key
  const NARROW_PX = 900;
  const turns = Array.from(document.querySelectorAll(".turn a"));
  const state = choice.fromHash(devices, location.hash, window.innerWidth < NARROW_PX ? 2 : choice.MOST);
  const KINDS = { fit: "picture", true: "true", face: "face" }; // of views, by the chosen scale
  const views = {
    picture: geometry.whole("picture"), face: geometry.whole("face"),
    true: geometry.whole("true", state.spot),
  };
  const cards = [];
  let slider = null;
  const told = { timer: 0, address: 0, shown: function () {}, painted: [] };

  function takeOf(seat) { return devices[seat.device].takes[seat.take]; }

  function boxOf(pane) { return { width: pane.clientWidth || 1, height: pane.clientHeight || 1 }; }

  // The kind of view that a row of panes shows.
  function kindOf(row) { return row === "face" ? "face" : KINDS[state.scale]; }

  function usable(take, row) {
    return Boolean(take && (take.full || take.thumb) && (kindOf(row) !== "face" || take.face));
  }

  // What is drawn in a row: panes with the takes in them, the slider's two layers among them.
  function seats(row) {
    const found = [];
    if (row === "face" && state.scale === "face") return found; // the pictures show it
    state.shown.forEach(function (seat, n) {
      const take = takeOf(seat);
      if (!usable(take, row)) return;
      if (state.slider) {
        if (n < 2 && row === "picture") found.push({ take: take, place: n, pane: slider.layers[n], box: boxOf(slider.stage) });
        return;
      }
      const pane = cards[n].querySelector('[data-row="' + row + '"]');
      found.push({ take: take, place: n, pane: pane, box: boxOf(pane) });
    });
    return found;
  }

  // Whether a row shows all that it can: then the wheel scrolls the page, and arrows change devices.
  function resting(row) {
    const kind = kindOf(row);
    const view = views[kind];
    if (kind === "picture") return view.zoom <= 1.001;
    return kind === "face" && view.zoom === 1 && view.x === 0 && view.y === 0;
  }

  function say(name, value) { root.setAttribute(name, String(Math.round(value * 1000) / 1000)); }

  function paint() {
    const all = [];
    ["picture", "face"].forEach(function (row) {
      const drawn = seats(row);
      const kind = kindOf(row);
      if (drawn.length) views[kind] = geometry.kept(kind, drawn, views[kind]);
      const view = views[kind];
      drawn.forEach(function (seat) {
        const at = geometry.place(kind, seat.take, seat.box, view);
        all.push({ pane: seat.pane, place: seat.place, take: seat.take, box: seat.box, at: at, row: row });
        paintPixels(seat, at, row);
        part(seat.pane, "image").style.transform =
          "translate(" + at.left.toFixed(2) + "px," + at.top.toFixed(2) + "px) scale(" + at.scale.toFixed(5) + ")";
        seat.pane.setAttribute("data-zoom", view.zoom.toFixed(3));
        seat.pane.setAttribute("data-x", view.x.toFixed(4));
        seat.pane.setAttribute("data-y", view.y.toFixed(4));
      });
      root.classList.toggle("zoomed-" + row, !resting(row));
    });
    say("data-zoom", views[kindOf("picture")].zoom);
    say("data-face-zoom", views.face.zoom);
    tellZoom();
    told.painted.forEach(function (tell) { tell(all); });
    clearTimeout(told.address);
    told.address = setTimeout(keepAddress, 300); // browsers refuse addresses that change too often
  }

  function paintPixels(seat, at, row) {
    pixels.draw(seat.pane, seat.take, at, seat.box);
    if (row === "picture" && state.scale === "true" && !state.slider) {
      window.piqaFinder.draw(seat.pane, seat.take, pixels.seen(seat.take, at, seat.box), find);
    } else {
      window.piqaFinder.hide(seat.pane);
    }
    const line = state.slider ? null : seat.pane.nextElementSibling;
    const text = pixels.words(seat.take, at, seat.box);
    if (line) line.textContent = text;
    else slider.say(slider.layers.indexOf(seat.pane), text);
  }

  // The middle of a pane shall show this point of its picture.
  function find(pane, x, y) {
    const own = seats("picture").find(function (seat) { return seat.pane === pane; });
    const at = geometry.middle(own.take, views.true.spot);
    views.true = { x: x - at.x, y: y - at.y, zoom: views.true.zoom, spot: views.true.spot };
    paint();
  }

  function tellZoom() {
    const faces = root.classList.contains("with-faces") && !state.slider && state.scale !== "face";
    const zoom = views[kindOf("picture")].zoom;
    const own = state.scale === "true" ? Math.round(100 * zoom) + " %" : zoom.toFixed(1) + "×";
    const text = own + (faces ? ", faces " + views.face.zoom.toFixed(1) + "×" : "");
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
    const kind = kindOf(row);
    views[kind] = geometry.zoomed(kind, drawn[0].take, drawn[0].box, views[kind], factor, at || { x: 0, y: 0 });
    paint();
  }

  function drag(row, dx, dy) {
    const drawn = seats(row);
    if (!drawn.length) return;
    const kind = kindOf(row);
    views[kind] = geometry.dragged(kind, drawn[0].take, drawn[0].box, views[kind], dx, dy);
    paint();
  }

  function reset(rows) {
    rows.forEach(function (row) { views[kindOf(row)] = geometry.whole(kindOf(row), state.spot); });
    paint();
  }

  // fit, true (100 %) or face; at 100 % the middle of pictures that were zoomed in stays there.
  function setScale(scale) {
    const drawn = seats("picture");
    const before = views.picture;
    if (scale === "true" && state.scale === "fit" && drawn.length && !resting("picture")) {
      const at = geometry.middle(drawn[0].take, state.spot);
      views.true = { x: before.x - at.x, y: before.y - at.y, zoom: 1, spot: state.spot };
    }
    state.scale = scale;
    change();
  }

  function setSpot(spot) {
    if (spot === differs.SPOT) state.shown = differs.seated(devices, state.shown, choice.MOST);
    state.spot = spot;
    views.true = geometry.whole("true", spot);
    change();
  }

  // Shows a part of the picture, or of the face ([x0, y0, x1, y1] in shares), as large as it fits.
  function frame(sides, to) {
    const drawn = seats("picture").find(function (seat) { return to !== "face" || seat.take.box; });
    if (!drawn) return;
    state.scale = to === "face" ? "face" : "fit";
    const take = drawn.take;
    const x = (sides[0] + sides[2]) / 2;
    const y = (sides[1] + sides[3]) / 2;
    const own = to === "face" ? [take.box[2] - take.box[0], take.box[3] - take.box[1]] : [1, 1];
    const width = (sides[2] - sides[0]) * own[0] * take.width;
    const height = (sides[3] - sides[1]) * own[1] * take.height;
    const kind = kindOf("picture");
    const rest = geometry.place(kind, take, drawn.box, geometry.whole(kind)).scale;
    const zoom = (0.9 * Math.min(drawn.box.width / width, drawn.box.height / height)) / rest;
    const limits = geometry.LIMITS[kind];
    views[kind] = { x: x, y: y, zoom: Math.min(limits[1], Math.max(limits[0], zoom)) };
    if (to === "face") {
      views.face.x = (x - 0.5) * own[0] * take.width / (own[1] * take.height);
      views.face.y = y - 0.5;
    }
    change();
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
    const kind = kindOf(row);
    const here = geometry.place(kind, own.take, own.box, views[kind]);
    const first = geometry.place(kind, drawn[0].take, drawn[0].box, views[kind]);
    const unit = function (seat, name) { return kind === "face" ? seat.take.face[2] * seat.take.height : seat.take[name]; };
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
    keepAddress();
    render();
  }

  function keepAddress() {
    clearTimeout(told.address);
    state.view = resting("picture") ? null : views[kindOf("picture")];
    const hash = choice.toHash(devices, state, true);
    if (!state.touched && hash === state.first) return;
    state.touched = true;
    // A page within a single file may have no address of its own.
    try { history.replaceState(null, "", hash); } catch (refused) { /* kept in the page alone */ }
  }

  // Says what is compared, where all panes show that place.
  function aim() {
    const whose = differs.aim(devices, state.shown);
    if (!whose && state.spot === differs.SPOT) state.spot = "facecrop";
    const chosen = whose && state.scale === "true" && state.spot === differs.SPOT;
    part(root, "differs").hidden = !chosen;
    part(root, "differs").textContent = chosen ? differs.words(devices, whose) : "";
  }

  function render() {
    aim();
    const list = part(root, "panes");
    state.shown.forEach(function (seat, n) {
      if (!cards[n]) {
        cards[n] = panes.make(part(root, "pane-template"), devices, n, handlers);
        cards[n].querySelectorAll('[data-role="pane"]').forEach(function (pane) {
          gesturesOf(pane.getAttribute("data-row"), pane);
        });
      }
      if (cards[n].parentNode !== list) list.appendChild(cards[n]);
      panes.update(cards[n], devices[seat.device], seat, state.shown.length === 1, kindOf);
      cards[n].hidden = state.slider && n > 1;
    });
    cards.slice(state.shown.length).forEach(function (card) { card.remove(); });
    const faces = state.shown.some(function (seat) { return usable(takeOf(seat), "face"); });
    root.setAttribute("data-scale", state.scale);
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
    root.setAttribute("data-mode", state.slider ? "slider" : "panes");
    part(root, "slider").hidden = !state.slider;
    part(root, "slider-mode").setAttribute("aria-pressed", String(state.slider));
    if (!state.slider) return;
    slider.update(two.map(takeOf), two.map(function (seat) { return devices[seat.device].name; }), kindOf("picture"));
  }

  // Devices of a blind page by letter and name; a letter that `names` lacks stands alone.
  function rename(names) {
    devices.forEach(function (device) {
      device.letter = device.letter || device.name;
      device.name = device.letter + (names[device.letter] ? " (" + names[device.letter] + ")" : "");
    });
    cards.forEach(function (card) { panes.fill(part(card, "device"), devices); });
    render();
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
    root: root, devices: devices, regions: data.regions, state: state, turns: turns, handlers: handlers, part: part,
    STEP: STEP, MOVE: MOVE, keepAddress: keepAddress, rename: rename,
    zoom: zoom, drag: drag, reset: reset, resting: resting, show: show, paint: paint,
    setSlider: setSlider, setScale: setScale, setSpot: setSpot, frame: frame, boxOf: boxOf,
    flip: function () { if (!state.slider) setSlider(true); slider.flip(); },
    add: function () { state.shown = choice.filled(devices, state.shown, state.shown.length + 1); change(); },
    whenShown: function (tell) { told.shown = tell; tell(state.shown); },
    whenPainted: function (tell) { told.painted.push(tell); paint(); },
  };
  slider = window.piqaSlider(part(root, "slider"), {
    zoom: function (factor, at) { zoom("picture", factor, at); },
    drag: function (dx, dy) { drag("picture", dx, dy); },
    toggle: function (at) { return resting("picture") ? zoom("picture", CLOSE, at) : reset(["picture"]); },
    atLeast: function () { return resting("picture"); },
    canDrag: function () { return !resting("picture"); },
  });
  if (state.view) views[kindOf("picture")] = state.view;
  root.hidden = false;
  render();
  state.view = resting("picture") ? null : views[kindOf("picture")];
  state.first = choice.toHash(devices, state, true);
  new ResizeObserver(paint).observe(part(root, "panes"));
  new ResizeObserver(paint).observe(slider.stage);
  window.addEventListener("hashchange", function () {
    const linked = choice.placeOf(devices, location.hash.replace(/^#/, ""));
    if (linked >= 0) { show(linked); return; }
    if (location.hash.indexOf("#show=") !== 0) return;
    const next = choice.fromHash(devices, location.hash, state.shown.length);
    state.shown = next.shown;
    state.slider = next.slider;
    state.scale = next.scale;
    state.spot = next.spot;
    if (next.view) views[kindOf("picture")] = next.view;
    render();
  });
})();
