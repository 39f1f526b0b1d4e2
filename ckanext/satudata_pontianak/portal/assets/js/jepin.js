/* Lets the browser keep the list of apps for when there is no network. Without this file the page
   is as it is. */
(function () {
  "use strict";

  var place = document.querySelector("[data-jepin-worker]");
  if (!place || !("serviceWorker" in navigator)) { return; }
  navigator.serviceWorker.register(place.dataset.jepinWorker, {
    scope: place.dataset.jepinScope
  }).catch(function () { return undefined; });
}());
