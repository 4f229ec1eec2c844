// The first page: filters, and cells of the heat map as links. The page reads well without it.
(function () {
  "use strict";
})();
