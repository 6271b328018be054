// The editor: CodeMirror with Python, a mark on the line of an error, and where each thread is.
// SPDX-License-Identifier: MIT
// @ts-check

import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import {
  bracketMatching,
  HighlightStyle,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, RangeSet, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  drawSelection,
  dropCursor,
  EditorView,
  gutter,
  GutterMarker,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  rectangularSelection,
  WidgetType,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** After Esc, Tab moves the focus for this long, instead of indenting. */
const TAB_LEAVES_MS = 10_000;

/** @type {import("@codemirror/state").StateEffectType<{line: number, message: string} | null>} */
const setError = StateEffect.define();

/** @typedef {{line: number, name: string, colour: number}} ThreadPlace */
/** @type {import("@codemirror/state").StateEffectType<ThreadPlace[]>} */
const setThreads = StateEffect.define();

/** The message of an error, below its line. */
class ErrorMessage extends WidgetType {
  /** @param {string} message */
  constructor(message) {
    super();
    this.message = message;
  }

  /** @param {ErrorMessage} other */
  eq(other) {
    return other.message === this.message;
  }

  toDOM() {
    const element = document.createElement("div");
    element.className = "error-message";
    element.textContent = this.message;
    return element;
  }
}

/** The mark of one error; editing the text takes it away. */
const errorMark = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(setError)) continue;
      if (!effect.value || effect.value.line > transaction.state.doc.lines) return Decoration.none;
      const line = transaction.state.doc.line(effect.value.line);
      const ranges = [Decoration.line({ class: "error-line" }).range(line.from)];
      if (effect.value.message) {
        const widget = new ErrorMessage(effect.value.message);
        ranges.push(Decoration.widget({ widget, side: 1, block: true }).range(line.to));
      }
      return Decoration.set(ranges);
    }
    return transaction.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Around a marked line: its message is below it. */
const MARGINS = /** @type {const} */ ({ y: "nearest", yMargin: 60 });

const MAX_DOTS = 6;

/** Dots for the threads that are on a line. */
class ThreadDots extends GutterMarker {
  /** @param {ThreadPlace[]} threads */
  constructor(threads) {
    super();
    this.threads = threads;
  }

  /** @param {ThreadDots} other */
  eq(other) {
    return JSON.stringify(other.threads) === JSON.stringify(this.threads);
  }

  toDOM() {
    const element = document.createElement("span");
    element.className = "thread-dots";
    element.title = this.threads.map(({ name }) => name).join(", ");
    for (const { colour } of this.threads.slice(0, MAX_DOTS)) {
      element.appendChild(document.createElement("i")).className = `thread-${colour}`;
    }
    return element;
  }
}

const threadDots = StateField.define({
  create: () => /** @type {RangeSet<GutterMarker>} */ (RangeSet.empty),
  update(dots, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(setThreads)) continue;
      const byLine = Map.groupBy(effect.value, ({ line }) => line);
      const { doc } = transaction.state;
      const lines = [...byLine].filter(([line]) => line >= 1 && line <= doc.lines);
      return RangeSet.of(
        lines.map(([line, threads]) => new ThreadDots(threads).range(doc.line(line).from)),
        /*sort=*/ true,
      );
    }
    return dots.map(transaction.changes);
  },
});

// Colours are the page's, so that light and dark are one style sheet's business.
const highlighting = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--code-keyword)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--code-string)" },
  { tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  {
    tag: [tags.function(tags.definition(tags.variableName)), tags.definition(tags.className)],
    color: "var(--code-definition)",
  },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: "var(--code-call)" },
  { tag: [tags.meta, tags.self], color: "var(--code-meta)" },
]);

/**
 * @example
 * const editor = new Editor(element, { onChange: () => {}, commands: [{ key: "Mod-Enter", run }] });
 */
export class Editor {
  #view;
  #dark = new Compartment();
  /** @type {Map<string, EditorState>} the states of files that are not in view, with their undo history */
  #states = new Map();
  #file = "";
  #extensions;

  /**
   * @param {HTMLElement} parent
   * @param {{onChange: () => void, commands: import("@codemirror/view").KeyBinding[]}} settings
   */
  constructor(parent, { onChange, commands }) {
    this.#extensions = [
      keymap.of(commands),
      lineNumbers(),
      gutter({ class: "thread-gutter", markers: (view) => view.state.field(threadDots) }),
      highlightActiveLineGutter(),
      highlightActiveLine(),
      highlightSpecialChars(),
      history(),
      drawSelection(),
      dropCursor(),
      EditorState.allowMultipleSelections.of(true),
      rectangularSelection(),
      indentUnit.of("    "),
      EditorState.tabSize.of(4),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      autocompletion(),
      highlightSelectionMatches(),
      syntaxHighlighting(highlighting),
      errorMark,
      threadDots,
      keymap.of([
        ...closeBracketsKeymap,
        ...completionKeymap,
        ...searchKeymap,
        ...historyKeymap,
        ...defaultKeymap,
        indentWithTab,
        { key: "Escape", run: letTabLeave },
      ]),
      EditorView.contentAttributes.of({ "aria-describedby": "editor-help", spellcheck: "false" }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) onChange();
      }),
    ];
    this.#view = new EditorView({ parent });
  }

  /** The file in view. */
  get file() {
    return this.#file;
  }

  get text() {
    return this.#view.state.doc.toString();
  }

  /**
   * The text of a file that has been opened.
   * @param {string} file
   */
  textOf(file) {
    return file === this.#file ? this.text : this.#states.get(file)?.doc.toString();
  }

  /**
   * Shows a file; its text is taken the first time only.
   * @param {string} file
   * @param {string} [text]
   */
  open(file, text = "") {
    if (this.#file) this.#states.set(this.#file, this.#view.state);
    const known = this.#states.get(file);
    this.#file = file;
    this.#view.setState(
      known ??
        EditorState.create({
          doc: text,
          extensions: [
            this.#extensions,
            this.#dark.of(EditorView.darkTheme.of(this.#isDark)),
            file.endsWith(".py") ? python() : EditorView.lineWrapping,
            EditorView.contentAttributes.of({ "aria-label": `Editor: ${file}` }),
          ],
        }),
    );
    this.setDark(this.#isDark);
  }

  /** @param {string} file not the one in view */
  forget(file) {
    this.#states.delete(file);
  }

  /**
   * Replaces the text of the file in view, as an edit: undo brings the old one back.
   * @param {string} text
   */
  replace(text) {
    this.#view.dispatch({
      changes: { from: 0, to: this.#view.state.doc.length, insert: text },
      selection: { anchor: 0 },
    });
    this.#view.scrollDOM.scrollTop = 0;
  }

  /**
   * Goes to a line.
   * @param {number} line 1 is the first
   */
  goTo(line) {
    const { doc } = this.#view.state;
    const { from } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    this.#view.dispatch({
      selection: { anchor: from },
      effects: EditorView.scrollIntoView(from, { y: "center" }),
    });
    this.#view.focus();
  }

  /**
   * Marks the line of an error in the file in view, and brings it into sight.
   * @param {{line: number, message: string} | null} error null: no mark
   */
  markError(error) {
    this.#view.dispatch({ effects: setError.of(error) });
    this.showError();
  }

  /** Brings the marked line, if there is one, into sight. */
  showError() {
    const mark = this.#view.state.field(errorMark, false)?.iter();
    if (mark?.value) this.#view.dispatch({ effects: EditorView.scrollIntoView(mark.from, MARGINS) });
  }

  /** @param {ThreadPlace[]} places where the threads are in the file in view */
  showThreads(places) {
    this.#view.dispatch({ effects: setThreads.of(places) });
  }

  #isDark = false;

  /** @param {boolean} dark */
  setDark(dark) {
    this.#isDark = dark;
    if (this.#file) this.#view.dispatch({ effects: this.#dark.reconfigure(EditorView.darkTheme.of(dark)) });
  }

  focus() {
    this.#view.focus();
  }
}

/** @param {EditorView} view */
function letTabLeave(view) {
  view.setTabFocusMode(TAB_LEAVES_MS);
  return false;
}
