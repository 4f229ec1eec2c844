// Two pictures over each other with a line between them: the first two devices of the viewer.
(function () {
  "use strict";

  const NEAR_PX = 22; // of the line: there a drag moves it, elsewhere it moves the pictures
  const part = window.piqaPanes.part;

  // act: drag(dx, dy), zoom(factor, at), toggle(at), atLeast(), canDrag(), told by the viewer.
  window.piqaSlider = function (root, act) {
    const stage = part(root, "stage");
    const range = part(root, "line");
    const layers = Array.from(stage.querySelectorAll("[data-layer]"));
    let names = ["", ""];
    const said = ["", ""];
    let held = false;

    function show(value) {
      range.value = String(value);
      range.setAttribute("aria-valuetext", Math.round(value) + " % " + names[0] + ", " + Math.round(100 - value) + " % " + names[1]);
      stage.style.setProperty("--line", value + "%");
      root.setAttribute("data-line", String(Math.round(value)));
      tell();
    }

    // Who is seen, and what of it; with the line at an end, the one that covers the other.
    function tell() {
      const value = Number(range.value);
      const line = [0, 1].filter(function (n) { return n ? value < 100 : value > 0; });
      part(root, "stage-said").textContent = line.map(function (n) { return names[n] + (said[n] ? ": " + said[n] : ""); }).join(" | ");
    }

    function at(event) {
      const box = stage.getBoundingClientRect();
      return Math.max(0, Math.min(100, ((event.clientX - box.left) / box.width) * 100));
    }

    range.addEventListener("input", function () { show(Number(range.value)); });
    stage.addEventListener("pointerdown", function (event) {
      const off = (Math.abs(at(event) - Number(range.value)) / 100) * stage.clientWidth;
      held = event.button === 0 && (!act.canDrag() || off < NEAR_PX);
      if (!held) return;
      range.focus({ preventScroll: true });
      show(at(event));
    });
    stage.addEventListener("pointermove", function (event) {
      if (held) show(at(event));
    });
    ["pointerup", "pointercancel"].forEach(function (name) {
      stage.addEventListener(name, function () { held = false; });
    });
    window.piqaGestures(stage, {
      zoom: act.zoom, toggle: act.toggle, atLeast: act.atLeast,
      drag: function (dx, dy) { if (!held) act.drag(dx, dy); },
    });

    return {
      stage: stage,
      layers: layers,
      say: function (n, text) { said[n] = text; tell(); },
      // One of the two in all of the stage, then the other.
      flip: function () { show(Number(range.value) === 100 ? 0 : 100); },
      update: function (takes, labels, row) {
        names = labels;
        range.setAttribute("aria-label", "Line between " + names[0] + " and " + names[1]);
        layers.forEach(function (layer, n) {
          window.piqaPanes.setPicture(layer, takes[n], row, "picture missing");
        });
        show(Number(range.value));
      },
    };
  };
})();
