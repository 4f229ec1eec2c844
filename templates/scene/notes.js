// Notes written in the page: kept in the browser by run, exported as notes.csv to be merged by hand.
(function () {
  "use strict";

  const box = document.querySelector('[data-role="note-form"]');
  if (!box) return;
  const data = JSON.parse(document.getElementById("note-data").textContent);
  const form = box.querySelector("form"), list = box.querySelector('[data-role="kept-notes"]');
  const said = box.querySelector('[data-role="note-said"]'), count = box.querySelector('[data-role="note-count"]');
  const COLUMNS = ["scene", "device", "take", "region", "text", "who", "state"];
  const PLACE = "piqa-notes-" + data.run;
  let notes = [], lasting = true;

  // Some browsers keep nothing for pages from disk, or in a frame.
  try { notes = JSON.parse(window.localStorage.getItem(PLACE)) || []; } catch (error) { lasting = false; }

  function keep() {
    try { window.localStorage.setItem(PLACE, JSON.stringify(notes)); } catch (error) { lasting = false; }
    draw();
  }

  function draw() {
    count.textContent = notes.length ? " (" + notes.length + " kept, not in notes.csv yet)" : "";
    said.textContent = lasting ? "" : "This browser keeps nothing here: export the notes before you leave the page.";
    list.replaceChildren();
    notes.forEach(function (note, place) {
      if (note.scene !== data.scene) return;
      const item = document.createElement("li"), gone = document.createElement("button");
      item.className = note.state;
      item.textContent = [note.state, note.device, note.take && "take " + note.take, note.region, note.text, note.who && "– " + note.who].filter(Boolean).join(" ") + " ";
      gone.type = "button";
      gone.className = "plain-button";
      gone.textContent = "Remove";
      gone.addEventListener("click", function () { notes.splice(place, 1); keep(); });
      item.appendChild(gone);
      list.appendChild(item);
    });
  }

  // No spreadsheet may take a note for a formula.
  function cell(text) {
    const safe = /^'*[=+@\t\r-]/.test(text) ? "'" + text : text;
    return '"' + safe.replace(/"/g, '""') + '"';
  }

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    const chosen = form.elements.capture.selectedOptions[0].dataset;
    notes.push({
      scene: data.scene, device: chosen.device || "", take: chosen.take || "",
      region: form.elements.region.value.trim(), text: form.elements.text.value.trim(),
      who: form.elements.who.value.trim(), state: form.elements.state.value,
    });
    form.elements.text.value = form.elements.region.value = "";
    keep();
    form.elements.text.focus();
  });
  box.querySelector('[data-role="export-notes"]').addEventListener("click", function () {
    const lines = [COLUMNS.join(",")].concat(notes.map(function (note) {
      return COLUMNS.map(function (name) { return cell(note[name]); }).join(",");
    }));
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob(["\ufeff" + lines.join("\n") + "\n"], { type: "text/csv" }));
    link.download = "notes.csv";
    link.click();
    URL.revokeObjectURL(link.href);
  });
  box.hidden = false;
  draw();
})();
