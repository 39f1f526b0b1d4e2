/* Small comforts on the page of a case. Everything works without this file. */
(function () {
  "use strict";

  // Go to what was wrong, so that it is read out and seen first.
  var errors = document.getElementById("satudata-errors");
  if (errors) {
    errors.focus();
  }

  // A link to a field opens the form that it stands in.
  document.querySelectorAll(".satudata-errors a").forEach(function (link) {
    link.addEventListener("click", function () {
      var field = document.getElementById(link.hash.slice(1));
      if (field) {
        var around = field.closest("details");
        if (around) {
          around.open = true;
        }
        field.focus();
      }
    });
  });

  // Whoever presses twice takes the step once.
  document.querySelectorAll("form[data-satudata-step]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      if (form.dataset.sent) {
        event.preventDefault();
        return;
      }
      form.dataset.sent = "1";
    });
  });
  // A long batch goes on by itself.
  document.querySelectorAll("form[data-satudata-continue]").forEach(function (form) {
    form.querySelector("button").hidden = true;
    form.submit();
  });

  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) {
      delete form.dataset.sent;
    });
  });
})();
