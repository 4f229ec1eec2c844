// Regions of the scene: drawn over the pictures, shown large in all panes, drawn anew and copied as
// TOML for scene.toml.
(function () {
  "use strict";

  const viewer = window.piqaViewer;
  if (!viewer) return;
  const root = viewer.root;
  const part = viewer.part;
  const SIDES = ["x0", "y0", "x1", "y1"];
  const list = part(root, "region");
  const form = part(root, "region-form");
  const toml = part(root, "region-toml");
  let draft = null; // { name, to, x0, y0, x1, y1 } while a region is being drawn
  let seats = []; // what was painted last
  let held = null; // where a drag began

  function sidesOf(region) { return SIDES.map(function (side) { return region[side]; }); }

  // A box of the picture (shares) as one of the frame or of the face, and back.
  function toFace(sides, box) {
    return sides.map(function (value, n) { return (value - box[n % 2]) / (box[n % 2 + 2] - box[n % 2]); });
  }

  function fromFace(sides, box) {
    return sides.map(function (value, n) { return box[n % 2] + value * (box[n % 2 + 2] - box[n % 2]); });
  }

  function inPicture(region, take) {
    if (region.to !== "face") return sidesOf(region);
    return take.box ? fromFace(sidesOf(region), take.box) : null;
  }

  // The regions to be seen: the chosen one, and the one that is being drawn.
  function shown() {
    const chosen = viewer.regions.find(function (region) { return region.name === viewer.state.region; });
    return [chosen, draft].filter(function (region) { return region; });
  }

  function paint(all) {
    seats = all;
    root.querySelectorAll('[data-role="mark-box"]').forEach(function (mark) { mark.remove(); });
    all.forEach(function (seat) {
      shown().forEach(function (region) {
        const sides = inPicture(region, seat.take);
        if (sides) drawMark(seat, sides, region);
      });
    });
  }

  function drawMark(seat, sides, region) {
    const mark = document.createElement("span");
    const width = seat.at.scale * seat.take.width;
    const height = seat.at.scale * seat.take.height;
    mark.className = "mark-box";
    mark.setAttribute("data-role", "mark-box");
    mark.style.left = seat.at.left + sides[0] * width + "px";
    mark.style.top = seat.at.top + sides[1] * height + "px";
    mark.style.width = (sides[2] - sides[0]) * width + "px";
    mark.style.height = (sides[3] - sides[1]) * height + "px";
    mark.appendChild(document.createElement("bdi")).textContent = region.name;
    seat.pane.appendChild(mark);
  }

  function choose(name) {
    const region = viewer.regions.find(function (one) { return one.name === name; });
    viewer.state.region = region ? name : "";
    if (region) viewer.frame(sidesOf(region), region.to);
    else viewer.reset(["picture"]);
  }

  // --- drawing

  function field(name) { return form.querySelector('[name="' + name + '"]'); }

  function round(value) { return Math.round(value * 1000) / 1000; }

  // A drawn box as it is in the form: within the frame, or in boxes of the face.
  function set(sides, take) {
    const to = field("to").value === "face" && take && take.box ? "face" : "frame";
    const kept = sides.map(function (value) { return Math.max(0, Math.min(1, value)); });
    (to === "face" ? toFace(kept, take.box) : kept).forEach(function (value, n) {
      field(SIDES[n]).value = String(round(value));
    });
    field("to").value = to;
    read();
  }

  function read() {
    const region = { name: field("name").value.trim() || "region", to: field("to").value };
    SIDES.forEach(function (side) { region[side] = Number(field(side).value); });
    draft = region;
    toml.value = "[[region]]\nname = " + JSON.stringify(region.name) + "\n" +
      (region.to === "face" ? 'to = "face"\n' : "") +
      SIDES.map(function (side) { return side + " = " + decimal(region[side]); }).join("\n") + "\n";
    viewer.paint();
  }

  function decimal(value) { return value % 1 ? String(value) : value.toFixed(1); }

  function open(on) {
    form.hidden = !on;
    part(root, "mark").setAttribute("aria-expanded", String(on));
    root.classList.toggle("marking", on);
    draft = null;
    part(root, "region-copied").textContent = "";
    if (!on) { viewer.paint(); return; }
    const first = seats.find(function (seat) { return seat.row === "picture"; });
    if (first) {
      const seen = window.piqaPixels.seen(first.take, first.at, first.box);
      const width = (seen[2] - seen[0]) / 4;
      const height = (seen[3] - seen[1]) / 4;
      field("to").value = viewer.state.scale === "face" ? "face" : "frame";
      set([seen[0] + width, seen[1] + height, seen[2] - width, seen[3] - height], first.take);
    }
    field("name").focus({ preventScroll: true });
  }

  // The other kind of box means the same part of the first picture that has a face.
  function changeTo() {
    const first = seats.find(function (seat) { return seat.take.box; });
    if (!first || !draft) { field("to").value = "frame"; read(); return; }
    set(inPicture(draft, first.take), first.take);
  }

  function seatAt(event) {
    const pane = event.target.closest && event.target.closest('[data-role="pane"], [data-role="stage"]');
    return pane && seats.find(function (seat) { return seat.pane === pane || pane.contains(seat.pane); });
  }

  function pointAt(seat, event) {
    const box = seat.pane.getBoundingClientRect();
    return [(event.clientX - box.left - seat.at.left) / (seat.at.scale * seat.take.width),
      (event.clientY - box.top - seat.at.top) / (seat.at.scale * seat.take.height)];
  }

  // Before the pane's own gestures see it: while a region is drawn, a drag draws.
  root.addEventListener("pointerdown", function (event) {
    const seat = form.hidden || event.button !== 0 ? null : seatAt(event);
    if (!seat) return;
    event.stopPropagation();
    event.preventDefault();
    held = { seat: seat, at: pointAt(seat, event), id: event.pointerId };
    root.setPointerCapture(event.pointerId);
  }, true);
  root.addEventListener("pointermove", function (event) {
    if (!held || event.pointerId !== held.id) return;
    event.stopPropagation();
    const to = pointAt(held.seat, event);
    const sides = [Math.min(held.at[0], to[0]), Math.min(held.at[1], to[1]), Math.max(held.at[0], to[0]), Math.max(held.at[1], to[1])];
    if (sides[2] - sides[0] > 0.002 && sides[3] - sides[1] > 0.002) set(sides, held.seat.take);
  }, true);
  ["pointerup", "pointercancel"].forEach(function (name) {
    root.addEventListener(name, function () { held = null; }, true);
  });

  viewer.regions.forEach(function (region) {
    const option = document.createElement("option");
    option.value = region.name;
    option.textContent = region.name;
    list.appendChild(option);
  });
  list.hidden = !viewer.regions.length;
  list.addEventListener("change", function () { choose(list.value); });
  part(root, "mark").addEventListener("click", function () { open(form.hidden); });
  form.addEventListener("input", function (event) {
    if (event.target.name === "to") changeTo();
    else if (event.target !== toml) read();
  });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  part(root, "region-copy").addEventListener("click", function () {
    window.piqaCopy(toml.value, part(root, "region-copied"), toml);
  });
  viewer.whenPainted(function (all) {
    list.value = viewer.state.region || "";
    paint(all);
  });
})();
