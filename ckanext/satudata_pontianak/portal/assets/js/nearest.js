/* The nearest points, found in the browser: where somebody is never leaves it. Without this file
   the list by village stands there. */
(function () {
  "use strict";

  var MOST = 5;
  var RADIUS = 6371000; // metres
  var place = document.querySelector("[data-sd-nearest]");
  if (!place || !navigator.geolocation) { return; }
  var status = place.querySelector("[data-sd-nearest-status]");
  var list = place.querySelector("[data-sd-nearest-list]");
  place.hidden = false;

  function radians(degrees) { return degrees * Math.PI / 180; }

  function metres(north, east, row) {
    var up = radians(Number(row.dataset.sdNorth) - north);
    var along = radians(Number(row.dataset.sdEast) - east) * Math.cos(radians(north));
    return RADIUS * Math.sqrt(up * up + along * along);
  }

  function said(distance) {
    var language = document.documentElement.lang || "id";
    if (distance < 1000) { return (Math.round(distance / 10) * 10).toLocaleString(language) + " m"; }
    return (distance / 1000).toLocaleString(language, { maximumFractionDigits: 1 }) + " km";
  }

  function show(position) {
    var north = position.coords.latitude;
    var east = position.coords.longitude;
    var rows = Array.prototype.slice.call(document.querySelectorAll("tr[data-sd-north]"));
    var found = rows.map(function (row) {
      return { row: row, distance: metres(north, east, row) };
    });
    found.sort(function (one, other) { return one.distance - other.distance; });
    list.textContent = "";
    found.slice(0, MOST).forEach(function (each) {
      var item = document.createElement("li");
      var link = document.createElement("a");
      link.href = "#" + each.row.id;
      link.textContent = each.row.dataset.sdName;
      item.appendChild(link);
      item.appendChild(document.createTextNode(" – " + said(each.distance)));
      list.appendChild(item);
    });
    status.textContent = status.dataset.found;
  }

  function fail() { status.textContent = status.dataset.none; }

  place.querySelector("[data-sd-nearest-ask]").addEventListener("click", function () {
    status.textContent = status.dataset.wait;
    navigator.geolocation.getCurrentPosition(show, fail, { timeout: 15000, maximumAge: 60000 });
  });
})();
