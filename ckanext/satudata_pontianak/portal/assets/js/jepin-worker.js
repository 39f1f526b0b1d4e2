/* Keeps one page for when there is no network: the public list of apps with its date. It is fetched
   without cookies, so that nothing of who is logged in is ever kept, and nothing else is kept. */
(function () {
  "use strict";

  var KEPT = "jepin-1";
  var LIST = new URL("luring", self.location.href).href;
  var DOOR = new URL(".", self.location.href).pathname.replace(/\/$/, "");

  function keep() {
    return fetch(LIST, { credentials: "omit", cache: "no-store" }).then(function (answer) {
      if (!answer.ok || answer.redirected) { return undefined; }
      return caches.open(KEPT).then(function (kept) { return kept.put(LIST, answer); });
    });
  }

  self.addEventListener("install", function (event) {
    event.waitUntil(keep().then(function () { return self.skipWaiting(); }));
  });

  self.addEventListener("activate", function (event) {
    event.waitUntil(caches.keys().then(function (names) {
      return Promise.all(names.map(function (name) {
        return name.indexOf("jepin-") === 0 && name !== KEPT ? caches.delete(name) : undefined;
      }));
    }).then(function () { return self.clients.claim(); }));
  });

  self.addEventListener("fetch", function (event) {
    var asked = event.request;
    if (asked.mode !== "navigate" || asked.method !== "GET") { return; }
    if (new URL(asked.url).pathname !== DOOR) { return; }
    event.respondWith(fetch(asked).then(function (answer) {
      event.waitUntil(keep().catch(function () { return undefined; }));
      return answer;
    }).catch(function () {
      return caches.open(KEPT).then(function (kept) { return kept.match(LIST); }).then(
        function (list) { return list || Response.error(); }
      );
    }));
  });
}());
