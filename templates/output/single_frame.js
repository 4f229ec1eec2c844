// In the frame of the one-file report: links to other pages are for the document around it.
(function () {
  "use strict";

  var here = document.body.getAttribute("data-path");

  function tell(message) { window.parent.postMessage(message, "*"); }

  document.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href]");
    if (!link) return;
    if (link.hasAttribute("data-opens")) {
      if (event.defaultPrevented) return;
      event.preventDefault();
      tell({ opens: link.getAttribute("data-opens") });
      return;
    }
    var href = link.getAttribute("href");
    if (/^([a-z]+:|#)/i.test(href)) return;
    event.preventDefault();
    var to = new URL(href, "https://report.invalid/" + here);
    tell({ path: decodeURIComponent(to.pathname.slice(1)), place: decodeURIComponent(to.hash.slice(1)) });
  });
  window.focus();
})();
