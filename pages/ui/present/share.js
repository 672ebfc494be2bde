// A button that copies a link, and says so in a box that also offers the view-only link.
export default function ({ data, parentElement }) {
  const find = (name) => parentElement.querySelector(`[data-is=${name}]`);
  const [share, box, said, link, view, note] = ["share", "box", "said", "link", "view", "note"].map(find);

  share.querySelector("span").textContent = share.ariaLabel = data.share;
  share.onclick = async () => {
    await copy(data.link);
    const place = share.getBoundingClientRect();
    box.style.top = `${place.bottom + 6}px`;
    box.style.right = `${Math.max(8, document.documentElement.clientWidth - place.right)}px`;
    box.showPopover();
  };
  link.ariaLabel = data.share;
  view.hidden = note.hidden = !data.viewLink;
  view.textContent = data.viewOnly;
  note.textContent = data.note;
  view.onclick = () => copy(data.viewLink);

  async function copy(address) {
    link.value = address;
    said.textContent = (await copied(address)) ? data.copied : data.byHand;
  }
}

async function copied(address) {
  // Over plain http, browsers keep the clipboard from pages, and know only the older way.
  if (window.isSecureContext && navigator.clipboard) {
    return navigator.clipboard.writeText(address).then(() => true, () => false);
  }
  const field = document.body.appendChild(document.createElement("textarea"));
  field.value = address;
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}
