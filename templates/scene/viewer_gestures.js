// Wheel, drag, pinch and double-click on a pane, told as zoom(factor, at), drag(dx, dy) and
// toggle(at); `at` is in pixels from the pane's middle.
(function () {
  "use strict";

  const WHEEL_STEP = 0.0016; // of zoom per pixel of wheel, as a power of e
  const LINE_PX = 30;
  const SCROLLING_MS = 250; // a wheel that scrolls the page goes on scrolling it over a pane
  let scrolledAt = -Infinity;
  window.addEventListener("scroll", function () { scrolledAt = performance.now(); }, { passive: true });

  function from(pane, event) {
    const box = pane.getBoundingClientRect();
    return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
  }

  function onWheel(pane, act) {
    pane.addEventListener("wheel", function (event) {
      const scrolling = performance.now() - scrolledAt < SCROLLING_MS;
      const pixels = event.deltaY * (event.deltaMode === 1 ? LINE_PX : event.deltaMode === 2 ? 400 : 1);
      const away = pixels > 0 && act.atLeast();
      if (!event.ctrlKey && (scrolling || away || !pixels)) return;
      event.preventDefault();
      // Pinching on a touch pad comes as small steps with ctrlKey set.
      const speed = event.ctrlKey && Math.abs(pixels) < 50 ? 6 : 1;
      act.zoom(Math.exp(-pixels * WHEEL_STEP * speed), from(pane, event));
    }, { passive: false });
  }

  function spread(fingers) {
    const two = Array.from(fingers.values());
    return {
      distance: Math.max(1, Math.hypot(two[0].x - two[1].x, two[0].y - two[1].y)),
      at: { x: (two[0].x + two[1].x) / 2, y: (two[0].y + two[1].y) / 2 },
    };
  }

  function onPointers(pane, act) {
    const fingers = new Map();
    pane.addEventListener("pointerdown", function (event) {
      if (event.button !== 0 || fingers.size === 2) return;
      pane.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, from(pane, event));
      pane.classList.add("held");
    });
    pane.addEventListener("pointermove", function (event) {
      const before = fingers.get(event.pointerId);
      if (!before) return;
      const pinch = fingers.size === 2 ? spread(fingers) : null;
      const now = from(pane, event);
      fingers.set(event.pointerId, now);
      if (!pinch) {
        act.drag(now.x - before.x, now.y - before.y);
        return;
      }
      const after = spread(fingers);
      act.drag(after.at.x - pinch.at.x, after.at.y - pinch.at.y);
      act.zoom(after.distance / pinch.distance, after.at);
    });
    ["pointerup", "pointercancel", "lostpointercapture"].forEach(function (name) {
      pane.addEventListener(name, function (event) {
        fingers.delete(event.pointerId);
        if (!fingers.size) pane.classList.remove("held");
      });
    });
  }

  // act: zoom(factor, at), drag(dx, dy), toggle(at), and atLeast(): whether nothing is left to
  // zoom out, so that the wheel scrolls the page.
  window.piqaGestures = function (pane, act) {
    onWheel(pane, act);
    onPointers(pane, act);
    pane.addEventListener("dblclick", function (event) {
      event.preventDefault();
      act.toggle(from(pane, event));
    });
  };
})();
