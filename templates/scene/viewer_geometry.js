// Where a picture lies in a pane. Pure functions; the pages' viewer and nothing else needs them.
//
// A row of panes shares one view: { x, y, zoom }. In the row of pictures x and y are the point of
// the picture in the middle of the pane, as shares of its width and height, and zoom 1 shows the
// whole picture; so every pane shows the same field, however many pixels a camera has. In the row
// of faces x and y count from the middle of the face, in face heights, and at zoom 1 the face
// takes 70 % of its pane's height. At 100 % ("true") x and y count from the middle of one of the
// crops (`spot`), as shares of the picture, and at zoom 1 an original pixel is one of the screen.
(function () {
  "use strict";

  const FACE_SHARE = 0.7;
  const LIMITS = { picture: [1, 16], face: [0.4, 12], true: [0.1, 8] };
  const FACE_REACH = 4; // face heights that a view may lie off the face

  function whole(row, spot) {
    return row === "picture" ? { x: 0.5, y: 0.5, zoom: 1 } : { x: 0, y: 0, zoom: 1, spot: spot };
  }

  // The middle of a crop, made or not, as shares of the picture.
  function middle(take, spot) {
    const sides = take.spots[spot] || [0, 0, 1, 1];
    return { x: (sides[0] + sides[2]) / 2, y: (sides[1] + sides[3]) / 2 };
  }

  // The origin of a view's coordinates and their units in picture pixels, and the scale at zoom 1.
  function frame(row, take, box, view) {
    if (row === "face") {
      const height = take.face[2] * take.height;
      return {
        originX: take.face[0] * take.width, originY: take.face[1] * take.height,
        unitX: height, unitY: height, scale: (FACE_SHARE * box.height) / height,
      };
    }
    if (row === "true") {
      const at = middle(take, view.spot);
      return {
        originX: at.x * take.width, originY: at.y * take.height, unitX: take.width, unitY: take.height,
        scale: take.original[0] / take.width / (window.devicePixelRatio || 1),
      };
    }
    return {
      originX: 0, originY: 0, unitX: take.width, unitY: take.height,
      scale: Math.min(box.width / take.width, box.height / take.height),
    };
  }

  // How a picture of take.width x take.height has to be moved and scaled within its pane.
  function place(row, take, box, view) {
    const f = frame(row, take, box, view);
    const scale = f.scale * view.zoom;
    return {
      scale: scale,
      left: box.width / 2 - (f.originX + view.x * f.unitX) * scale,
      top: box.height / 2 - (f.originY + view.y * f.unitY) * scale,
    };
  }

  // The view moved by so many screen pixels: the picture follows the finger.
  function dragged(row, take, box, view, dx, dy) {
    const f = frame(row, take, box, view);
    const scale = f.scale * view.zoom;
    return {
      x: view.x - dx / (scale * f.unitX), y: view.y - dy / (scale * f.unitY),
      zoom: view.zoom, spot: view.spot,
    };
  }

  // The view zoomed by a factor; what lies under `at` (pixels from the pane's middle) stays there.
  function zoomed(row, take, box, view, factor, at) {
    const zoom = Math.min(LIMITS[row][1], Math.max(LIMITS[row][0], view.zoom * factor));
    const f = frame(row, take, box, view);
    const before = 1 / (f.scale * view.zoom);
    const after = 1 / (f.scale * zoom);
    return {
      x: view.x + (at.x * (before - after)) / f.unitX,
      y: view.y + (at.y * (before - after)) / f.unitY,
      zoom: zoom, spot: view.spot,
    };
  }

  function within(value, half) {
    return half >= 0.5 ? 0.5 : Math.min(1 - half, Math.max(half, value));
  }

  // The view kept on the pictures: `seats` are the { take, box } of its row. Where pictures have
  // different shapes, the one that can be moved furthest decides, so that no part stays out of reach.
  function kept(row, seats, view) {
    if (row === "face") {
      const near = function (value) { return Math.max(-FACE_REACH, Math.min(FACE_REACH, value)); };
      return { x: near(view.x), y: near(view.y), zoom: view.zoom };
    }
    if (row === "true") {
      const at = middle(seats[0].take, view.spot);
      return {
        x: Math.max(-at.x, Math.min(1 - at.x, view.x)), y: Math.max(-at.y, Math.min(1 - at.y, view.y)),
        zoom: view.zoom, spot: view.spot,
      };
    }
    let halfX = Infinity;
    let halfY = Infinity;
    seats.forEach(function (seat) {
      const f = frame(row, seat.take, seat.box, view);
      halfX = Math.min(halfX, seat.box.width / (2 * f.scale * view.zoom * f.unitX));
      halfY = Math.min(halfY, seat.box.height / (2 * f.scale * view.zoom * f.unitY));
    });
    return { x: within(view.x, halfX), y: within(view.y, halfY), zoom: view.zoom };
  }

  window.piqaGeometry = { LIMITS: LIMITS, whole: whole, middle: middle, place: place, dragged: dragged, zoomed: zoomed, kept: kept };
})();
