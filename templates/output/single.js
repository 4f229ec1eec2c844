// Shows one chapter at a time as the page it was: in a frame, with its own styles and scripts.
(function () {
  "use strict";

  var MARK = document.currentScript.getAttribute("data-separator");
  var chapters = Array.from(document.querySelectorAll(".chapter"));
  var held = JSON.parse(document.getElementById("picture-data").textContent);
  var bridge = document.querySelector("[data-bridge]").textContent;
  var frame = document.createElement("iframe");
  var shown = { url: "", chapter: null };

  function picture(name) {
    if (held[name]) return "data:image/webp;base64," + held[name];
    var image = document.querySelector('img[data-holds][data-picture="' + name + '"]');
    return image ? image.getAttribute("src") : "";
  }

  // What the chapter was as a page: its names without the chapter's, its links and pictures.
  function unbound(chapter) {
    var own = chapter.id + MARK;
    return chapter.innerHTML
      .split('="' + own).join('="')
      .split(" " + own).join(" ")
      .replace(/ data-href="([^"]*)" href="[^"]*"/g, ' href="$1"')
      .replace(/ data-opens="([^"]*)"/g, ' data-opens="$1" href="#" role="button"')
      .replace(/ data-picture="([^"]*)"(?: data-holds="")? src="[^"]*"/g, function (whole, name) {
        return ' src="' + picture(name) + '"';
      })
      .replace(/"(?:\.\.\/)+pictures\/([0-9a-f]+-\w+\.webp)"/g, function (whole, name) {
        return '"' + picture(name) + '"';
      });
  }

  function element(tag, text) { return "<" + tag + ">" + text + "</" + tag + ">"; }

  function page(chapter) {
    var names = chapter.getAttribute("data-assets").split(" ");
    var styles = "", scripts = "";
    names.forEach(function (name) {
      var asset = document.querySelector('[data-asset="' + name + '"]');
      if (!asset) return;
      if (/\.css$/.test(name)) styles += element("style", asset.textContent);
      else scripts += element("script", asset.textContent);
    });
    var title = document.createElement("title");
    title.textContent = chapter.getAttribute("data-title");
    return '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
      '<meta name="viewport" content="width=device-width, initial-scale=1">' +
      '<meta name="color-scheme" content="light dark">' + title.outerHTML + styles +
      "</head><body " + chapter.getAttribute("data-body") + ' data-path="' + chapter.id + '">' + unbound(chapter) + scripts +
      element("script", bridge) + "</body></html>";
  }

  function show() {
    var address = location.hash.slice(1);
    try { address = decodeURIComponent(address); } catch (error) { /* not ours */ }
    var at = address.indexOf(MARK);
    var path = at < 0 ? address : address.slice(0, at);
    var place = at < 0 ? "" : address.slice(at + MARK.length);
    var chapter = chapters.find(function (one) { return one.id === path; }) || chapters[0];
    if (shown.chapter) shown.chapter.classList.remove("now");
    if (shown.url) URL.revokeObjectURL(shown.url);
    chapter.classList.add("now");
    document.title = chapter.getAttribute("data-title");
    frame.title = document.title;
    shown = { chapter: chapter, url: URL.createObjectURL(new Blob([page(chapter)], { type: "text/html" })) };
    // In the place of the page before, so that the browser's "back" leaves the chapter at once.
    var next = frame.cloneNode(false);
    next.src = shown.url + (place ? "#" + place : "");
    frame.replaceWith(next);
    frame = next;
    window.scrollTo(0, 0);
  }

  function open(name) {
    var bytes = Uint8Array.from(atob(picture(name).split(",")[1]), function (letter) { return letter.charCodeAt(0); });
    window.open(URL.createObjectURL(new Blob([bytes], { type: "image/webp" })));
  }

  window.addEventListener("message", function (event) {
    if (event.source !== frame.contentWindow || !event.data) return;
    if (event.data.opens) { if (picture(event.data.opens)) open(event.data.opens); return; }
    var path = event.data.path;
    if (!chapters.some(function (one) { return one.id === path; })) return;
    location.hash = "#" + path + (event.data.place ? MARK + event.data.place : "");
  });
  // On paper, a picture that is shown several times must be there each time.
  function fill(part) {
    part.querySelectorAll("img[data-picture]:not([data-holds])").forEach(function (image) {
      image.src = picture(image.getAttribute("data-picture"));
    });
  }
  window.addEventListener("beforeprint", function () { if (shown.chapter) fill(shown.chapter); });
  if (location.hash === "#print-all") { // for `--pdf full`: all chapters one after the other
    document.documentElement.classList.add("whole");
    fill(document);
    document.querySelectorAll("img[loading]").forEach(function (image) { image.loading = "eager"; });
    return;
  }
  window.addEventListener("hashchange", show);
  document.documentElement.classList.add("live");
  document.body.appendChild(frame);
  frame.className = "stage-frame";
  frame.allow = "fullscreen *"; // its origin is none that could be named
  show();
})();
