"use strict";

async function show() {
  const response = await fetch("api/snapshot");
  document.getElementById("snapshot").textContent = JSON.stringify(await response.json(), null, 2);
}

show();
setInterval(show, 1000);
