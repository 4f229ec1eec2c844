// Sorts, filters and copies tables, and shows where one goes on beyond its right edge. Every page reads well without it.
(function () {
  "use strict";

  // What was chosen on a page, as words of its address: #find.files=halos&sort.files=2,descending.
  var address = {
    words: function () {
      var words = location.hash.slice(1).split("&").filter(Boolean);
      return words.length === 1 && words[0].indexOf("=") < 0 ? [] : words; // an anchor
    },
    get: function (name) {
      var word = address.words().find(function (one) { return one.indexOf(name + "=") === 0; });
      try { return word ? decodeURIComponent(word.slice(name.length + 1)) : ""; } catch (refused) { return ""; }
    },
    set: function (name, value) {
      var words = address.words().filter(function (one) { return one.indexOf(name + "=") !== 0; });
      if (value) words.push(name + "=" + encodeURIComponent(value));
      if (!value && words.length === address.words().length) return;
      // A page within a single file may have no address of its own.
      try { history.replaceState(null, "", "#" + words.join("&")); } catch (refused) { /* kept in the page alone */ }
    },
  };
  window.piqaAddress = address;

  // From a field that holds the text, where the browser lets no script write to the clipboard.
  function copyByHand(field) {
    field.focus({ preventScroll: true });
    field.select();
    return document.execCommand("copy");
  }

  // status: where it is said; field: holds the same text, if there is such a field.
  window.piqaCopy = function (text, status, field) {
    var board = window.navigator.clipboard;
    function failed() {
      status.textContent = field && copyByHand(field) ? "copied" : "the browser lets nothing be copied here";
    }
    status.textContent = "";
    if (board) board.writeText(text).then(function () { status.textContent = "copied"; }, failed);
    else failed();
  };

  function keyOf(row, column) {
    var cell = row.cells[column];
    var value = cell.getAttribute("data-v");
    if (value === null) return cell.textContent.trim();
    return value === "" ? null : Number(value);
  }

  function compare(a, b) {
    if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
    if (typeof a === "number") return a - b;
    return a.localeCompare(b, "en", { numeric: true });
  }

  function sort(table, heads, column, given) {
    var sorted = heads[column].getAttribute("aria-sort");
    var down = sorted ? sorted === "ascending" : heads[column].dataset.first === "descending";
    if (given) down = given === "descending";
    if (table.id) address.set("sort." + table.id, column + "," + (down ? "descending" : "ascending"));
    heads.forEach(function (head) { head.removeAttribute("aria-sort"); });
    heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
    var body = table.tBodies[0];
    var rows = Array.from(body.rows).map(function (row, place) {
      return { row: row, key: keyOf(row, column), place: place };
    });
    rows.sort(function (a, b) {
      var order = compare(a.key, b.key);
      // What has no value stays last in both directions.
      if (down && a.key !== null && b.key !== null) order = -order;
      return order || a.place - b.place;
    });
    rows.forEach(function (item) { body.appendChild(item.row); });
    if (table.turnTo) table.turnTo(0);
  }

  // Long tables show a page of their rows at a time; without the script they show all.
  document.querySelectorAll("[data-pager]").forEach(function (pager) {
    var table = document.getElementById(pager.dataset.pager);
    var size = Number(table.dataset.page), body = table.tBodies[0], at = 0;
    var said = pager.querySelector("[role=status]"), buttons = Array.from(pager.querySelectorAll("button"));
    table.turnTo = function (page) {
      var rows = Array.from(body.rows).filter(function (row) { return !row.hidden; });
      at = Math.max(0, Math.min(page, Math.ceil(rows.length / size) - 1));
      var first = at * size, last = Math.min(rows.length, first + size);
      rows.forEach(function (row, n) { row.classList.toggle("later", n < first || n >= last); });
      pager.hidden = rows.length <= size;
      said.textContent = first + 1 + "–" + last + " of " + rows.length.toLocaleString("en");
      buttons[0].disabled = at === 0;
      buttons[1].disabled = last === rows.length;
    };
    buttons.forEach(function (button) {
      button.addEventListener("click", function () {
        table.turnTo(at + Number(button.dataset.step));
        table.scrollIntoView();
      });
    });
    function follow() {
      var row = document.getElementById(location.hash.slice(1));
      if (!row || row.parentNode !== body) return;
      table.turnTo(Math.floor(Array.from(body.rows).indexOf(row) / size));
      row.scrollIntoView();
    }
    table.turnTo(0);
    follow();
    window.addEventListener("hashchange", follow);
  });

  // "halos > 0.5" asks for a number that stands behind a word; other words must just be there.
  function conditionOf(text) {
    var limit = text.match(/^(.+?)\s*>\s*(\d*\.?\d+)$/);
    if (!limit) {
      var words = text.split(/\s+/);
      return function (row) { return words.every(function (word) { return row.indexOf(word) !== -1; }); };
    }
    return function (row) {
      var at = row.indexOf(limit[1].trim() + " ");
      return at !== -1 && Number(row.slice(at + limit[1].trim().length).match(/[\d.]+/)) > Number(limit[2]);
    };
  }

  document.querySelectorAll("table.sortable").forEach(function (table) {
    var heads = Array.from(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      if (head.hasAttribute("data-unsorted")) return;
      var button = document.createElement("button");
      button.type = "button";
      while (head.firstChild) button.appendChild(head.firstChild);
      button.addEventListener("click", function () { sort(table, heads, column); });
      head.appendChild(button);
    });
    var chosen = table.id ? address.get("sort." + table.id).split(",") : [];
    var at = heads[parseInt(chosen[0], 10)];
    if (at && !at.hasAttribute("data-unsorted")) sort(table, heads, heads.indexOf(at), chosen[1]);
  });

  document.querySelectorAll("input[data-filters]").forEach(function (input) {
    var id = input.getAttribute("data-filters");
    var rows = Array.from(document.getElementById(id).tBodies[0].rows);
    var texts = null; // of the rows, once they are asked for
    var shown = document.querySelector('[data-shown="' + id + '"]');
    input.closest(".filter").hidden = false;
    input.addEventListener("input", function () {
      address.set("find." + id, input.value);
      var conditions = input.value.toLowerCase().split(",").map(function (part) { return conditionOf(part.trim()); });
      var count = 0;
      texts = texts || rows.map(function (row) { return row.textContent.toLowerCase(); });
      rows.forEach(function (row, n) {
        var text = texts[n];
        row.hidden = !conditions.every(function (holds) { return holds(text); });
        if (!row.hidden) count += 1;
      });
      var table = document.getElementById(id);
      if (table.turnTo) table.turnTo(0);
      shown.textContent = count === rows.length ? "" : count + " of " + rows.length;
    });
    input.value = address.get("find." + id);
    if (input.value) input.dispatchEvent(new Event("input"));
  });

  // Tables as text that spreadsheets take: columns apart by tabs, drawings left out, as they are sorted.
  function cellText(cell) {
    var copy = cell.cloneNode(true);
    copy.querySelectorAll("svg, img").forEach(function (one) { one.remove(); });
    return copy.textContent.replace(/\s+/g, " ").trim().replace(/\u2212(?=[\d.])/g, "-");
  }

  function rowText(row) {
    return Array.from(row.cells).filter(function (cell) {
      return !cell.hidden && !cell.classList.contains("c-chart");
    }).map(cellText).join("\t");
  }

  document.querySelectorAll("main .scroll > table").forEach(function (table) {
    if (!table.tHead || !table.tBodies.length || table.tBodies[0].rows.length < 2) return;
    var line = document.createElement("p");
    var button = document.createElement("button");
    var status = document.createElement("span");
    line.className = "copy-table";
    button.type = "button";
    button.textContent = "Copy table";
    button.title = "As text for spreadsheets (TSV)";
    status.setAttribute("aria-live", "polite");
    line.appendChild(button);
    line.appendChild(status);
    table.parentNode.after(line);
    button.addEventListener("click", function () {
      var rows = Array.from(table.rows).filter(function (row) { return !row.hidden; });
      window.piqaCopy(rows.map(rowText).join("\n") + "\n", status);
    });
  });

  // Where the bar is too long for the screen, the entry of this page is in sight.
  var nav = document.querySelector(".bar nav"), here = nav && nav.querySelector("[aria-current]");
  if (here) nav.scrollLeft = here.offsetLeft - nav.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2;

  // Only frames that are near are asked: a question would make the browser lay out the others.
  var frames = new Set();
  function hint(frame) {
    frame.classList.toggle("more", frame.scrollWidth - frame.clientWidth - frame.scrollLeft > 4);
    var reached = frame.hasAttribute("tabindex") || frame.querySelector("[role=grid]");
    if (frame.scrollWidth > frame.clientWidth && !reached) reach(frame);
  }
  // What scrolls must be reached with the keyboard, and be called something there.
  function reach(frame) {
    var section = frame.closest("section");
    var heading = section && section.querySelector("h2, h3");
    frame.tabIndex = 0;
    frame.setAttribute("role", "region");
    frame.setAttribute("aria-label", heading ? heading.textContent.trim() : "Table");
  }
  var near = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (entry.isIntersecting) {
        frames.add(entry.target);
        hint(entry.target);
      } else frames.delete(entry.target);
    });
  }, { rootMargin: "200px" });
  document.querySelectorAll(".scroll").forEach(function (frame) {
    near.observe(frame);
    frame.addEventListener("scroll", function () { hint(frame); }, { passive: true });
  });
  window.addEventListener("resize", function () { frames.forEach(hint); });
})();
