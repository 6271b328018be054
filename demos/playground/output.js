// The output pane: text in order, who wrote it, links from tracebacks to the editor.
// SPDX-License-Identifier: MIT
// @ts-check
//
// Lines are kept in blocks of the page's own text, and the browser skips the layout of blocks that are
// out of sight (content-visibility). So 100,000 lines cost little, and selecting, copying, finding and
// reading aloud work as anywhere in a page. What arrives is put into the page once a frame.

/** @typedef {"out" | "err" | "in" | "note"} Kind in: what the user typed; note: the playground's own words */
/** @typedef {{name: string, colour: number}} Writer colour 0: the main thread */
/** @typedef {{text: string, kind: Kind, writer: Writer | undefined}} Piece */

const BLOCK_LINES = 200;
/** A line longer than this goes on in a new line. */
const MAX_LINE = 10_000;
/** Older output is dropped. */
const MAX_BLOCKS = 1000;
const LINE_PX = 20;
/** 'File "main.py", line 3' and "main.py:3". */
const PLACE = /File "([^"\n]+)", line (\d+)|\b([\w./-]+\.py):(\d+)/g;

/**
 * @example
 * const output = new Output(element, { onPlace: (file, line) => editor.show(file, line) });
 * output.write("hello\n", "out");
 */
export class Output {
  #element;
  #scroller;
  #onPlace;
  /** @type {Piece[]} what is not in the page yet */
  #arrived = [];
  /** @type {Piece[]} the line that has no end yet */
  #line = [];
  #lineElement;
  /** @type {{element: HTMLElement, lines: number, last?: {element: HTMLElement, piece: Piece}} | undefined} */
  #block;
  #scheduled = false;
  /** The last text ended with a carriage return: what comes next tells whether it begins the line again. */
  #returned = false;
  /** @type {HTMLElement | undefined} says that there was more */
  #droppedNote;

  /**
   * @param {HTMLElement} element a scrolling element
   * @param {{onPlace: (file: string, line: number) => void}} events
   */
  constructor(element, { onPlace }) {
    this.#scroller = element;
    this.#element = element.appendChild(document.createElement("div"));
    this.#lineElement = element.appendChild(block("line"));
    this.#onPlace = onPlace;
    element.addEventListener("click", (event) => this.#followLink(event));
  }

  /**
   * Adds text; it shows in the next frame.
   * @param {string} text
   * @param {Kind} kind
   * @param {Writer} [writer]
   */
  write(text, kind, writer) {
    const last = this.#arrived.at(-1);
    if (last && last.kind === kind && last.writer === writer) last.text += text;
    else this.#arrived.push({ text, kind, writer });
    if (this.#scheduled) return;
    this.#scheduled = true;
    // Pages out of sight get no frames.
    if (document.hidden) setTimeout(() => this.flush(), 100);
    else requestAnimationFrame(() => this.flush());
  }

  /**
   * Adds a line, or several, that do not continue what the program has printed.
   * @param {string} text
   * @param {Kind} kind
   */
  writeLine(text, kind) {
    this.flush();
    this.write(`${this.#line.length ? "\n" : ""}${text}\n`, kind);
  }

  clear() {
    this.#arrived = [];
    this.#line = [];
    this.#returned = false;
    this.#block = undefined;
    this.#droppedNote?.remove();
    this.#droppedNote = undefined;
    this.#element.replaceChildren();
    this.#lineElement.replaceChildren();
  }

  /** Everything that is there, as text. */
  get text() {
    this.flush();
    const blocks = Array.from(this.#element.children, (element) => element.textContent);
    return blocks.join("") + this.lastLine;
  }

  /** The line that has no end yet: a prompt, if somebody waits for input. */
  get lastLine() {
    return this.#line.map((piece) => piece.text).join("");
  }

  scrollToEnd() {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  /** Whether the end is in sight. */
  get atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < 3 * LINE_PX;
  }

  /** Puts what has arrived into the page. */
  flush() {
    this.#scheduled = false;
    if (this.#arrived.length === 0) return;
    const follow = this.atEnd;
    for (const piece of this.#arrived) this.#add(piece);
    this.#arrived = [];
    this.#lineElement.replaceChildren(...this.#line.map((piece, index) => render(piece, index === 0)));
    this.#dropOld();
    if (follow) this.scrollToEnd();
  }

  /** @param {Piece} piece */
  #add({ text: arrived, kind, writer }) {
    const text = this.#returned ? `\r${arrived}` : arrived;
    this.#returned = text.endsWith("\r");
    const end = text.lastIndexOf("\n") + 1;
    if (end > 0) {
      const [first] = /^[^\n]*\n/.exec(text) ?? [""];
      this.#extendLine({ text: first, kind, writer });
      for (const [index, piece] of this.#line.entries()) this.#put(piece, index === 0);
      this.#line = [];
      this.#putLines({ text: text.slice(first.length, end), kind, writer });
    }
    this.#extendLine({ text: text.slice(end), kind, writer });
  }

  /**
   * Adds to the line that has no end yet. A carriage return begins it again.
   * @param {Piece} piece
   */
  #extendLine({ text, kind, writer }) {
    const returned = text.replace(/\r+(?=\n|$)/, "").lastIndexOf("\r") + 1;
    if (returned > 0) this.#line = [];
    const last = this.#line.at(-1);
    const rest = text.slice(returned).replace(/\r+(?=\n|$)/, "");
    if (rest === "") return;
    if (last?.kind === kind && last.writer === writer) last.text += rest;
    else this.#line.push({ text: rest, kind, writer });
    if (this.lastLine.length > MAX_LINE) {
      for (const [index, piece] of this.#line.entries()) this.#put(piece, index === 0);
      this.#line = [];
      this.#block = undefined;
    }
  }

  /**
   * Whole lines, a block's worth at a time.
   * @param {Piece} piece
   */
  #putLines({ text, kind, writer }) {
    const lines = text.includes("\r") ? text.replace(/^.*\r(?!\n|$)/gm, "").replaceAll("\r", "") : text;
    for (let start = 0; start < lines.length;) {
      let room = BLOCK_LINES - (this.#block?.lines ?? 0);
      let end = start;
      do end = lines.indexOf("\n", end) + 1;
      while (--room > 0 && end > 0 && end < lines.length);
      this.#put({ text: lines.slice(start, end), kind, writer }, true);
      start = end;
    }
  }

  /**
   * @param {Piece} piece of one line, or of whole lines
   * @param {boolean} startsLine
   */
  #put(piece, startsLine) {
    if (!this.#block || (startsLine && this.#block.lines >= BLOCK_LINES)) {
      this.#block = { element: this.#element.appendChild(block("lines")), lines: 0 };
    }
    const { last } = this.#block;
    if (
      last &&
      last.piece.kind === piece.kind &&
      last.piece.writer === piece.writer &&
      piece.kind === "out"
    ) {
      last.element.append(piece.text);
    } else {
      this.#block.last = { element: this.#block.element.appendChild(render(piece, startsLine)), piece };
    }
    for (let at = piece.text.indexOf("\n"); at >= 0; at = piece.text.indexOf("\n", at + 1))
      this.#block.lines++;
    this.#block.element.style.containIntrinsicBlockSize = `auto ${this.#block.lines * LINE_PX}px`;
  }

  #dropOld() {
    let tooMany = this.#element.childElementCount - MAX_BLOCKS;
    if (tooMany <= 0) return;
    for (; tooMany > 0; tooMany--) this.#element.firstElementChild?.remove();
    if (this.#droppedNote) return;
    const text = `Output before the last ${MAX_BLOCKS * BLOCK_LINES} lines was dropped.\n`;
    this.#droppedNote = render({ text, kind: "note", writer: undefined }, true);
    this.#element.before(this.#droppedNote);
  }

  /** @param {MouseEvent} event */
  #followLink(event) {
    const link = /** @type {HTMLElement} */ (event.target).closest("a");
    if (!link) return;
    event.preventDefault();
    this.#onPlace(link.dataset.file ?? "", Number(link.dataset.line));
  }
}

/** @param {string} name */
function block(name) {
  const element = document.createElement("div");
  element.className = name;
  return element;
}

/**
 * @param {Piece} piece
 * @param {boolean} startsLine
 */
function render({ text, kind, writer }, startsLine) {
  const element = document.createElement("span");
  element.className = `${kind}${startsLine ? " starts" : ""}${writer ? ` thread-${writer.colour}` : ""}`;
  if (writer) element.dataset.writer = writer.colour === 0 ? "main" : writer.name;
  if (kind === "err" || kind === "note") element.append(...withLinks(text));
  else element.textContent = text;
  return element;
}

/** @param {string} text */
function* withLinks(text) {
  let end = 0;
  for (const match of text.matchAll(PLACE)) {
    const file = match[1] ?? match[3];
    if (/^<|^\/usr\//.test(file)) continue; // not the user's
    yield text.slice(end, match.index);
    const link = document.createElement("a");
    link.href = "#";
    link.dataset.file = file;
    link.dataset.line = match[2] ?? match[4];
    link.textContent = match[0];
    yield link;
    end = match.index + match[0].length;
  }
  yield text.slice(end);
}
