// Which devices and takes the viewer shows, and the same as the hash of an address:
// #show=d-one,d-two~3&slider means the first take of d-one and the third of d-two, with the slider;
// &scale=true (100 %) or face, &spot=cornercrop, and &view=x,y,zoom where it isn't the whole.
(function () {
  "use strict";

  const MOST = 4;

  function placeOf(devices, slug) {
    return devices.findIndex(function (device) { return device.slug === slug; });
  }

  // Fills up with devices that aren't shown yet: the best, the reference, the worst, then by rank.
  function filled(devices, shown, count) {
    const full = shown.slice();
    const reference = devices.findIndex(function (device) { return device.reference; });
    [0, reference, devices.length - 1].concat(devices.map(function (_, n) { return n; })).forEach(function (n) {
      const known = n < 0 || full.some(function (seat) { return seat.device === n; });
      if (!known && full.length < Math.min(count, devices.length)) full.push({ device: n, take: 0 });
    });
    return shown.length ? full : full.sort(function (one, other) { return one.device - other.device; });
  }

  const SPOTS = ["facecrop", "cornercrop", "differscrop"];

  function numbers(text) {
    const found = text.split(",").map(Number);
    return found.length === 3 && found.every(function (one) { return one - one === 0; }) && found[2] > 0 ? found : null;
  }

  // Scale, spot and view of an address.
  function sightOf(words) {
    const sight = { scale: "fit", spot: SPOTS[0], view: null, region: "" };
    words.forEach(function (word) {
      const at = word.indexOf("=");
      const name = word.slice(0, at);
      const value = word.slice(at + 1);
      if (name === "scale" && (value === "true" || value === "face")) sight.scale = value;
      if (name === "spot" && SPOTS.indexOf(value) >= 0) sight.spot = value;
      if (name === "view") sight.view = numbers(value);
      if (name === "region") sight.region = decoded(value);
    });
    if (sight.view) sight.view = { x: sight.view[0], y: sight.view[1], zoom: sight.view[2], spot: sight.spot };
    return sight;
  }

  function decoded(text) {
    try { return decodeURIComponent(text); } catch (refused) { return ""; }
  }

  function fromHash(devices, hash, count) {
    const seats = [];
    const words = hash.replace(/^#/, "").split("&");
    const sight = sightOf(words);
    let slider = false;
    words.forEach(function (part) {
      if (part === "slider") slider = true;
      if (part.indexOf("show=") !== 0) return;
      part.slice(5).split(",").forEach(function (name) {
        const words = name.split("~");
        const device = placeOf(devices, words[0]);
        if (device < 0 || seats.length === MOST || seats.some(function (seat) { return seat.device === device; })) return;
        const last = devices[device].takes.length - 1;
        seats.push({ device: device, take: Math.max(0, Math.min(last, (parseInt(words[1], 10) || 1) - 1)) });
      });
    });
    const found = function (shown) {
      return { shown: shown, slider: slider, scale: sight.scale, spot: sight.spot, view: sight.view, region: sight.region };
    };
    if (seats.length) return found(seats);
    // The anchor of a device, as the tables of other pages link it: that one beside the best.
    const linked = placeOf(devices, hash.replace(/^#/, ""));
    const first = linked < 0 ? [] : filled(devices, [{ device: linked, take: 0 }], 2).sort(function (one, other) { return one.device - other.device; });
    return found(first.length ? first : filled(devices, [], count));
  }

  function toHash(devices, state, withTakes) {
    const names = state.shown.map(function (seat) {
      return devices[seat.device].slug + (withTakes && seat.take ? "~" + (seat.take + 1) : "");
    });
    return "#show=" + names.join(",") + (state.slider ? "&slider" : "") + (withTakes ? sightIn(state) : "");
  }

  function sightIn(state) {
    const round = function (value) { return String(Math.round(1e4 * value) / 1e4); };
    const view = state.view;
    return (state.scale === "fit" ? "" : "&scale=" + state.scale) +
      (state.scale === "true" && state.spot !== SPOTS[0] ? "&spot=" + state.spot : "") +
      (view ? "&view=" + [view.x, view.y, view.zoom].map(round).join(",") : "") +
      (state.region ? "&region=" + encodeURIComponent(state.region) : "");
  }

  // A pane shows another device; where that one stands in another pane, the two change places.
  function seated(shown, place, device) {
    const next = shown.map(function (seat) { return { device: seat.device, take: seat.take }; });
    const other = next.findIndex(function (seat) { return seat.device === device; });
    if (other >= 0) next[other] = next[place];
    next[place] = other >= 0 ? shown[other] : { device: device, take: 0 };
    return next;
  }

  // The next device upwards or downwards in rank that no other pane shows.
  function neighbour(devices, shown, place, step) {
    let device = shown[place].device;
    for (let n = 0; n < devices.length; n += 1) {
      device = (device + step + devices.length) % devices.length;
      if (!shown.some(function (seat) { return seat.device === device; })) return device;
    }
    return shown[place].device;
  }

  window.piqaChoice = {
    MOST: MOST, placeOf: placeOf, filled: filled, fromHash: fromHash, toHash: toHash,
    seated: seated, neighbour: neighbour,
  };
})();
