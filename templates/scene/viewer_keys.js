// Keys and buttons of the viewer, and the buttons that bring a device of the wall into it.
(function () {
  "use strict";

  const viewer = window.piqaViewer;
  if (!viewer) return;
  const root = viewer.root;
  const part = viewer.part;
  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  function press(role, act) { part(root, role).addEventListener("click", act); }

  function rows() { return viewer.state.slider || viewer.state.scale === "face" ? ["picture"] : ["picture", "face"]; }

  function rowOf(pane) {
    const row = pane && pane.getAttribute("data-row");
    return row ? [row] : rows();
  }

  function zoomBy(some, factor) { some.forEach(function (row) { viewer.zoom(row, factor); }); }

  function toggleHelp() {
    const line = part(root, "help-line");
    line.hidden = !line.hidden;
    part(root, "help").setAttribute("aria-expanded", String(!line.hidden));
  }

  function toggleFull() {
    if (document.fullscreenElement) document.exitFullscreen();
    else if (root.requestFullscreen) root.requestFullscreen();
  }

  function toggleSlider() {
    if (viewer.devices.length > 1) viewer.setSlider(!viewer.state.slider);
  }

  function flip() {
    if (viewer.devices.length > 1) viewer.flip();
  }

  function nextSpot() {
    const spots = window.piqaPixels.KINDS.filter(function (kind) {
      return kind !== window.piqaDiffers.SPOT || window.piqaDiffers.any(viewer.devices);
    });
    viewer.setSpot(spots[(spots.indexOf(viewer.state.spot) + 1) % spots.length]);
  }

  press("zoom-in", function () { zoomBy(rows(), viewer.STEP); });
  press("zoom-out", function () { zoomBy(rows(), 1 / viewer.STEP); });
  press("reset", function () { viewer.reset(["picture", "face"]); });
  press("add", viewer.add);
  press("slider-mode", toggleSlider);
  press("flip", flip);
  part(root, "spot").addEventListener("change", function () { viewer.setSpot(part(root, "spot").value); });
  const differing = part(root, "spot").querySelector('[value="' + window.piqaDiffers.SPOT + '"]');
  differing.hidden = differing.disabled = !window.piqaDiffers.any(viewer.devices);
  const scales = Array.from(root.querySelectorAll("[data-to-scale]"));
  scales.forEach(function (button) {
    button.addEventListener("click", function () { viewer.setScale(button.getAttribute("data-to-scale")); });
  });
  press("fullscreen", toggleFull);
  press("help", toggleHelp);
  part(root, "slider-mode").disabled = viewer.devices.length < 2;
  part(root, "flip").disabled = viewer.devices.length < 2;
  part(root, "fullscreen").hidden = !document.fullscreenEnabled;
  document.addEventListener("fullscreenchange", function () {
    part(root, "fullscreen").setAttribute("aria-pressed", String(document.fullscreenElement === root));
    viewer.paint();
  });

  // In a pane: the picture moves where it is zoomed in, else (or with Shift) devices and takes change.
  function arrowInPane(pane, arrow, shift) {
    const row = pane.getAttribute("data-row") || "picture";
    const box = viewer.boxOf(pane);
    if (!shift && !viewer.resting(row)) {
      viewer.drag(row, -arrow[0] * viewer.MOVE * box.width, -arrow[1] * viewer.MOVE * box.height);
      return;
    }
    const card = pane.closest('[data-role="card"]');
    if (!card) return;
    const place = Array.from(card.parentNode.children).indexOf(card);
    if (arrow[0]) viewer.handlers.step(place, arrow[0]);
    else viewer.handlers.take(place, arrow[1]);
  }

  function arrow(event) {
    const pane = event.target.closest('[data-role="pane"], [data-role="stage"]');
    const way = ARROWS[event.key];
    if (pane) {
      event.preventDefault();
      arrowInPane(pane, way, event.shiftKey);
      return;
    }
    const free = event.target === document.body || root.contains(event.target);
    if (!way[0] || !free || event.shiftKey) return;
    const link = viewer.turns.find(function (turn) { return turn.rel === (way[0] < 0 ? "prev" : "next"); });
    if (link) link.click();
  }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.target.closest('input:not([type="range"]), select, textarea')) return;
    if (event.target.matches("input") && ARROWS[event.key]) return;
    const pane = event.target.closest('[data-role="pane"], [data-role="stage"]');
    if (ARROWS[event.key]) arrow(event);
    else if (event.key === "+" || event.key === "=") zoomBy(rowOf(pane), viewer.STEP);
    else if (event.key === "-") zoomBy(rowOf(pane), 1 / viewer.STEP);
    else if (event.key === "0") viewer.reset(rowOf(pane));
    else if (event.key === "1") viewer.setScale(viewer.state.scale === "true" ? "fit" : "true");
    else if (event.key === "c") { if (viewer.state.scale === "true") nextSpot(); }
    else if (event.key === "b") flip();
    else if (event.key === "f") toggleFull();
    else if (event.key === "s") toggleSlider();
    else if (event.key === "?") toggleHelp();
  });

  const choosers = [];
  document.querySelectorAll(".wall .column[id]").forEach(function (column) {
    const device = viewer.devices.findIndex(function (one) { return one.slug === column.id; });
    if (device < 0) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tool";
    button.textContent = "Show above";
    button.setAttribute("data-role", "choose");
    button.setAttribute("aria-label", "Show " + viewer.devices[device].name + " side by side");
    button.addEventListener("click", function () {
      viewer.show(device);
      root.scrollIntoView({ block: "start" });
      part(root.querySelector('[data-role="card"][data-device="' + column.id + '"]'), "device").focus({ preventScroll: true });
    });
    column.querySelector("h3").appendChild(button);
    choosers.push({ device: device, button: button });
  });
  viewer.whenPainted(function () {
    const state = viewer.state;
    const faces = viewer.devices.some(function (device) { return device.takes.some(function (take) { return take.face; }); });
    scales.forEach(function (button) {
      const scale = button.getAttribute("data-to-scale");
      button.setAttribute("aria-pressed", String(scale === state.scale));
      button.disabled = scale === "face" && !faces;
    });
    part(root, "spot").hidden = state.scale !== "true";
    part(root, "spot").value = state.spot;
  });
  viewer.whenShown(function (shown) {
    choosers.forEach(function (chooser) {
      chooser.button.hidden = shown.some(function (seat) { return seat.device === chooser.device; });
    });
  });
})();
