/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Stepping and searching in the HTML report; all there is to read is there without it. */
"use strict";
(function () {
  const data = JSON.parse(document.getElementById("data").textContent);
  const rows = Array.from(document.querySelectorAll("svg.lanes .row"));
  const scroll = document.querySelector(".scroll");
  const search = document.getElementById("search");
  const count = document.querySelector(".found-count");
  let at = -1, found = [];

  /* Each cell's value at a moment, and whether the step before has changed it. */
  function stateAt(moment) {
    const state = data.cells.map((cell) => ({name: cell[0], value: cell[1], fresh: false}));
    for (const [step, cell, after] of data.changes) {
      if (step >= moment)
        break;
      state[cell].value = after;
      state[cell].fresh = step === moment - 1;
    }
    return state;
  }

  function stancesAt(moment) {
    const stances = [];
    for (const [from, actor, kind, text] of data.stances) {
      if (from > moment)
        break;
      stances[actor] = {kind, text};
    }
    return stances;
  }

  function line(table, name, nameClass, value, lineClass, valueClass) {
    const tr = table.insertRow();
    const head = tr.insertCell(), cell = tr.insertCell();
    head.textContent = name;
    head.className = nameClass;
    cell.textContent = value;
    cell.className = valueClass;
    tr.className = lineClass;
  }

  function showScene(moment, fresh) {
    const state = document.getElementById("state"), actors = document.getElementById("actors");
    state.replaceChildren();
    actors.replaceChildren();
    for (const cell of stateAt(moment))
      line(state, cell.name, "", cell.value === null ? "?" : cell.value,
           fresh && cell.fresh ? "new" : "", "");
    stancesAt(moment).forEach((stance, i) => {
      line(actors, data.actors[i], "c" + i % data.colours, stance.kind + " " + stance.text, "",
           stance.kind.split(" ")[0]);
    });
    for (const title of document.querySelectorAll(".moment"))
      title.textContent = moment ? "after step " + (moment - 1) : "at the beginning";
  }

  function pick(i, keepScroll) {
    if (!rows.length)
      return;
    if (at >= 0) {
      rows[at].classList.remove("on");
      const before = document.getElementById(rows[at].id.replace("r", "d"));
      if (before)
        before.classList.remove("on");
    }
    at = Math.max(0, Math.min(rows.length - 1, i));
    const row = rows[at], arrow = document.getElementById(row.id.replace("r", "d"));
    row.classList.add("on");
    if (arrow)
      arrow.classList.add("on");
    showScene(Number(row.dataset.m), row.querySelector(".number") !== null);
    if (!keepScroll) {
      const box = scroll.getBoundingClientRect(), own = row.getBoundingClientRect();
      scroll.scrollTop += own.top - box.top - scroll.clientHeight / 2;
    }
  }

  /* The next row, in that direction, that is so; else it stays. */
  function seek(direction, isIt) {
    for (let i = at + direction; i >= 0 && i < rows.length; i += direction)
      if (isIt(rows[i], i))
        return pick(i);
  }
  const isSwitch = (row, i) => i > 0 && row.dataset.a !== rows[i - 1].dataset.a;
  const isPreemption = (row) => "p" in row.dataset;
  const isWrong = (row) => row.classList.contains("wrong");
  const isStep = (row) => row.querySelector(".number") !== null || isWrong(row);

  function find() {
    const text = search.value.trim().toLowerCase();
    found = text ? rows.filter((row) => row.textContent.toLowerCase().includes(text)) : [];
    for (const row of rows)
      row.classList.toggle("found", found.includes(row));
    count.textContent = text ? found.length + " found" : "";
  }
  function nextFound(direction) {
    seek(direction, (row) => found.includes(row));
  }

  const keys = {
    ArrowDown: () => seek(1, isStep), ArrowUp: () => seek(-1, isStep),
    j: () => seek(1, isStep), k: () => seek(-1, isStep),
    s: () => seek(1, isSwitch), S: () => seek(-1, isSwitch),
    p: () => seek(1, isPreemption), P: () => seek(-1, isPreemption),
    n: () => nextFound(1), N: () => nextFound(-1),
    Home: () => pick(0), End: () => pick(rows.length - 1),
    w: () => { at = -1; seek(1, isWrong); },
    "/": () => { search.focus(); search.select(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey)
      return;
    if (event.target === search) {
      if (event.key === "Enter") {
        nextFound(event.shiftKey ? -1 : 1);
        search.blur();
      } else if (event.key === "Escape") {
        search.blur();
      }
      return;
    }
    if (Object.prototype.hasOwnProperty.call(keys, event.key)) {
      event.preventDefault();
      keys[event.key]();
    }
  });
  for (const button of document.querySelectorAll("button[data-key]"))
    button.addEventListener("click", () => keys[button.dataset.key]());
  search.addEventListener("input", find);
  rows.forEach((row, i) => row.addEventListener("click", () => pick(i, true)));
  window.addEventListener("hashchange", follow);
  function follow() {
    const i = rows.findIndex((row) => "#" + row.id === location.hash);
    if (i >= 0)
      pick(i);
    return i >= 0;
  }
  document.documentElement.classList.add("script");
  if (!follow())
    keys.w();
  if (at < 0)
    pick(0);
})();
