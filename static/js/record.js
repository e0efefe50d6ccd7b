// Recording a last word in the page. Without this file she adds a recording as a file.

const MOST_SECONDS = 600;
const MOST_BYTES = 10_000_000;
// The first one that the browser can write; MP4 plays on the most phones.
const KINDS = ["audio/mp4;codecs=mp4a.40.2", "audio/webm;codecs=opus", "audio/webm", "audio/ogg;codecs=opus", "audio/mp4"];

const box = document.querySelector("[data-recorder]");
const form = document.querySelector("[data-last-word]");
const file = form?.querySelector("input[type=file]");

if (box && file && window.MediaRecorder && navigator.mediaDevices?.getUserMedia) {
  const part = (name) => box.querySelector(`[data-${name}]`);
  const [state, time, listen] = [part("state"), part("time"), part("listen")];
  const [start, stop, again] = [part("start"), part("stop"), part("again")];
  let recorder = null;
  let began = 0;
  let ticking = 0;
  box.hidden = false;

  const shown = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

  function tick() {
    const seconds = (performance.now() - began) / 1000;
    time.textContent = shown(seconds);
    if (seconds >= MOST_SECONDS) recorder.stop();
  }

  function rest() {
    clearInterval(ticking);
    box.removeAttribute("data-running-now");
    stop.hidden = true;
    for (const track of recorder?.stream.getTracks() ?? []) track.stop();
  }

  function keep(chunks) {
    const whole = new Blob(chunks, { type: recorder.mimeType });
    rest();
    start.hidden = false;
    if (whole.size > MOST_BYTES || !whole.size) {
      state.textContent = box.dataset.large;
      start.focus();
      return;
    }
    const ending = whole.type.includes("mp4") ? "m4a" : whole.type.includes("ogg") ? "ogg" : "webm";
    const carried = new DataTransfer();
    carried.items.add(new File([whole], `last-word.${ending}`, { type: whole.type }));
    file.files = carried.files;
    listen.src = URL.createObjectURL(whole);
    listen.hidden = false;
    start.hidden = true;
    again.hidden = false;
    state.textContent = box.dataset.done;
    listen.focus(); // not the button beside it: a second press would throw it away
  }

  function throwAway() {
    URL.revokeObjectURL(listen.src);
    listen.removeAttribute("src");
    listen.hidden = true;
    file.value = "";
    time.textContent = shown(0);
    again.hidden = true;
    start.hidden = false;
  }

  start.addEventListener("click", async () => {
    state.textContent = box.dataset.asking;
    start.disabled = true;
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
      recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: 48_000 });
    } catch {
      state.textContent = box.dataset.refused;
      return;
    } finally {
      start.disabled = false;
    }
    throwAway();
    const chunks = [];
    recorder.addEventListener("dataavailable", (event) => chunks.push(event.data));
    recorder.addEventListener("stop", () => keep(chunks));
    recorder.start(1000);
    began = performance.now();
    ticking = setInterval(tick, 250);
    box.setAttribute("data-running-now", "");
    state.textContent = box.dataset.running;
    start.hidden = true;
    stop.hidden = false;
    stop.focus();
  });

  stop.addEventListener("click", () => recorder.stop());

  again.addEventListener("click", () => {
    throwAway();
    state.textContent = box.dataset.thrown;
    start.focus();
  });

  // A file she chooses herself takes the place of what was recorded.
  file.addEventListener("change", () => {
    listen.hidden = true;
    again.hidden = true;
    start.hidden = false;
  });
}

// A send-back that is not confirmed would come back without the recording: ask here, before sending.
form?.addEventListener(
  "submit",
  (event) => {
    const sure = form.querySelector("[name=sure]");
    const back = form.querySelector("[value=send_back]");
    const recording = recorderRuns();
    if (recording || (back?.checked && sure && !sure.checked)) {
      event.preventDefault();
      event.stopPropagation();
      (recording ?? sure).focus();
    }
  },
  true,
);

// While it records, sending would lose it: stop first.
function recorderRuns() {
  const stop = box?.querySelector("[data-stop]");
  return stop && !stop.hidden ? stop : null;
}
