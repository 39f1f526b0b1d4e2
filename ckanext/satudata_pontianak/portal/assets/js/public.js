/* What public pages add to HTML; every page works without it. */
(function () {
  "use strict";

  // A choice in a list such as "Order by" is sent at once.
  document.addEventListener("change", function (event) {
    var form = event.target.closest('form[data-module~="select-switch"]');
    if (form && event.target.tagName === "SELECT") {
      form.requestSubmit();
    }
  });
})();
