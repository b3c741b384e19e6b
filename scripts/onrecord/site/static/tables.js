// What works better with a script on the pages of tables: the SQL editor, and where menus open.
"use strict";

const wide = matchMedia("(min-width: 44.01rem)");
for (const details of document.querySelectorAll("[data-open-wide]")) {
  const fit = () => { details.open = wide.matches; };
  fit();
  wide.addEventListener("change", fit);
}

for (const menu of document.querySelectorAll(".column-menu")) {
  const button = document.querySelector(`[popovertarget="${menu.id}"]`);
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "open") return;
    const at = button.getBoundingClientRect();
    const room = document.documentElement.clientWidth - menu.offsetWidth - 8;
    menu.style.margin = "0";
    menu.style.inset = "auto";
    menu.style.left = `${Math.max(8, Math.min(at.left, room))}px`;
    menu.style.top = `${Math.max(8, Math.min(at.bottom + 4, innerHeight - menu.offsetHeight - 8))}px`;
  });
}

const sql = document.getElementById("sql-editor");
if (sql && window.CodeMirror) {
  const editor = window.CodeMirror.fromTextArea(sql, { lineNumbers: true, mode: "text/x-sql", lineWrapping: true });
  editor.setOption("extraKeys", { "Shift-Enter": () => sql.form.requestSubmit(), Tab: false, "Shift-Tab": false });
  editor.getInputField().setAttribute("aria-label", "SQL, to be read by SQLite");
  const format = document.querySelector("[data-format]");
  if (format && window.sqlFormatter) {
    format.hidden = false;
    format.addEventListener("click", () => editor.setValue(window.sqlFormatter.format(editor.getValue())));
  }
}
