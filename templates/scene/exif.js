// The EXIF table follows the devices that the viewer shows: their columns in their order, and only
// the fields in which these differ. Without it the table holds all devices.
(function () {
  "use strict";

  const table = document.querySelector('[data-role="exif"]');
  if (!table) return;
  const heads = Array.from(table.tHead.rows[0].cells).slice(1);
  const slugs = heads.map(function (head) { return head.getAttribute("data-device"); });
  const groups = Array.from(table.tBodies).map(function (body) {
    const rows = Array.from(body.rows);
    return {
      head: rows[0],
      rows: rows.slice(1).map(function (row) {
        const cells = Array.from(row.cells).slice(1);
        return { row: row, cells: cells, values: cells.map(valuesOf) };
      }),
    };
  });
  const chosen = document.getElementById("chosen-devices");
  const all = document.getElementById("all-fields");
  const same = document.querySelector('.exif [data-role="same"]');
  let shown = [];

  // Takes may come in another order and yet say the same.
  function valuesOf(cell) { return cell.textContent.split(" · ").sort().join("\n"); }

  function order(row, cells, places) {
    cells.forEach(function (cell, place) { cell.hidden = places.indexOf(place) < 0; });
    places.forEach(function (place) { row.appendChild(cells[place]); });
  }

  function draw() {
    const every = slugs.map(function (_, place) { return place; });
    const wanted = shown.map(function (slug) { return slugs.indexOf(slug); }).filter(function (place) { return place >= 0; });
    const places = chosen.checked && wanted.length ? wanted : every;
    let agreeing = 0;
    order(table.tHead.rows[0], heads, places);
    groups.forEach(function (group) {
      let differing = 0;
      group.rows.forEach(function (item) {
        order(item.row, item.cells, places);
        const distinct = new Set(places.map(function (place) { return item.values[place]; }));
        item.row.classList.toggle("same", distinct.size < 2);
        if (distinct.size < 2) agreeing += 1;
        else differing += 1;
      });
      group.head.classList.toggle("same", !differing);
    });
    same.textContent = String(agreeing);
    all.hidden = document.querySelector('label[for="all-fields"]').hidden = !agreeing;
  }

  chosen.addEventListener("change", draw);
  const viewer = window.piqaViewer;
  if (!viewer) return;
  chosen.checked = true;
  chosen.parentNode.hidden = slugs.length < 2;
  viewer.whenShown(function (seats) {
    shown = seats.map(function (seat) { return viewer.devices[seat.device].slug; });
    draw();
  });
})();
