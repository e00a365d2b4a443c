// Draws the API's description with Swagger, which lies on this host too.
(function () {
  "use strict";
  const place = document.getElementById("swagger");
  window.SwaggerUIBundle({
    domNode: place,
    url: place.dataset.schema,
    presets: [window.SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    validatorUrl: null, // or it asks another host
  });
})();
