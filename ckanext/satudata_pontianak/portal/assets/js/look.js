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

  // The address may carry which part is looked at.
  function inPlace(address) {
    return address + (address.indexOf("?") < 0 ? "?" : "&") + "bagian=1";
  }

  document.querySelectorAll("details[data-sd-look]").forEach(function (fold) {
    var place = fold.querySelector("[data-sd-look-place]");
    var asked = false;
    fold.addEventListener("toggle", function () {
      if (!fold.open || asked) { return; }
      asked = true;
      put(place, fetch(inPlace(fold.dataset.sdLook), { credentials: "same-origin" }));
    });
    place.addEventListener("click", function (event) {
      var link = event.target.closest("a[data-sd-look-go]");
      if (!link) { return; }
      event.preventDefault();
      put(place, fetch(inPlace(link.href), { credentials: "same-origin" }));
    });
    place.addEventListener("submit", function (event) {
      var form = event.target.closest("form[data-sd-look-reveal]");
      if (!form) { return; }
      event.preventDefault();
      put(place, fetch(inPlace(form.action), {
        method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin"
      }));
    });
  });
})();
