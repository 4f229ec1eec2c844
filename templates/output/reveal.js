// Shows names, ranks and scores on a blind page, from the key file that somebody chooses there.
(function () {
  "use strict";

  const KIND = "piqa-cli blind key";
  const section = document.querySelector('[data-role="reveal"]');
  if (!section) return;
  const mark = section.getAttribute("data-key"), page = section.getAttribute("data-page");
  const input = section.querySelector("input"), hide = part("hide-again");
  const said = part("reveal-said"), revealed = part("revealed");
  const PLACE = "piqa-blind-key-" + mark;
  section.hidden = false;

  function part(role) { return section.querySelector('[data-role="' + role + '"]'); }

  function made(tag, text, className) {
    const element = document.createElement(tag);
    element.textContent = text;
    if (className) element.className = className;
    return element;
  }

  // For the other pages in this tab, until it is closed; some browsers keep nothing for pages from disk.
  function keep(text) {
    try {
      if (text) window.sessionStorage.setItem(PLACE, text);
      else window.sessionStorage.removeItem(PLACE);
    } catch (error) { /* the file is chosen on every page, then */ }
  }

  function kept() {
    try { return window.sessionStorage.getItem(PLACE) || ""; } catch (error) { return ""; }
  }

  // The content of a key file, or a sentence that says why it can't be used.
  function read(text) {
    let content;
    try { content = JSON.parse(text); } catch (error) { return "This is no key file: choose blind-key.json of the run."; }
    if (!content || content.kind !== KIND) return "This is no key file: choose blind-key.json of the run.";
    if (content.key !== mark) return "This key file is of another state of the run (" + content.key + "); these pages need " + mark + ".";
    return content;
  }

  function table(columns, rows) {
    const all = made("table", "", "plain listed"), head = made("tr", ""), body = made("tbody", "");
    const figures = columns.map(function (column) { return ["Group", "Letter", "Device", "Rank"].indexOf(column) < 0; });
    columns.forEach(function (column, place) {
      const cell = made("th", column, figures[place] ? "num" : "");
      cell.scope = "col";
      head.appendChild(cell);
    });
    rows.forEach(function (row) {
      const line = made("tr", "");
      row.forEach(function (text, place) { line.appendChild(made("td", text, figures[place] ? "num" : "")); });
      body.appendChild(line);
    });
    all.createTHead().appendChild(head);
    all.appendChild(body);
    const frame = made("div", "", "scroll");
    frame.appendChild(all);
    return frame;
  }

  function show(content) {
    const own = content.pages[page] || {};
    clear();
    if (own.headline) revealed.appendChild(made("h3", own.headline));
    if (own.detail) revealed.appendChild(made("p", own.detail, "sub"));
    if (own.rows) revealed.appendChild(table(own.columns, own.rows));
    rename(content.devices);
    hide.hidden = false;
    said.textContent = "Shown on all pages in this tab until it is closed or they are hidden again.";
  }

  // Writes names beside the letters of the page, by letter; an empty list takes them away.
  function rename(names) {
    document.querySelectorAll(".true-name").forEach(function (name) { name.remove(); });
    document.querySelectorAll("[data-letter]").forEach(function (place) {
      const letter = place.getAttribute("data-letter"), name = names[letter] || "";
      if (place.tagName === "IMG") place.title = letter + (name && " " + name);
      else if (place.tagName === "OPTION") worded(place, name);
      else if (name) place.appendChild(made("span", " " + name, "true-name"));
    });
    if (window.piqaViewer) window.piqaViewer.rename(names);
  }

  function worded(option, name) {
    option.dataset.words = option.dataset.words || option.textContent;
    option.textContent = option.dataset.words + (name && " (" + name + ")");
  }

  function clear() {
    revealed.replaceChildren();
    rename({});
    hide.hidden = true;
    said.textContent = "";
  }

  input.addEventListener("change", function () {
    const file = input.files[0];
    if (!file) return;
    file.text().then(function (text) {
      const content = read(text);
      if (typeof content === "string") { clear(); keep(""); said.textContent = content; return; }
      keep(text);
      show(content);
    });
  });
  input.addEventListener("click", function () { input.value = ""; }); // so that the same file can be chosen again
  hide.addEventListener("click", function () { input.value = ""; keep(""); clear(); });
  const before = read(kept());
  if (typeof before !== "string") show(before);
})();
