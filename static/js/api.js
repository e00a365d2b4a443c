// Draws the API's description with Swagger, which lies on this host too.
(function () {
  "use strict";
  const root = document.documentElement;
  const wish = matchMedia("(prefers-color-scheme: dark)");

  function colour() {
    root.classList.toggle("dark-mode", root.dataset.theme ? root.dataset.theme === "dark" : wish.matches);
  }

  colour();
  wish.addEventListener("change", colour);
  new MutationObserver(colour).observe(root, { attributeFilter: ["data-theme"] });
  const place = document.getElementById("swagger");
  window.SwaggerUIBundle({
    domNode: place,
    url: place.dataset.schema,
    presets: [window.SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    defaultModelsExpandDepth: -1,
    docExpansion: "list",
    validatorUrl: null, // or it asks another host
  });
})();
