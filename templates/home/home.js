// The first page: filters, and the heat map as a grid of links. The page reads well without it.
(function () {
  "use strict";

  var table = document.getElementById("heat-map");
  if (!table) return;
  var heads = Array.from(table.tHead.rows[0].cells);
  var rows = Array.from(table.tBodies[0].rows);

  function all(selector) { return Array.from(document.querySelectorAll(selector)); }
  function name(cell) { return cell.textContent.trim(); }
  function title(cell) { return cell.querySelector(".label").title; }

  // Filters: devices are columns of the heat map, scenes its rows; both are looked up there.
  var form = document.getElementById("filters");
  if (form) {
    var find = document.getElementById("find");
    var state = form.querySelector(".state");
    var boards = all("tr[data-device]");
    var parts = all("#conditions [data-condition]");
    var cards = all("#scenes li[data-condition]");
    all("[data-more]").forEach(function (more) {
      more.addEventListener("click", function () { more.parentNode.classList.add("all"); });
    });
    var looks = all("#look-first li");

    var chosen = function (what) {
      return new Set(all('#filters input[name="' + what + '"]:checked').map(function (box) { return box.value; }));
    };
    var holds = function (set, value) { return set.size === 0 || set.has(value); };

    var apply = function () {
      var conditions = chosen("condition");
      var brands = chosen("brand");
      var words = find ? find.value.toLowerCase().split(/\s+/) : [];
      var shownRows = rows.map(function (row) { return holds(conditions, row.dataset.condition); });
      var shown = heads.map(function (head, column) {
        if (!column) return true;
        var text = title(head).toLowerCase();
        return holds(brands, head.dataset.brand) &&
          words.every(function (word) { return text.indexOf(word) !== -1; }) &&
          (conditions.size === 0 || rows.some(function (row, n) { return shownRows[n] && row.cells[column].dataset.r; }));
      });
      var devices = new Set(heads.filter(function (head, n) { return shown[n]; }).map(function (head) { return head.dataset.device; }));
      rows.forEach(function (row, n) {
        row.hidden = !shownRows[n];
        if (cards[n]) {
          cards[n].hidden = !shownRows[n] ||
            (devices.size < heads.length && !shown.some(function (there, column) { return there && row.cells[column].dataset.r; }));
        }
      });
      heads.forEach(function (head, column) {
        if (head.hidden === !shown[column]) return;
        head.hidden = !shown[column];
        rows.forEach(function (row) { row.cells[column].hidden = !shown[column]; });
      });
      boards.forEach(function (row) { row.hidden = !devices.has(row.dataset.device); });
      looks.forEach(function (look) {
        look.hidden = !devices.has(look.dataset.device) || !holds(conditions, look.dataset.condition);
      });
      parts.forEach(function (part) { part.hidden = !holds(conditions, part.dataset.condition); });
      tell(shown.filter(Boolean).length - 1, shownRows.filter(Boolean).length, conditions.size || brands.size || words.join(""));
      window.dispatchEvent(new Event("resize")); // tables may fit now: see script.js
    };

    var tell = function (devices, scenes, active) {
      state.hidden = !active;
      state.firstElementChild.textContent = active
        ? "Showing " + devices + " of " + form.dataset.devices + " devices and " + scenes + " of " + form.dataset.scenes + " scenes."
        : "";
    };

    form.hidden = false;
    new ResizeObserver(function () { // what is jumped to stays below the bar, however many lines it has
      document.documentElement.style.setProperty("--filters", form.offsetHeight + "px");
    }).observe(form);
    form.addEventListener("input", apply);
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    state.querySelector("button").addEventListener("click", function () {
      form.reset();
      apply();
      form.querySelector("input").focus();
    });
    apply(); // browsers keep what was chosen over a reload
  }

  // Cells become links when they are met: by pointer or by keyboard.
  function dress(cell) {
    if (!cell || cell.title || cell.tagName !== "TD" || cell.classList.contains("corner")) return;
    var row = cell.parentNode;
    var head = heads[cell.cellIndex];
    var where = title(head) + " in " + title(row.cells[0]) + ": ";
    if (!cell.dataset.r) {
      cell.title = where + (cell.classList.contains("failed") ? "no capture could be scored" : "no capture");
      return;
    }
    var doubt = table.hasAttribute("data-doubt") ? " (no interval)" : "";
    cell.title = where + name(cell) + " from the scene's mean, rank " + cell.dataset.r + doubt;
    var link = document.createElement("a");
    link.href = row.cells[0].querySelector("a").getAttribute("href") + "#" + head.dataset.device;
    link.tabIndex = -1;
    link.textContent = cell.textContent;
    cell.textContent = "";
    cell.appendChild(link);
  }
  function follow(cell) {
    dress(cell);
    var link = cell.querySelector("a");
    if (link) link.click();
  }
  table.addEventListener("pointerover", function (event) { dress(event.target.closest("td")); });
  table.addEventListener("click", function (event) {
    var cell = event.target.closest("td");
    if (cell && !event.target.closest("a")) follow(cell);
  });

  // One stop for the Tab key; arrows move within. Heads hold links of their own.
  var grid = [table.tHead.rows[0]].concat(rows);
  var here = null;
  function target(cell) { return cell.tagName === "TH" ? cell.querySelector("a") : cell; }
  function stop(cell) {
    if (here) target(here).tabIndex = -1;
    here = cell;
    target(cell).tabIndex = 0;
  }
  function go(row, column, down, right) {
    var r = row + down;
    var c = column + right;
    while (grid[r] && grid[r].cells[c]) {
      var cell = grid[r].cells[c];
      if (!grid[r].hidden && !cell.hidden && !cell.classList.contains("corner")) return cell;
      r += down;
      c += right;
    }
    return null;
  }
  var STEPS = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };

  table.setAttribute("role", "grid");
  table.parentNode.removeAttribute("tabindex");
  grid.forEach(function (row) {
    Array.from(row.querySelectorAll("a")).forEach(function (link) { link.tabIndex = -1; });
  });
  if (rows.length && rows[0].cells[1]) stop(rows[0].cells[1]);
  table.addEventListener("focusin", function (event) {
    var cell = event.target.closest("td, th");
    dress(cell);
    stop(cell);
  });
  table.addEventListener("keydown", function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    var cell = event.target.closest("td, th");
    var row = grid.indexOf(cell.parentNode);
    var next = null;
    if (STEPS[event.key]) next = go(row, cell.cellIndex, STEPS[event.key][0], STEPS[event.key][1]);
    else if (event.key === "Home") next = go(row, -1, 0, 1);
    else if (event.key === "End") next = go(row, grid[row].cells.length, 0, -1);
    else if (event.key === "Enter" && cell.tagName === "TD") return follow(cell);
    else return;
    event.preventDefault();
    if (!next) return;
    if (next.tagName === "TD" && next.tabIndex !== 0) next.tabIndex = -1; // can be focused at all
    target(next).focus();
  });
})();
