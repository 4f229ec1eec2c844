// The overview in the corner of a pane at 100 %: a frame says which part the pane shows, and moves it.
(function () {
  "use strict";

  const part = window.piqaPanes.part;

  function percent(share) { return (100 * share).toFixed(2) + "%"; }

  function make(pane, move) {
    const finder = document.createElement("div");
    finder.className = "finder";
    finder.setAttribute("data-role", "finder");
    finder.setAttribute("aria-hidden", "true"); // the arrow keys of the pane do the same
    finder.appendChild(document.createElement("img")).alt = "";
    finder.appendChild(document.createElement("i"));
    function to(event) {
      const box = finder.getBoundingClientRect();
      move(pane, (event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height);
    }
    finder.addEventListener("pointerdown", function (event) {
      if (event.button !== 0) return;
      event.stopPropagation();
      event.preventDefault();
      finder.setPointerCapture(event.pointerId);
      to(event);
    });
    finder.addEventListener("pointermove", function (event) {
      event.stopPropagation();
      if (finder.hasPointerCapture(event.pointerId)) to(event);
    });
    finder.addEventListener("dblclick", function (event) { event.stopPropagation(); });
    pane.appendChild(finder);
    return finder;
  }

  // move(pane, x, y): the middle of the pane shall show this point of its picture, in shares.
  function draw(pane, take, sides, move) {
    const finder = part(pane, "finder") || make(pane, move);
    const image = finder.firstChild;
    const frame = finder.lastChild;
    const source = take.thumb || take.full;
    if (image.getAttribute("src") !== source) image.src = source;
    finder.style.aspectRatio = String(take.width / take.height);
    finder.hidden = false;
    frame.style.left = percent(sides[0]);
    frame.style.top = percent(sides[1]);
    frame.style.width = percent(sides[2] - sides[0]);
    frame.style.height = percent(sides[3] - sides[1]);
  }

  function hide(pane) {
    const finder = part(pane, "finder");
    if (finder) finder.hidden = true;
  }

  window.piqaFinder = { draw: draw, hide: hide };
})();
