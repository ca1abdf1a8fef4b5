/* The API's documentation (Swagger UI), drawn into the page from the description that its address names. */
(() => {
  const page = document.getElementById("api-docs");
  window.SwaggerUIBundle({
    url: page.dataset.description,
    dom_id: "#api-docs",
    deepLinking: true,
    layout: "BaseLayout",
    presets: [window.SwaggerUIBundle.presets.apis],
  });
})();
