// When a report is sent: the day that the rhythm asks for is shown, and no other.

const form = document.querySelector("[data-schedule]");
const show = () => {
  for (const part of form.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== form.elements.rhythm.value;
};
show();
form.elements.rhythm.addEventListener("change", show);
