// Which pixels a pane shows, and what is said of them: crops of the original pixels lie over the
// preview where it would be enlarged, and a line tells one from the other.
(function () {
  "use strict";

  const PIXELATED = 2; // screen pixels a pixel; from here on pixels are squares, not smoothed
  const KINDS = ["facecrop", "cornercrop", "differscrop"];

  function ratio() { return window.devicePixelRatio || 1; }

  // Screen pixels that one original pixel takes.
  function original(take, at) { return (at.scale * ratio() * take.width) / take.original[0]; }

  // A crop is of use where the preview would be enlarged, or nearly all pixels can be seen.
  function wanted(take, at) { return at.scale * ratio() > 1 || original(take, at) >= 0.5; }

  // The part of the picture that a pane shows: sides as shares of it.
  function seen(take, at, box) {
    const width = at.scale * take.width;
    const height = at.scale * take.height;
    const within = function (value) { return Math.max(0, Math.min(1, value)); };
    return [within(-at.left / width), within(-at.top / height),
      within((box.width - at.left) / width), within((box.height - at.top) / height)];
  }

  function overlap(one, other) {
    const width = Math.min(one[2], other[2]) - Math.max(one[0], other[0]);
    const height = Math.min(one[3], other[3]) - Math.max(one[1], other[1]);
    return width > 0 && height > 0 ? width * height : 0;
  }

  function imageOf(pane, kind) {
    const known = pane.querySelector('[data-crop="' + kind + '"]');
    if (known) return known;
    const image = document.createElement("img");
    image.setAttribute("data-crop", kind);
    image.className = "crop";
    image.alt = "";
    image.draggable = false;
    pane.querySelector('[data-role="image"]').after(image);
    return image;
  }

  function drawCrop(pane, take, at, kind, on) {
    const source = take.crops[kind];
    if (!on || !source) {
      const known = pane.querySelector('[data-crop="' + kind + '"]');
      if (known) known.hidden = true;
      return;
    }
    const image = imageOf(pane, kind);
    const sides = take.spots[kind];
    if (image.getAttribute("src") !== source) image.src = source;
    image.hidden = false;
    image.style.left = at.left + sides[0] * take.width * at.scale + "px";
    image.style.top = at.top + sides[1] * take.height * at.scale + "px";
    image.style.width = (sides[2] - sides[0]) * take.width * at.scale + "px";
    image.style.height = (sides[3] - sides[1]) * take.height * at.scale + "px";
    image.classList.toggle("pixels", original(take, at) > PIXELATED);
  }

  function draw(pane, take, at, box) {
    const part = wanted(take, at) ? seen(take, at, box) : null;
    KINDS.forEach(function (kind) {
      drawCrop(pane, take, at, kind, part && take.spots[kind] && overlap(part, take.spots[kind]));
    });
    pane.querySelector('[data-role="image"]').classList.toggle("pixels", at.scale * ratio() > PIXELATED);
  }

  function megapixels(take) {
    const count = (take.original[0] * take.original[1]) / 1e6;
    return (count < 10 ? count.toFixed(1) : Math.round(count)) + " MP";
  }

  function preview(take) {
    if (!take.full) return "thumbnail, reduced from " + megapixels(take);
    const side = Math.min(take.width, take.height);
    const all = side === Math.min(take.original[0], take.original[1]);
    return side + " px preview, " + (all ? "compressed anew" : "reduced from " + megapixels(take));
  }

  // What a pane shows, in words.
  function words(take, at, box) {
    const part = seen(take, at, box);
    const area = overlap(part, part);
    const scale = original(take, at);
    const zoom = Math.abs(scale - 1) < 0.005 ? "1:1" : "at " + Math.round(100 * scale) + "\u00a0%";
    let covered = 0;
    if (wanted(take, at)) {
      Object.keys(take.crops).forEach(function (kind) { covered = Math.max(covered, overlap(part, take.spots[kind])); });
    }
    if (area && covered > 0.999 * area) return "original pixels " + zoom;
    if (covered) return "original pixels " + zoom + " inside the line; around it " + preview(take);
    const enlarged = at.scale * ratio() > 1.05 ? ", enlarged" : "";
    return preview(take) + enlarged + ", " + zoom;
  }

  window.piqaPixels = { KINDS: KINDS, draw: draw, words: words, seen: seen };
})();
