"""The full-screen review of a worksheet in a terminal: the passage, the fields, one key per decision."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterator, Sequence

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Vertical, VerticalScroll
from textual.events import Key
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static

from onrecord.curate.columns import column, hops_in, terms
from onrecord.curate.reviewing import Mark, Review, candidates, marks
from onrecord.curate.worksheet import Row
from onrecord.findings import PackageError

__all__ = ["ReviewApp", "marked"]

# Brackets and not colour alone, so that the parts are told apart on any terminal and by any eye.
_STYLES = {
    "content": ("[", "]", "bold underline"),
    "cue": ("{", "}", "italic magenta"),
    "source": ("<", ">", "bold cyan"),
    "time": ("(", ")", "yellow"),
    "condition": ("(", ")", "yellow"),
}
_LETTERS = string.ascii_letters + string.digits
_GUESS = "bold reverse yellow"
_KEYS = "a accept  e edit  r reject  m merge  c copy  u undo  1-9 proposition  ? help  q quit"
_HELP = """\
 a      accept the row as it stands       n, right      next row
 e      edit a field of it                p, left       previous row
 r      reject it                         up, down      scroll the text
 m      merge its spans into another      pgup, pgdown  scroll the fields
 c      copy it, for a claim left out     /             search all cells
 u      undo the last change
 1 - 9  take that proposition             t             text or passage
 0      none: a new proposition           q             save and quit

After a decision the next undecided row comes by itself. Every change is
saved at once: closing the terminal loses nothing.

A "?" marks a guess, "*" the proposition that is taken. To edit a field is
to accept the row as changed; you stay at it, and a goes on. For a span
its words may be typed.

[what is claimed]   {that it is said}   <who says it>   (when, or if)

Any key goes back."""
_ORDER = (
    "claim_summary", "speaker", "speaker_id", "stance", "certainty", "speech_act", "quote_type", "channel", "said_edtf",
    "said_basis", "claim_location", "claim_condition", "proposition", "proposition_kind", "window_edtf", "window_basis",
)  # fmt: skip
"""The fields that are edited most, first; the others follow in the order of the worksheet."""


def _shown(text: str) -> str:
    """Text of others, each character that a terminal would obey replaced by one that it shows."""
    return "".join(
        c if c.isprintable() or c == "\n" else " " if c.isspace() else "\N{REPLACEMENT CHARACTER}" for c in text
    )


def marked(text: str, offset: int, some: Sequence[Mark]) -> Text:
    """A stretch of a text, which begins at this offset, with brackets and styles where it is marked."""
    end = offset + len(text)
    inside = [m for m in some if m.span.start < end and m.span.end > offset]
    edges = {offset, end} | {min(max(n, offset), end) for m in inside for n in (m.span.start, m.span.end)}
    found = Text()
    at = offset
    for edge in sorted(edges):
        style = " ".join(_STYLES[m.part][2] for m in inside if m.span.start <= at and edge <= m.span.end)
        found.append(_shown(text[at - offset : edge - offset]), style)
        for m in sorted(inside, key=lambda m: -m.span.start):
            if m.span.end == edge and edge > offset:
                found.append(_STYLES[m.part][1], _STYLES[m.part][2])
        for m in sorted(inside, key=lambda m: -m.span.end):
            if m.span.start == edge:
                found.append(_STYLES[m.part][0], _STYLES[m.part][2])
        at = edge
    return found


class _Help(ModalScreen[None]):
    """All keys; any of them goes back."""

    def compose(self) -> ComposeResult:
        yield Static(Text(_HELP), classes="box")

    def on_key(self, event: Key) -> None:
        event.stop()
        self.dismiss(None)


class _Pick(ModalScreen[str]):
    """One of several things, by its letter or with the arrows and Enter; Escape takes none."""

    def __init__(self, title: str, options: Sequence[tuple[str, str, bool]]) -> None:
        super().__init__()
        self.title_text = title
        self.names = [name for name, _, _ in options]
        self.letters = dict(zip(_LETTERS, self.names, strict=False))
        width = max(map(len, self.names))
        self.lines = []
        for number, (name, value, guess) in enumerate(options):
            line = Text.assemble((f" {_LETTERS[number : number + 1] or ' '} ", "bold reverse"), f" {name:{width}} ")
            line.append("?" if guess else " ", _GUESS if guess else "")
            self.lines.append(line.append(f" {_shown(value)}".replace("\n", " "), "dim"))

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(Text(self.title_text, "bold"))
            yield OptionList(*self.lines, compact=True)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self.names[event.option_index])

    def on_key(self, event: Key) -> None:
        if event.key == "escape":
            event.stop()
            self.dismiss("")
        elif event.character in self.letters:
            event.stop()
            self.dismiss(self.letters[event.character])


class _Ask(ModalScreen[str | None]):
    """A line to be typed, checked as it is; Enter takes only what is right, Tab completes, Escape takes nothing."""

    def __init__(
        self, title: str, value: str, problem: Callable[[str], str], words: Sequence[str] = (), about: str = ""
    ) -> None:
        super().__init__()
        self.title_text, self.value, self.problem, self.words, self.about = title, value, problem, words, about

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(Text(self.title_text, "bold"))
            yield Static(Text(self.about, "dim"))
            yield Input(_shown(self.value), id="line", select_on_focus=False, compact=True)
            yield Static(id="verdict")
            yield Static(Text("Enter takes it, Tab completes, Escape leaves it as it was", "dim"))

    def on_mount(self) -> None:
        self.query_one(Input).focus()
        self._judge(self.value)

    def on_input_changed(self, event: Input.Changed) -> None:
        self._judge(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if not self.problem(event.value.strip()):
            self.dismiss(event.value.strip())

    def on_key(self, event: Key) -> None:
        if event.key == "escape":
            event.stop()
            self.dismiss(None)
        elif event.key == "tab":
            event.stop()
            event.prevent_default()
            line = self.query_one(Input)
            if fits := self._fits(line.value):
                line.value = fits[0]
                line.cursor_position = len(fits[0])

    def _fits(self, value: str) -> list[str]:
        return [word for word in self.words if word.casefold().startswith(value.strip().casefold())]

    def _judge(self, value: str) -> None:
        problem = self.problem(value.strip())
        text = Text(f"not yet: {problem}" if problem else "right", "bold red" if problem else "bold green")
        if self.words:
            fits = self._fits(value) if problem else []
            text.append("\n" + "  ".join(fits or self.words), "not bold default")
        self.query_one("#verdict", Static).update(text)


class ReviewApp(App[None]):
    """The screen of a review; all that it does to the worksheet is done by ``Review``."""

    ENABLE_COMMAND_PALETTE = False
    TITLE = "onrecord review"
    CSS = """
    #top { height: 1; background: $primary; color: $text; text-style: bold; text-wrap: nowrap; }
    #around { height: 1fr; min-height: 4; padding: 0 1; scrollbar-size-vertical: 1; }
    #legend { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; }
    #cells { height: auto; max-height: 9; padding: 0 1; scrollbar-size-vertical: 1; }
    #ranked { height: auto; max-height: 5; padding: 0 1; border-top: solid $primary; scrollbar-size-vertical: 1; }
    #candidates { text-wrap: nowrap; text-overflow: ellipsis; }
    #message { height: 1; padding: 0 1; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
    #keys { height: 1; padding: 0 1; background: $panel; text-wrap: nowrap; }
    ModalScreen { align: center middle; }
    .box { width: 78; max-width: 100%; height: auto; max-height: 100%; border: round $accent; padding: 0 1; background: $surface; }
    OptionList { height: auto; max-height: 20; text-wrap: nowrap; text-overflow: ellipsis; scrollbar-size-vertical: 1; }
    #line { width: 100%; background: $primary 30%; margin: 1 0; }
    """
    BINDINGS = [  # noqa: RUF012  # as Textual has it
        Binding("a", "decide('accept')", "accept"),
        Binding("r", "decide('reject')", "reject"),
        Binding("e", "edit", "edit"),
        Binding("m", "merge", "merge"),
        Binding("c", "copy", "copy"),
        Binding("u", "undo", "undo"),
        Binding("n,right", "move(1)", "next"),
        Binding("p,left", "move(-1)", "previous"),
        Binding("up", "scroll('#around', -2)", "up"),
        Binding("down", "scroll('#around', 2)", "down"),
        Binding("pageup", "scroll('#cells', -5)", "up"),
        Binding("pagedown", "scroll('#cells', 5)", "down"),
        Binding("slash", "search", "search"),
        Binding("t", "whole", "whole text"),
        Binding("question_mark", "help", "help"),
        Binding("q,ctrl+c", "quit", "quit"),
        *(Binding(str(n), f"choose({n})", "proposition") for n in range(10)),
    ]

    def __init__(self, review: Review) -> None:
        super().__init__()
        self.review = review
        self.whole = True
        self.searched = ""

    def compose(self) -> ComposeResult:
        yield Static(id="top")
        with VerticalScroll(id="around"):
            yield Static(id="before")
            yield Static(id="here")
            yield Static(id="after")
        yield Static(_legend(), id="legend")
        with VerticalScroll(id="cells"):
            yield Static(id="fields")
        with VerticalScroll(id="ranked"):
            yield Static(id="candidates")
        yield Static(id="message")
        yield Static(Text(_KEYS), id="keys")

    def on_mount(self) -> None:
        for scrolled in self.query(VerticalScroll):
            scrolled.can_focus = False
        self._show("")

    def action_decide(self, decision: str) -> None:
        self._try(self.review.accept if decision == "accept" else self.review.reject)

    def action_choose(self, number: int) -> None:
        self._try(lambda: self._choose(number), go_on=False)

    def _choose(self, number: int) -> str:
        if not self.review.choose(number):
            return f"there is no proposition {number}"
        if number:
            return f"proposition {number} is taken; does the claim still fit? a accepts"
        worded = self.review.worded
        return (
            f"its words are those of {worded} still; e rewords it" if worded else "a new one, of the words that stand"
        )

    def action_copy(self) -> None:
        def copied() -> str:
            return (
                f"{self.review.copy()} is a copy: e edits its content to the words of the other claim, u takes it back"
            )

        self._try(copied, go_on=False)

    def action_undo(self) -> None:
        self._try(lambda: "taken back" if self.review.undo() else "nothing to take back", go_on=False)

    def action_move(self, step: int) -> None:
        self.review.move(step)
        self._show("")

    def action_scroll(self, where: str, lines: int) -> None:
        self.query_one(where).scroll_relative(y=lines, animate=False)

    def action_whole(self) -> None:
        self.whole = not self.whole
        self._show(
            "" if self.review.text is not None else "the text of this source is not at hand (ONRECORD_TEXTS, --texts)"
        )

    def action_help(self) -> None:
        self.push_screen(_Help())

    def action_search(self) -> None:
        def found(words: str | None) -> None:
            if words or (words == "" and self.searched):
                self.searched = words or self.searched
                self._show("" if self.review.search(self.searched) else f"no row has {self.searched!r}")

        again = f"Enter alone: {self.searched!r} again" if self.searched else ""
        self.push_screen(_Ask("Search all cells", "", lambda _: "", about=again), found)

    def action_merge(self) -> None:
        targets = self.review.merge_targets()
        if not targets:
            self._show("there is no other row of this source to merge into")
            return

        def merge(target: str | None) -> None:
            if target:
                self._try(lambda: self.review.merge(target))

        rows = [(row["row_id"], row["content"] or row["claim_summary"], False) for row in targets]
        self.push_screen(_Pick("Merge the spans of this row into", rows), merge)

    def action_edit(self) -> None:
        guesses = self.review.row["guesses"].split()
        names = sorted(self.review.fields, key=lambda name: _ORDER.index(name) if name in _ORDER else len(_ORDER))
        options = [(name, self.review.row[name], name in guesses) for name in names]
        self.push_screen(_Pick("Edit which field? Type its letter; Escape goes back", options), self._edit)

    def _edit(self, name: str | None) -> None:
        if not name:
            return
        one = column(name)

        def edit(value: str | None) -> None:
            if value is not None and value != _shown(self.review.row[name]).strip():
                self._try(lambda: self._edited(name, value), go_on=False)

        words = terms(one, self.review.schemas) if one else []
        about = one.description if one else ""
        ask = _Ask(name, self.review.row[name], lambda value: self.review.problem(name, value), words, about)
        self.push_screen(ask, edit)

    def _edited(self, name: str, value: str) -> str:
        self.review.edit(name, value)
        return f"{name} is {self.review.row[name] or 'empty'}; e edits another field, a goes on"

    def _try(self, change: Callable[[], str | None], go_on: bool = True) -> None:
        """Make a change and say what became of it; after a decision go on to the next undecided row."""
        key = self.review.row["row_id"]
        try:
            said = change()
        except (PackageError, OSError) as error:
            self._show(str(error))
            return
        if go_on:
            said = f"{key}: {self.review.row['decision']}"
            if faults := self.review.faults:
                said += f", but {faults[0]} (p goes back)"
            if not self.review.next_open():
                said += "; every row is decided, q quits"
        self._show(said or "")

    def _show(self, message: str) -> None:
        review = self.review
        self.query_one("#top", Static).update(_top(review))
        before, here, after = _around(review, self.whole)
        self.query_one("#before", Static).update(before)
        self.query_one("#here", Static).update(here)
        self.query_one("#after", Static).update(after)
        self.query_one("#fields", Static).update(_fields(review.row))
        self.query_one("#message", Static).update(Text(_shown(message)))
        self.query_one("#candidates", Static).update(_candidates(review.row))
        self.query_one("#ranked").display = bool(candidates(review.row))
        for name in ("#cells", "#ranked"):
            self.query_one(name).scroll_home(animate=False)
        self.call_after_refresh(self._to_passage)

    def _to_passage(self) -> None:
        here = self.query_one("#here")
        self.query_one("#around").scroll_to_widget(here, animate=False, center=here.size.height < 4, top=True)


def _top(review: Review) -> Text:
    row = review.row
    state = {"": "open", "accept": "accepted", "edit": "accepted as edited", "reject": "rejected"}.get(row["decision"])
    text = Text(f" {_shown(row['row_id'])}  {state or 'merged into ' + _shown(row['merge_into'])}", no_wrap=True)
    ten = round(10 * review.decided / review.total)
    return text.append(
        f"   row {review.at + 1} of {review.total}   {review.decided} of {review.total} decided  {'#' * ten}{'.' * (10 - ten)}"
    )


def _around(review: Review, whole: bool) -> tuple[Text, Text, Text]:
    """The text before the paragraphs of the claim, these, and the text after them."""
    row, some = review.row, marks(review.row)
    text = review.text
    if text is None or not some:
        start = int(row["passage_start"]) if row["passage_start"].isdecimal() else 0
        known = row["passage"] if row["passage"] and row["passage_start"].isdecimal() else ""
        return Text(), marked(known, start, some) if known else Text(_shown(row["passage"] or row["content"])), Text()
    about = [m for m in some if m.part != "time"] or some
    first = text.rfind("\n", 0, about[0].span.start) + 1
    last = text.find("\n", max(m.span.end for m in about))
    last = len(text) if last < 0 else last
    if not whole:
        return Text(), marked(text[first:last], first, some), Text()
    return (
        marked(text[: max(first - 1, 0)], 0, some),
        marked(text[first:last], first, some),
        marked(text[last + 1 :], last + 1, some),
    )


def _legend() -> Text:
    text = Text()
    for part, words in (("content", "what is claimed"), ("cue", "that it is said"), ("source", "who says it")):
        left, right, style = _STYLES[part]
        text.append(f"{left}{words}{right}", style).append("  ")
    return text.append("(when, if)", _STYLES["time"][2]).append("  ").append("?", _GUESS).append(" a guess")


def _fields(row: Row) -> Text:
    """The row for people: one line for what belongs together, guesses marked."""
    guesses = row["guesses"].split()
    text = Text()
    for label, names in _lines(row):
        cells = [(name, row[name]) for name in names if row.get(name)]
        if not cells and label not in ("claim", "speaker"):
            continue
        text.append(f"{label:8}", "dim")
        for number, (name, cell) in enumerate(cells):
            text.append("  " if number else "").append(_shown(cell).replace("\n", " "), "" if number else "bold")
            text.append("?" if name in guesses else "", _GUESS)
        text.append("\n" if cells else "nobody\n")
    return text.append(f"{'why':8}{row['confidence']} {_shown(row['reason'])}", "dim")


def _lines(row: Row) -> Iterator[tuple[str, list[str]]]:
    """Labels, and the columns of which each line tells."""
    described = ["speaker_kind", "speaker_anonymity", "speaker_country", "speaker_sector"]
    yield "speaker", ["speaker", "speaker_id", *([] if row["speaker_id"] else described)]
    yield "says", ["stance", "certainty", "speech_act", "quote_type", "channel", "claim_location"]
    yield "said", ["said_edtf", "said_basis"]
    yield (
        "what",
        ["proposition", "proposition_id", "proposition_kind", "window_edtf", "place_id", "event_id", "subjects"],
    )
    yield "claim", ["claim_summary"]
    yield "if", ["claim_condition"]
    told = ("actor", "actor_id", "kind", "cue", "said_edtf", "channel")
    for number in range(1, hops_in(row) + 1):
        if row[f"hop_{number}_kind"]:
            yield f"hop {number}", [f"hop_{number}_{name}" for name in told]
    yield "remark", ["remark"]


def _candidates(row: Row) -> Text:
    """The ranked propositions, each with the key that takes it; the one that is taken has a star."""
    taken = row["proposition_id"]
    text = Text().append(f"{' ' if taken else '*'}0 a new proposition, of the words above\n", "" if taken else "bold")
    for number, one in enumerate(candidates(row)[:9], 1):
        star = one.proposition_id == taken
        line = f"{'*' if star else ' '}{number} {one.likeness} {one.proposition_id} {_shown(one.proposition)}\n"
        text.append(line.replace("\n", " ").rstrip() + "\n", "bold" if star else "")
    text.rstrip()
    return text
