// The list of segments: how many people each has, asked for the rows that are seen, one after the other.

const waiting = [];
let isAsking = false;

const seen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    waiting.push(target);
  }
  askNext();
});
for (const cell of document.querySelectorAll("[data-count-url]")) seen.observe(cell);

async function askNext() {
  if (isAsking || !waiting.length) return;
  isAsking = true;
  const cell = waiting.shift();
  cell.textContent = await words(cell.dataset.countUrl);
  cell.title = cell.textContent;
  isAsking = false;
  askNext();
}

async function words(url) {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, redirect: "error" });
    return answer.ok ? (await answer.json()).words : "–";
  } catch {
    return "–";
  }
}
