// Where a picture lies in a pane. Pure functions; the pages' viewer and nothing else needs them.
//
// A row of panes shares one view: { x, y, zoom }. In the row of pictures x and y are the point of
// the picture in the middle of the pane, as shares of its width and height, and zoom 1 shows the
// whole picture; so every pane shows the same field, however many pixels a camera has. In the row
// of faces x and y count from the middle of the face, in face heights, and at zoom 1 the face
// takes 70 % of its pane's height.
(function () {
  "use strict";

  const FACE_SHARE = 0.7;
  const LIMITS = { picture: [1, 16], face: [0.4, 12] };
  const FACE_REACH = 4; // face heights that a view may lie off the face

  function whole(row) {
    return row === "face" ? { x: 0, y: 0, zoom: 1 } : { x: 0.5, y: 0.5, zoom: 1 };
  }

  // The origin of a view's coordinates and their units in picture pixels, and the scale at zoom 1.
  function frame(row, take, box) {
    if (row === "face") {
      const height = take.face[2] * take.height;
      return {
        originX: take.face[0] * take.width, originY: take.face[1] * take.height,
        unitX: height, unitY: height, scale: (FACE_SHARE * box.height) / height,
      };
    }
    return {
      originX: 0, originY: 0, unitX: take.width, unitY: take.height,
      scale: Math.min(box.width / take.width, box.height / take.height),
    };
  }

  // How a picture of take.width x take.height has to be moved and scaled within its pane.
  function place(row, take, box, view) {
    const f = frame(row, take, box);
    const scale = f.scale * view.zoom;
    return {
      scale: scale,
      left: box.width / 2 - (f.originX + view.x * f.unitX) * scale,
      top: box.height / 2 - (f.originY + view.y * f.unitY) * scale,
    };
  }

  // The view moved by so many screen pixels: the picture follows the finger.
  function dragged(row, take, box, view, dx, dy) {
    const f = frame(row, take, box);
    const scale = f.scale * view.zoom;
    return { x: view.x - dx / (scale * f.unitX), y: view.y - dy / (scale * f.unitY), zoom: view.zoom };
  }

  // The view zoomed by a factor; what lies under `at` (pixels from the pane's middle) stays there.
  function zoomed(row, take, box, view, factor, at) {
    const zoom = Math.min(LIMITS[row][1], Math.max(LIMITS[row][0], view.zoom * factor));
    const f = frame(row, take, box);
    const before = 1 / (f.scale * view.zoom);
    const after = 1 / (f.scale * zoom);
    return {
      x: view.x + (at.x * (before - after)) / f.unitX,
      y: view.y + (at.y * (before - after)) / f.unitY,
      zoom: zoom,
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
    let halfX = Infinity;
    let halfY = Infinity;
    seats.forEach(function (seat) {
      const f = frame(row, seat.take, seat.box);
      halfX = Math.min(halfX, seat.box.width / (2 * f.scale * view.zoom * f.unitX));
      halfY = Math.min(halfY, seat.box.height / (2 * f.scale * view.zoom * f.unitY));
    });
    return { x: within(view.x, halfX), y: within(view.y, halfY), zoom: view.zoom };
  }

  window.piqaGeometry = { whole: whole, place: place, dragged: dragged, zoomed: zoomed, kept: kept };
})();
