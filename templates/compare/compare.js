// Lays two pictures over each other, with a slider between them. Without it they stand side by side.
(function () {
  "use strict";

  function wipe(frame) {
    var after = frame.querySelector(".after img");
    var before = frame.querySelector(".before img");
    var slider = document.createElement("input");
    slider.type = "range";
    slider.min = "0";
    slider.max = "100";
    slider.step = "1";
    slider.setAttribute("aria-label", "Line between the pictures, " + frame.getAttribute("data-wipe"));
    var stage = document.createElement("div");
    stage.className = "stage";
    frame.insertBefore(stage, frame.firstChild);
    stage.appendChild(before);
    stage.appendChild(after);
    frame.insertBefore(slider, stage.nextSibling);
    frame.classList.add("live");

    function show(value) {
      slider.value = String(value);
      slider.setAttribute("aria-valuetext", Math.round(value) + " % of the first picture");
      stage.style.setProperty("--line", value + "%");
    }

    function point(event) {
      var box = stage.getBoundingClientRect();
      show(Math.max(0, Math.min(100, ((event.clientX - box.left) / box.width) * 100)));
    }

    slider.addEventListener("input", function () { show(Number(slider.value)); });
    stage.addEventListener("pointerdown", function (event) {
      if (event.button !== 0) return;
      event.preventDefault();
      stage.setPointerCapture(event.pointerId);
      slider.focus({ preventScroll: true });
      point(event);
    });
    stage.addEventListener("pointermove", function (event) {
      if (stage.hasPointerCapture(event.pointerId)) point(event);
    });
    show(50);
  }

  document.querySelectorAll("[data-wipe]").forEach(wipe);
})();
