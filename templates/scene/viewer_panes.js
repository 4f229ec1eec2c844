// The cards of the viewer: for each chosen device a head, its picture, its face, and what was said.
(function () {
  "use strict";

  function part(root, role) { return root.querySelector('[data-role="' + role + '"]'); }

  function fill(select, devices) {
    select.replaceChildren();
    devices.forEach(function (device, n) {
      const option = document.createElement("option");
      option.value = String(n);
      option.textContent = device.name + (device.ranks ? " (" + device.ranks + ")" : ""); // name first: typing finds it
      select.appendChild(option);
    });
  }

  function setPicture(pane, take, row, missing) {
    const image = part(pane, "image");
    const source = take && (take.full || take.thumb);
    const shown = Boolean(source) && (row !== "face" || Boolean(take.face));
    image.hidden = !shown;
    part(pane, "missing").hidden = shown;
    part(pane, "missing").textContent = missing;
    if (!shown) { image.removeAttribute("src"); return; }
    if (image.getAttribute("src") !== source) image.src = source;
    image.alt = take.alt;
    image.style.width = take.width + "px";
    image.style.height = take.height + "px";
  }

  // handlers: device(place, n), step(place, by), take(place, by), remove(place).
  function make(template, devices, place, handlers) {
    const card = template.content.firstElementChild.cloneNode(true);
    const select = part(card, "device");
    fill(select, devices);
    select.addEventListener("change", function () { handlers.device(place, Number(select.value)); });
    select.setAttribute("aria-label", "Device in pane " + (place + 1));
    part(card, "previous-take").addEventListener("click", function () { handlers.take(place, -1); });
    part(card, "next-take").addEventListener("click", function () { handlers.take(place, 1); });
    part(card, "remove").addEventListener("click", function () { handlers.remove(place); });
    return card;
  }

  function say(card, role, text) {
    const where = part(card, role);
    where.textContent = text;
    where.hidden = !text;
  }

  // kindOf(row): the kind of view that a row of panes shows.
  function update(card, device, seat, alone, kindOf) {
    const take = device.takes[seat.take];
    const select = part(card, "device");
    select.value = String(seat.device);
    select.title = device.name;
    card.setAttribute("data-device", device.slug);
    card.setAttribute("data-take", String(seat.take + 1));
    say(card, "ranks", device.ranks);
    say(card, "score", device.score);
    say(card, "interval", device.interval);
    const own = take ? take.name : "";
    const count = device.takes.length;
    say(card, "take-name", own);
    part(card, "take-name").title = take ? take.alt : "";
    say(card, "take-count", count < 2 ? "" : own === "take " + (seat.take + 1) ? "of " + count : seat.take + 1 + " of " + count);
    say(card, "take-score", take ? take.score : "");
    say(card, "why", take ? take.why : "");
    say(card, "remark", take ? take.remark : "");
    say(card, "warning", take ? take.warning : "");
    part(card, "remove").hidden = alone;
    part(card, "remove").setAttribute("aria-label", "Remove " + device.name);
    ["previous-take", "next-take"].forEach(function (role) { part(card, role).hidden = count < 2; });
    card.querySelectorAll('[data-role="pane"]').forEach(function (pane) {
      const row = pane.getAttribute("data-row");
      pane.setAttribute("aria-label", (row === "face" ? "Face, " : "Picture, ") + device.name + (take ? ", " + take.name : ""));
      pane.setAttribute("data-device", device.slug);
      pane.setAttribute("data-take", String(seat.take + 1));
      const there = take && (take.full || take.thumb);
      setPicture(pane, take, kindOf(row), kindOf(row) === "face" && there ? "no face found" : "picture missing");
      // What it shows is said when it is painted.
      pane.nextElementSibling.textContent = "";
      pane.querySelectorAll("[data-crop]").forEach(function (crop) { crop.hidden = true; });
      if (part(pane, "finder")) part(pane, "finder").hidden = true;
    });
  }

  window.piqaPanes = { part: part, make: make, fill: fill, update: update, setPicture: setPicture };
})();
