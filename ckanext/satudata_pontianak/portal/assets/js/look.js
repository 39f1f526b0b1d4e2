/* The first rows of a waiting file, in place: asked for when somebody unfolds them, never before.
   Without this file there is a link to a page of their own. */
(function () {
  "use strict";

  if (!window.fetch) { return; }

  function put(place, asked) {
    asked.then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.text();
    }).then(function (text) {
      // Our own page wrote it, with every cell escaped.
      place.innerHTML = text;
    }).catch(function () { place.removeAttribute("aria-busy"); });
  }

  document.querySelectorAll("details[data-sd-look]").forEach(function (fold) {
    var place = fold.querySelector("[data-sd-look-place]");
    var asked = false;
    fold.addEventListener("toggle", function () {
      if (!fold.open || asked) { return; }
      asked = true;
      put(place, fetch(fold.dataset.sdLook + "?bagian=1", { credentials: "same-origin" }));
    });
    place.addEventListener("submit", function (event) {
      var form = event.target.closest("form[data-sd-look-reveal]");
      if (!form) { return; }
      event.preventDefault();
      put(place, fetch(form.action + "?bagian=1", {
        method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin"
      }));
    });
  });
})();
