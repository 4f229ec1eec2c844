// Saves what the panes show as one picture, with names, takes and scores burnt in; copies the link.
(function () {
  "use strict";

  const viewer = window.piqaViewer;
  if (!viewer) return;
  const root = viewer.root;
  const part = viewer.part;
  const GAP = 12;
  const HEAD = 46; // of a pane: name, then take and score
  const FOOT = 22;
  const TITLE = 34;
  // Pages on disk may not read their own pictures back, by a rule of browsers.
  const mayRead = location.protocol !== "file:";
  let seats = [];

  function write(pen, text, x, y, width, font) {
    pen.font = font + " sans-serif";
    pen.fillStyle = "#000";
    let shown = text;
    while (shown.length > 1 && pen.measureText(shown).width > width) shown = shown.slice(0, -2) + "…";
    pen.fillText(shown, x, y);
  }

  function drawSeat(pen, seat, left, top) {
    const device = viewer.devices[viewer.state.shown[seat.place].device];
    const take = seat.take;
    write(pen, device.name, left, top + 18, seat.box.width, "600 15px");
    write(pen, take.name + "   " + take.score, left, top + 38, seat.box.width, "13px");
    pen.save();
    pen.beginPath();
    pen.rect(left, top + HEAD, seat.box.width, seat.box.height);
    pen.clip();
    pen.translate(left, top + HEAD);
    seat.pane.querySelectorAll('[data-role="image"], [data-crop]').forEach(function (image) {
      if (image.hidden || !image.complete) return;
      const at = image.hasAttribute("data-crop")
        ? [image.offsetLeft, image.offsetTop, image.offsetWidth, image.offsetHeight]
        : [seat.at.left, seat.at.top, take.width * seat.at.scale, take.height * seat.at.scale];
      pen.imageSmoothingEnabled = !image.classList.contains("pixels");
      pen.drawImage(image, at[0], at[1], at[2], at[3]);
    });
    pen.restore();
    write(pen, window.piqaPixels.words(take, seat.at, seat.box), left, top + HEAD + seat.box.height + 16, seat.box.width, "11px");
  }

  function drawn() {
    const shown = seats.filter(function (seat) { return seat.row === "picture"; });
    const width = shown.reduce(function (sum, seat) { return sum + seat.box.width + GAP; }, GAP);
    const height = Math.max.apply(null, shown.map(function (seat) { return seat.box.height; }));
    const canvas = document.createElement("canvas");
    const ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round((TITLE + HEAD + height + FOOT + GAP) * ratio);
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    write(pen, document.querySelector("h1").textContent.trim(), GAP, 26, width - 2 * GAP, "600 18px");
    let left = GAP;
    shown.forEach(function (seat) {
      drawSeat(pen, seat, left, TITLE);
      left += seat.box.width + GAP;
    });
    return canvas;
  }

  function save() {
    drawn().toBlob(function (blob) {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = document.querySelector("h1").textContent.trim().replace(/[^\w-]+/g, "-") + ".png";
      link.click();
      setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
      part(root, "after-said").textContent = "saved";
    }, "image/png");
  }

  const button = part(root, "save");
  button.disabled = !mayRead;
  button.addEventListener("click", save);
  if (!mayRead) part(root, "after-said").textContent = "Browsers let pages on disk save no pictures: the one-file report can (report --single-file).";
  // Within a single file a page has no address that others could open.
  part(root, "copy-link").hidden = location.protocol === "blob:";
  part(root, "copy-link").addEventListener("click", function () {
    viewer.keepAddress();
    window.piqaCopy(location.href, part(root, "after-said"));
  });
  viewer.whenPainted(function (all) { seats = all; });
})();
