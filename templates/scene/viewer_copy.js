// Copies a text, and says that it did.
(function () {
  "use strict";

  // From a field that holds the text, where the browser lets no script write to the clipboard.
  function byHand(field) {
    field.focus({ preventScroll: true });
    field.select();
    return document.execCommand("copy");
  }

  // status: where it is said; field: holds the same text, if there is such a field.
  window.piqaCopy = function (text, status, field) {
    const done = function () { status.textContent = "copied"; };
    const failed = function () {
      status.textContent = field && byHand(field) ? "copied" : "the browser lets nothing be copied: copy it by hand";
    };
    status.textContent = "";
    const board = window.navigator.clipboard;
    if (board) board.writeText(text).then(done, failed);
    else failed();
  };
})();
