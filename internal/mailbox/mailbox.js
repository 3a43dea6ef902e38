// Times in the reader's own zone, and the list anew when a mail arrives.
const { newest, to } = document.body.dataset;

function localise(times) {
  const today = new Date().toDateString();
  for (const time of times) {
    const at = new Date(time.dateTime);
    const long = at.toLocaleString([], { dateStyle: "long", timeStyle: "medium" });
    time.title = long;
    if (time.classList.contains("long")) {
      time.textContent = long;
    } else if (at.toDateString() === today) {
      time.textContent = at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    } else {
      time.textContent = at.toLocaleDateString([], { day: "numeric", month: "short" });
    }
  }
}

const inList = "nav ol, nav .empty";
const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

// arrival waits for a mail with a higher number than the one given.
async function arrival(after) {
  const query = new URLSearchParams({ to, after, wait: "25" });
  for (;;) {
    try {
      const answer = await fetch(`/mailbox/api/messages?${query}`);
      if ((await answer.json()).items.length > 0) return;
    } catch {
      await pause(3);
    }
  }
}

async function watch(after) {
  await arrival(after);
  const answer = await fetch(location.href);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  document.querySelector(inList).replaceWith(fresh.querySelector(inList));
  localise(document.querySelectorAll("nav time"));
  watch(fresh.body.dataset.newest);
}

localise(document.querySelectorAll("time"));
watch(newest);
