/* Maps that can be moved and enlarged: shapes of a file, or places of a table, on the outlines of the
   city that this site serves. What draws them is fetched only when somebody asks. Without this file,
   or where a browser cannot draw so, the picture of the server stays. */
(function () {
  "use strict";

  function script(tag) {
    return new Promise(function (done, fail) {
      var made = document.createElement("script");
      made.onload = done;
      made.onerror = fail;
      made.integrity = tag.dataset.integrity;
      made.src = tag.dataset.src;
      document.head.appendChild(made);
    });
  }

  function json(url) {
    return fetch(url, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) { throw new Error(String(answer.status)); }
      return answer.json();
    });
  }

  /* Shapes out of GeoJSON, or out of the specification of the picture: each with its name and number. */
  function shapes(said) {
    var found = said.features || said.data.values;
    return found.map(function (one, n) {
      var own = one.properties || {};
      var name = one.label || [own.nama, own.kelurahan].filter(Boolean).join(" · ");
      return { type: "Feature", geometry: one.geometry, properties: { n: n, name: name } };
    }).filter(function (one) { return one.geometry; });
  }

  function frame(features) {
    var box = [180, 90, -180, -90];
    function take(said) {
      if (typeof said[0] !== "number") { said.forEach(take); return; }
      box = [Math.min(box[0], said[0]), Math.min(box[1], said[1]), Math.max(box[2], said[0]), Math.max(box[3], said[1])];
    }
    features.forEach(function (one) { take(one.geometry.coordinates); });
    return box;
  }

  function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }

  function layers() {
    var accent = colour("--sd-accent");
    return [
      { id: "city", type: "fill", source: "ground", paint: { "fill-color": colour("--sd-surface"), "fill-antialias": false } },
      { id: "regions", type: "line", source: "ground", paint: { "line-color": colour("--sd-muted"), "line-width": 0.8 } },
      { id: "areas", type: "fill", source: "shapes", filter: ["==", ["geometry-type"], "Polygon"], paint: { "fill-color": accent, "fill-opacity": 0.35, "fill-antialias": false } },
      { id: "lines", type: "line", source: "shapes", filter: ["!=", ["geometry-type"], "Point"], paint: { "line-color": accent, "line-width": 2 } },
      { id: "places", type: "circle", source: "shapes", filter: ["==", ["geometry-type"], "Point"],
        paint: { "circle-color": accent, "circle-radius": 6, "circle-stroke-color": colour("--sd-surface"), "circle-stroke-width": 1.5 } }
    ];
  }

  /* What stands in the table of the picture for a shape: its name, then each column. */
  function words(place, one) {
    var figure = place.closest("figure");
    var table = figure && figure.querySelector(".sd-plot-data table");
    var row = table && table.tBodies[0].rows[one.n];
    if (!row) { return one.name; }
    var heads = table.tHead.rows[0].cells;
    return Array.prototype.map.call(row.cells, function (cell, n) {
      return n ? heads[n].textContent + ": " + cell.textContent : cell.textContent;
    }).join(" · ");
  }

  function tell(place, map, said) {
    var bubble = place.querySelector(".sd-plot-bubble");
    var over = ["places", "lines", "areas"];
    function at(event, asked) { return map.queryRenderedFeatures(event.point, { layers: asked })[0]; }
    map.on("mousemove", function (event) {
      var found = at(event, over) || at(event, ["city"]);
      bubble.hidden = !found || !found.properties.name;
      map.getCanvas().style.cursor = found ? "pointer" : "";
      if (bubble.hidden) { return; }
      bubble.textContent = found.properties.name;
      bubble.style.left = Math.max(0, Math.min(event.point.x + 12, place.clientWidth - bubble.offsetWidth)) + "px";
      bubble.style.top = event.point.y + 16 + "px";
    });
    map.on("mouseout", function () { bubble.hidden = true; });
    map.on("click", function (event) {
      var found = at(event, over), region = found ? null : at(event, ["city"]);
      told(place, said, found && found.properties, region && region.properties);
    });
  }

  /* A list of all that is drawn: whoever uses no pointer chooses there, and is told the same. */
  function list(place, map, found, ground, said) {
    var choice = place.querySelector(".sd-map-choice select");
    var names = found.map(function (one) { return [one.properties.name, one]; });
    ground.features.forEach(function (one) { names.push([one.properties.nama, one]); });
    names.forEach(function (pair, n) {
      if (pair[0]) { choice.add(new Option(pair[0], String(n))); }
    });
    choice.addEventListener("change", function () {
      var one = choice.value ? names[Number(choice.value)][1] : null;
      told(place, said, one && found.indexOf(one) >= 0 ? one.properties : null,
        one && found.indexOf(one) < 0 ? { name: one.properties.nama, page: one.properties.halaman } : null);
      if (one) { map.fitBounds(frame([one]), { padding: 48, maxZoom: Math.max(map.getZoom(), 13), animate: false }); }
    });
  }

  function told(place, said, found, region) {
    said.replaceChildren(found ? words(place, found) : "");
    if (region) {
      var link = document.createElement("a");
      link.href = region.page;
      link.textContent = region.name;
      if (window.top !== window) { link.target = "_blank"; link.rel = "noopener"; }  // no page of ours is framed
      said.replaceChildren(link);
    }
  }

  /* Shows the canvas once all that was asked of the graphics card is done: a browser that draws by its
     processor would hold the whole page up until then, once for each frame. */
  function drawn(canvas) {
    var gl = canvas.getContext("webgl2");
    return new Promise(function (done) {
      var fence = gl && gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0), until = Date.now() + 5000;
      if (gl) { gl.flush(); }
      (function look() {
        if (!fence || Date.now() > until || gl.getSyncParameter(fence, gl.SYNC_STATUS) === gl.SIGNALED) {
          canvas.style.visibility = "";
          done();
        } else {
          setTimeout(look, 30);
        }
      })();
    });
  }

  function draw(place, found, ground) {
    var maplibre = window.maplibregl;
    var regions = ground.features.map(function (one) {
      return { type: "Feature", geometry: one.geometry, properties: { name: one.properties.nama, page: one.properties.halaman } };
    });
    maplibre.setWorkerUrl(place.dataset.sdWorker);
    return new Promise(function (done, fail) {
      var map = new maplibre.Map({
        container: place.querySelector(".sd-map-ground"),
        bounds: frame(found.length ? found : regions),
        fitBoundsOptions: { padding: 32, maxZoom: 15 },
        attributionControl: false,
        dragRotate: false,
        pitchWithRotate: false,
        scrollZoom: false,
        renderWorldCopies: false,
        maxZoom: 18,
        fadeDuration: 0,
        refreshExpiredTiles: false,
        pixelRatio: Math.min(window.devicePixelRatio, 2),
        locale: { "Map.Title": place.dataset.title },
        style: {
          version: 8,
          sources: {
            ground: { type: "geojson", data: { type: "FeatureCollection", features: regions } },
            shapes: { type: "geojson", data: { type: "FeatureCollection", features: found } }
          },
          layers: layers()
        }
      });
      map.getCanvas().style.visibility = "hidden";
      map.touchZoomRotate.disableRotation();
      map.keyboard.disableRotation();
      var ready = false;
      map.on("error", function (problem) {
        if (ready) { return; }
        map.remove();  // else each try keeps a context of the graphics card
        fail(problem);
      });
      map.once("idle", function () { ready = true; drawn(map.getCanvas()).then(function () { done(map); }); });
      place.querySelectorAll("[data-zoom]").forEach(function (button) {
        button.addEventListener("click", function () { map.zoomTo(map.getZoom() + Number(button.dataset.zoom)); });
      });
    });
  }

  document.querySelectorAll("[data-sd-map]").forEach(function (button) {
    var place = document.getElementById(button.dataset.sdMap);
    var failed = button.parentNode.querySelector("[role=status]");
    button.parentNode.hidden = false;
    // The map stands where the picture stood: nothing below it moves once more when it is drawn.
    function exchange(drawn) {
      place.hidden = !drawn;
      place.parentNode.querySelectorAll("picture").forEach(function (picture) { picture.hidden = drawn; });
    }
    button.addEventListener("click", function () {
      if (button.getAttribute("aria-disabled")) { return; }
      button.setAttribute("aria-disabled", "true");  // keeps the focus, as disabled would not
      failed.textContent = "";
      Promise.all([json(place.dataset.sdShapes), json(place.dataset.sdGround), script(place.querySelector("[data-src]"))]).then(function (got) {
        var found = shapes(got[0]);
        exchange(true);
        return draw(place, found, got[1]).then(function (map) {
          var said = place.querySelector("[role=status]");
          tell(place, map, said);
          list(place, map, found, got[1], said);
          return map;
        });
      }).then(function (map) {
        place.dataset.sdAlive = "yes";
        button.parentNode.hidden = true;
        map.getCanvas().focus();
      }).catch(function () {
        exchange(false);
        button.removeAttribute("aria-disabled");
        failed.textContent = failed.dataset.sdFailed;
      });
    });
  });
})();
