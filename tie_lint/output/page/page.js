"use strict";
// Draws what stands in the element "data". Text of others only ever becomes text: there is no innerHTML here.
const DATA = JSON.parse(document.getElementById("data").textContent);
const ROOT = document.getElementById("root");
const HOLDS = { y: "yes", n: "no", u: "unknown", "-": "unneeded" };
const SIGNS = { yes: "✓", no: "✗", unknown: "?", unneeded: "–", unasked: "○" };
const VERDICTS = { yes: "tied", no: "not tied", unasked: "not tied, as the config says", unknown: "not known whether it ties", unneeded: "nothing to tie" };
const WORDS = { yes: "holds", no: "does not hold", unknown: "unknown", unneeded: "nothing to tie" };
const FLAGS = ["config", "True", "False"];
const state = { release: null, flag: "config", all: false, search: "", status: "", rule: "" };

const text = (index) => (index === null ? null : DATA.texts[index]);

function make(tag, options = {}, ...children) {
  const svg = ["svg", "path", "circle", "text"].includes(tag);
  const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

function sign(holds, words = WORDS) {
  return make("span", { class: `mark ${holds}` },
    make("span", { "aria-hidden": "true", text: SIGNS[holds] }), make("span", { class: "hidden", text: `${words[holds]}: ` }));
}

// -- one class ---------------------------------------------------------------------------------------------

function target(model) {
  return model.targets.find((one) => DATA.targets[one.target] === state.release) || model.targets[model.targets.length - 1];
}

function breakable(path) {
  return make("span", { class: "dim code" }, ...path.split(/(?<=\/)/).flatMap((part) => [document.createElement("wbr"), document.createTextNode(part)]));
}

// A link to a file, which works where the page is kept in the folder that the command was run in.
function inFile(path, line, column = null) {
  const file = path.replace(/:cell \d+$/, "").replaceAll("\\", "/");
  const start = file.startsWith("/") ? "file://" : /^[A-Za-z]:\//.test(file) ? "file:///" : "./";
  const href = `${start}${file.split("/").map(encodeURIComponent).join("/").replace("%3A/", ":/")}#L${line}`;
  return make("a", { class: "dim code", href }, breakable([path, line, column].filter((part) => part !== null).join(":")));
}

function place(link) {
  const path = text(link.path);
  if (path === null) return null;
  if (link.line !== null) return inFile(path, link.line);
  return make("span", { class: "dim code", title: path, text: path.startsWith("transformers.modeling_utils.") ? "inherited from transformers" : `from ${path.split(".").pop()}, transformers` });
}

function findingBox(index) {
  const finding = DATA.findings[index];
  const box = make("div", { class: `finding ${finding.severity}` },
    make("a", { href: finding.url, rel: "noopener", text: `${finding.code} ${finding.name}` }),
    make("div", { text: finding.message }), make("div", {}, inFile(finding.path, finding.line, finding.column)));
  for (const [path, line, what] of finding.related) box.append(make("div", {}, inFile(path, line), make("span", { class: "dim", text: ` ${what}` })));
  if (finding.fix.length) {
    box.append(make("div", { class: "dim", text: `${finding.fix[0]}` }), make("pre", { class: "code", text: finding.fix.slice(1).join("\n") }));
  }
  return box;
}

function chainList(block) {
  const items = block.chain.map((link, index) => {
    const serves = DATA.serves[link.serves];
    const only = serves.includes("tie") ? null : make("span", { class: "dim", text: ` (serves only to ${serves.join(" and ")})` });
    return make("li", {}, sign(HOLDS[link.holds]), make("div", {},
      make("div", {}, make("code", { text: DATA.links[index] }), only), make("div", { class: "code", text: text(link.text) }),
      place(link), ...link.findings.map(findingBox)));
  });
  return make("ol", { class: "chain" }, ...items);
}

function outcomeList(block) {
  const rows = DATA.rows.map((row, index) => make("li", {}, sign(HOLDS[block.outcome[index][0]], { yes: "yes", no: "no", unknown: "unknown", unneeded: "not needed" }),
    make("div", {}, make("b", { text: row }), make("div", { class: "dim", text: text(block.outcome[index][1]) }))));
  if (block.saved) rows.push(make("li", {}, make("span"), make("div", {}, make("b", { text: "the ties save" }), make("div", { class: "dim", text: text(block.saved) }))));
  if (block.loads.length) rows.push(make("li", {}, make("span"), make("div", {}, make("b", { text: "from the folder" }), ...block.loads.map((line) => make("div", { class: "dim code", text: text(line) })))));
  const rest = block.findings.filter((index) => !block.chain.some((link) => link.findings.includes(index)));
  return [make("ul", { class: "plain" }, ...rows), ...rest.map(findingBox)];
}

// -- the picture -------------------------------------------------------------------------------------------

function sharesOf(block) {
  const found = block.shares[FLAGS.indexOf(state.flag)];
  return found === null ? [] : found.map((share) => ({ ...share, names: share.names.map(text), source: text(share.names[0]) }));
}

function isAsked(block) {
  return state.flag === "True" || (state.flag === "config" && HOLDS[block.chain[0].holds] === "yes");
}

const numbers = (part) => { const found = /^\{(\d+)\.\.(\d+)\}$/.exec(part) || /^(\d+)()$/.exec(part); return found && [Number(found[1]), Number(found[2] || found[1])]; };

function meets(one, two) {
  const parts = one.split("."), others = two.split(".");
  return parts.length === others.length && parts.every((part, index) => {
    if (part === others[index]) return true;
    const first = numbers(part), second = numbers(others[index]);
    return first !== null && second !== null && first[0] <= second[1] && second[0] <= first[1];
  });
}

function readTree(node, lead, names) {
  const [name, kind, shape, marks, children] = node;
  const path = lead === null ? "" : lead === "" ? text(name) : `${lead}.${text(name)}`;
  const below = children.map((child) => readTree(child, path, names));
  const tied = names.some((one) => meets(one, path));
  return { path, name: text(name), kind: text(kind), shape, marks: marks.split("").map((mark) => ({ i: "input", o: "output", h: "head" })[mark]), below, tied,
    matters: tied || marks !== "" || below.some((child) => child.matters) };
}

function badges(node, lost) {
  const found = [];
  if (node.marks.includes("input")) found.push(["input", "input embeddings"]);
  if (node.marks.includes("output")) found.push(["output", "output embeddings"]);
  else if (node.marks.includes("head")) found.push([lost ? "lost" : "output", "head, returned by no getter"]);
  return found;
}

function treeItem(node, level, rows) {
  const lost = node.marks.includes("head") && !node.marks.includes("output");
  const shape = node.shape ? node.shape.map((size) => (size === null ? "?" : size)).join("×") : "";
  const row = make("span", { class: `row ${lost ? "lost" : node.marks.join(" ")}` }, make("span", { class: "code", text: node.name }),
    make("span", { class: "code dim", text: [level > 1 ? node.kind : "", shape].filter(Boolean).join(" ") }),
    ...badges(node, lost).map(([kind, words]) => make("span", { class: `badge ${kind}`, text: `← ${words}` })));
  rows.push([node.path, row]);
  const shown = node.below.filter((child) => child.matters || state.all);
  const folded = node.below.length - shown.length;
  const item = make("li", { role: "treeitem", "aria-level": level, "aria-expanded": shown.length ? "true" : null, tabindex: "-1" }, row);
  if (shown.length || folded) {
    const group = make("ul", { role: "group" }, ...shown.map((child) => treeItem(child, level + 1, rows)));
    if (folded) group.append(make("li", { role: "none" }, make("span", { class: "row more", text: `${folded} more without a tie` })));
    item.append(group);
  }
  return item;
}

function walkTree(event) {
  const items = [...event.currentTarget.querySelectorAll('[role="treeitem"]')].filter((item) => !item.closest("[hidden]"));
  const here = items.indexOf(document.activeElement);
  const item = items[here];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  let next = null;
  if (step && here >= 0) next = items[here + step];
  else if (event.key === "Home") next = items[0];
  else if (event.key === "End") next = items[items.length - 1];
  else if (event.key === "ArrowLeft" && item) { if (!toggle(item, false)) next = item.parentElement.closest('[role="treeitem"]'); }
  else if (event.key === "ArrowRight" && item) { if (!toggle(item, true)) next = item.querySelector('[role="treeitem"]'); }
  else return;
  event.preventDefault();
  if (next) { items.forEach((one) => one.setAttribute("tabindex", "-1")); next.setAttribute("tabindex", "0"); next.focus(); }
}

function toggle(item, open) {
  const group = item.querySelector('[role="group"]');
  if (!group || group.hidden !== open) return false;
  group.hidden = !open;
  item.setAttribute("aria-expanded", String(open));
  window.dispatchEvent(new Event("resize"));
  return true;
}

function sentence(share, asked) {
  const others = share.names.slice(1).map((name, index) => (share.made ? `${name} (by ${DATA.mechanisms[share.by[index]]})` : name));
  if (share.made) return `${share.source} is also ${others.join(", ")}`;
  return `${share.source} and ${others.join(", ")} are ${asked ? "wanted as one and are two" : state.flag === "False" ? "two" : "two, as the config says"}`;
}

function arc(one, two, lane) {
  const turn = Math.min(8, Math.abs(two.y - one.y) / 2) * Math.sign(two.y - one.y), bend = Math.abs(turn);
  return `M${one.x} ${one.y}H${lane - bend}Q${lane} ${one.y} ${lane} ${one.y + turn}V${two.y - turn}Q${lane} ${two.y} ${lane - bend} ${two.y}H${two.x}`;
}

function drawArcs(picture, rows, shares, asked) {
  picture.querySelector("svg")?.remove();
  const box = picture.getBoundingClientRect();
  const width = picture.scrollWidth, svg = make("svg", { "aria-hidden": "true", width, height: picture.scrollHeight });
  const at = (name) => {
    const found = rows.find(([path, row]) => path && meets(name, path) && row.offsetParent !== null);
    if (!found) return null;
    const rect = found[1].getBoundingClientRect();
    return { x: rect.right - box.left + picture.scrollLeft, y: rect.top - box.top + rect.height / 2 + picture.scrollTop };
  };
  const right = Math.max(...rows.map(([, row]) => row.getBoundingClientRect().right - box.left + picture.scrollLeft));
  let lane = right + 18;
  for (const share of shares) {
    if (!share.made && !asked && !state.all && state.flag === "config") continue;
    const kind = share.made ? "" : asked ? " unmade" : " unasked";
    const ends = share.names.map(at);
    const words = share.names.slice(1).map((_, index) => (share.made ? `by ${DATA.mechanisms[share.by[index]]}` : asked ? "wanted, not made" : "not asked for"));
    const alike = new Set(words).size === 1;
    const drawn = ends.slice(1).filter((end) => end && ends[0]);
    for (const end of drawn) svg.append(make("path", { class: `arc${kind}`, d: arc(ends[0], end, lane) }));
    if (drawn.length) svg.append(make("circle", { class: `arc-start${kind}`, cx: ends[0].x, cy: ends[0].y, r: 4 }));
    ends.slice(1).forEach((end, index) => {
      if (!end || !ends[0] || (alike && end !== drawn[drawn.length - 1])) return;
      const fits = lane - end.x > 9 * words[index].length;
      if (!fits && lane + 8 + 7 * words[index].length > width) return; // the words below the picture say it
      svg.append(make("text", { class: `arc-text${kind}`, x: fits ? lane - 12 : lane + 8, y: fits ? end.y - 5 : end.y + 4, "text-anchor": fits ? "end" : "start", text: words[index] }));
    });
    if (drawn.length) lane += 22;
  }
  picture.append(svg);
}

function picture(block) {
  const shares = sharesOf(block), asked = isAsked(block);
  if (block.tree === null) return [make("p", { text: "The model cannot be built." })];
  const rows = [];
  const tree = readTree(block.tree, null, shares.flatMap((share) => share.names));
  const list = make("ul", { class: "tree", role: "tree", "aria-label": "modules", onkeydown: walkTree }, treeItem(tree, 1, rows));
  list.firstElementChild.setAttribute("tabindex", "0");
  const frame = make("div", { class: "picture" }, list);
  const draw = () => frame.isConnected && drawArcs(frame, rows, shares, asked);
  requestAnimationFrame(draw);
  window.onresize = draw;
  const told = shares.filter((share) => share.made || asked || state.all || state.flag !== "config");
  const words = told.length
    ? make("ul", { class: "plain" }, ...told.map((share) => make("li", {}, sign(share.made ? "yes" : asked ? "no" : "unneeded", { yes: "tied", no: "not tied", unneeded: "not tied" }), make("div", { class: "code", text: sentence(share, asked) }))))
    : make("p", { class: "dim", text: block.shares[FLAGS.indexOf(state.flag)] === null ? "What is shared is not known." : "Nothing is shared." });
  return [frame, make("h2", { text: "In words" }), words];
}

// -- the strip and the switches ----------------------------------------------------------------------------

function strip(model) {
  if (model.targets.length < 2) return null;
  const columns = [];
  for (const one of model.targets) {
    const answers = DATA.blocks[one.block].outcome.map((answer) => answer[0]).join("");
    const last = columns[columns.length - 1];
    if (last && last.answers === answers) last.releases.push(DATA.targets[one.target]);
    else columns.push({ answers, releases: [DATA.targets[one.target]] });
  }
  const label = (column) => [...new Set([column.releases[0], column.releases[column.releases.length - 1]])].join(" – ");
  const head = make("tr", {}, make("th", { scope: "col", text: "transformers" }), ...columns.map((column) => make("th", { scope: "col", text: label(column) })));
  const body = DATA.rows.map((row, index) => make("tr", {}, make("th", { scope: "row", text: row }), ...columns.map((column) => make("td", {}, sign(HOLDS[column.answers[index]], { yes: "yes", no: "no", unknown: "unknown", unneeded: "not needed" })))));
  return make("div", { class: "strip" }, make("h2", { text: "By release" }), make("table", {}, make("thead", {}, head), make("tbody", {}, ...body)));
}

function radios(name, legend, choices, chosen, choose) {
  return make("fieldset", {}, make("legend", { text: legend }), ...choices.map(([value, words]) => make("label", {},
    make("input", { type: "radio", name, value, checked: value === chosen, onchange: () => { choose(value); render(name); } }), make("span", { text: words }))));
}

function classPage(model) {
  const one = target(model), block = DATA.blocks[one.block];
  const tied = verdictOf(block);
  const back = DATA.classes.length > 1 ? make("a", { href: "#", text: "all classes" }) : null;
  const switches = make("div", { class: "switches" });
  if (model.targets.length > 1) switches.append(radios("release", "transformers", model.targets.map((item) => [DATA.targets[item.target], DATA.targets[item.target]]), DATA.targets[one.target], (value) => { state.release = value; }));
  switches.append(radios("flag", "tie_word_embeddings", [["config", "as the config says"], ["True", "True"], ["False", "False"]], state.flag, (value) => { state.flag = value; }),
    radios("all", "show", [["", "what matters"], ["all", "all modules"]], state.all ? "all" : "", (value) => { state.all = value === "all"; }));
  const single = model.targets.length === 1 ? make("span", { class: "dim", text: `transformers ${DATA.targets[one.target]}` }) : null;
  return [make("header", {}, back, make("h1", { class: "code", text: text(model.name) }), inFile(text(model.path), model.line),
    make("span", { class: "dim", text: text(block.about) }), single, make("span", { class: `verdict ${tied}`, text: `${SIGNS[tied]} ${VERDICTS[tied]}` })), switches,
    make("main", {}, make("section", { "aria-label": "what is shared" }, make("h2", { text: "What is shared" }), ...picture(block), strip(model)),
      make("section", { "aria-label": "why" }, make("h2", { text: "Why: the chain that makes the tie" }), chainList(block), make("h2", { text: "What comes of it" }), ...outcomeList(block)))];
}

// -- the list ----------------------------------------------------------------------------------------------

function verdictOf(block) {
  const tied = HOLDS[block.outcome[0][0]];
  return tied === "no" && HOLDS[block.chain[0].holds] === "no" && !block.findings.length ? "unasked" : tied;
}

function statusOf(model) {
  const found = model.targets.map((one) => verdictOf(DATA.blocks[one.block]));
  return ["no", "unknown", "unasked", "yes", "unneeded"].find((status) => found.includes(status));
}

const codesOf = (model) => [...new Set(model.targets.flatMap((one) => DATA.blocks[one.block].findings.map((index) => DATA.findings[index].code)))].sort();

function listItems() {
  const wanted = state.search.toLowerCase();
  return DATA.classes.map((model, index) => ({ model, index, status: statusOf(model), codes: codesOf(model) })).filter(({ model, status, codes }) =>
    (!wanted || `${text(model.name)} ${text(model.path)}`.toLowerCase().includes(wanted)) && (!state.status || status === state.status)
    && (!state.rule || (state.rule === "any" ? codes.length > 0 : codes.includes(state.rule))));
}

function fillList(list, count) {
  const found = listItems();
  list.replaceChildren(...found.map(({ model, index, status, codes }) => make("li", {}, make("a", { href: `#${index}` },
    sign(status, VERDICTS), make("span", { class: "code", text: text(model.name) }),
    breakable(`${text(model.path)}:${model.line}`), make("span", { class: "code", text: codes.join(" ") })))));
  count.textContent = `${found.length} of ${DATA.classes.length} classes`;
}

function listPage() {
  const list = make("ul", { class: "list", "aria-label": "model classes" }), count = make("span", { role: "status", class: "dim" });
  const choose = (name) => (event) => { state[name] = event.target.value; fillList(list, count); };
  const options = (pairs, chosen) => pairs.map(([value, words]) => make("option", { value, selected: value === chosen, text: words }));
  const codes = [...new Set(DATA.findings.map((finding) => finding.code))].sort();
  const filters = make("div", { class: "filters", role: "search" },
    make("label", { text: "Search" }, make("input", { type: "search", value: state.search, oninput: choose("search") })),
    make("label", { text: "Status" }, make("select", { onchange: choose("status") }, ...options([["", "all"], ...Object.entries(VERDICTS)], state.status))),
    make("label", { text: "Rule" }, make("select", { onchange: choose("rule") }, ...options([["", "all"], ["any", "any finding"], ...codes.map((code) => [code, code])], state.rule))), count);
  fillList(list, count);
  return [make("header", {}, make("h1", { text: "Ties" }), make("span", { class: "dim", text: `transformers ${DATA.targets.join(", ")}` })), filters, list];
}

function render(focused) {
  window.onresize = null;
  const index = DATA.classes.length === 1 ? 0 : Number.parseInt(location.hash.slice(1), 10);
  const model = DATA.classes[index];
  document.title = model ? `${text(model.name)}: ties` : "Ties";
  ROOT.replaceChildren(...(model ? classPage(model) : listPage()).filter(Boolean));
  if (typeof focused === "string") ROOT.querySelector(`input[name="${focused}"]:checked`)?.focus();
  else window.scrollTo(0, 0);
}

window.addEventListener("hashchange", () => render());
render();
