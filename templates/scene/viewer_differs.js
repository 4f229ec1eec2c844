// The place where a shown capture differs most from the scene's best one: a third spot at 100 %,
// which every pane shows; where faces were found they lie on one another.
(function () {
  "use strict";

  const SPOT = "differscrop";

  function takeOf(devices, seat) { return devices[seat.device].takes[seat.take]; }

  // The first shown capture that was compared with another one.
  function subjectOf(devices, shown) {
    return shown.find(function (seat) {
      const take = takeOf(devices, seat);
      return Boolean(take && take.differs);
    }) || null;
  }

  // A middle and a height, in original pixels, that are the same part of the scene in all captures.
  function frame(take, byFace) {
    const size = take.original;
    if (!byFace) return { x: size[0] / 2, y: size[1] / 2, height: size[1] };
    return { x: take.face[0] * size[0], y: take.face[1] * size[1], height: take.face[2] * size[1] };
  }

  // The same place in another capture, as shares of it.
  function carried(sides, from, to) {
    const byFace = Boolean(from.face && to.face);
    const one = frame(from, byFace);
    const other = frame(to, byFace);
    const grown = other.height / one.height;
    return sides.map(function (share, n) {
      const way = n % 2 ? "y" : "x";
      return (other[way] + (share * from.original[n % 2] - one[way]) * grown) / to.original[n % 2];
    });
  }

  // Gives all shown captures the place; returns whose it is, or null where none was compared.
  function aim(devices, shown) {
    const seat = subjectOf(devices, shown);
    const subject = seat && takeOf(devices, seat);
    const other = seat && takeOf(devices, subject.differs.other);
    shown.forEach(function (one) {
      const take = takeOf(devices, one);
      if (!take) return;
      delete take.spots[SPOT];
      delete take.crops[SPOT];
      if (!subject) return;
      if (take === subject || take === other) {
        take.spots[SPOT] = take === subject ? subject.differs.spot : subject.differs.otherSpot;
        take.crops[SPOT] = take === subject ? subject.differs.crop : subject.differs.otherCrop;
      } else {
        take.spots[SPOT] = carried(subject.differs.spot, subject, take);
      }
    });
    return seat;
  }

  // The shown captures with the one that was compared and the one that it was compared with.
  function seated(devices, shown, most) {
    const next = shown.slice();
    const put = function (seat, kept) {
      const known = next.find(function (one) { return one.device === seat.device; });
      if (known) { known.take = seat.take; return; }
      const last = next.length - 1;
      if (next.length >= most) next.splice(next[last] === kept ? last - 1 : last, 1);
      next.push({ device: seat.device, take: seat.take });
    };
    if (!subjectOf(devices, next)) {
      devices.some(function (device, n) {
        const take = device.takes.findIndex(function (one) { return one.differs; });
        if (take >= 0) put({ device: n, take: take }, null);
        return take >= 0;
      });
    }
    const subject = subjectOf(devices, next);
    if (subject) put(takeOf(devices, subject).differs.other, subject);
    return next;
  }

  function named(devices, seat) { return devices[seat.device].name + ", " + takeOf(devices, seat).name; }

  function words(devices, seat) {
    const differs = takeOf(devices, seat).differs;
    const faces = takeOf(devices, seat).face && takeOf(devices, differs.other).face;
    return "Where " + named(devices, seat) + " differs most from " + named(devices, differs.other) +
      (differs.best ? ", the scene\u2019s best capture" : "") + ": brightness and fine detail of blocks were compared, " +
      (faces ? "face on face at one size" : "whole picture on whole picture, for want of a face") + ".";
  }

  function any(devices) {
    return devices.some(function (device) { return device.takes.some(function (take) { return take.differs; }); });
  }

  window.piqaDiffers = { SPOT: SPOT, aim: aim, seated: seated, words: words, any: any };
})();
