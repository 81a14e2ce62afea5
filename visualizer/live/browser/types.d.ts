/** What Python and Streamlit hand over, and what stands on a page; for the type checker alone. */

/** One trace of a figure, of any kind: what a kind does not have is not asked of it. */
export interface Trace {
  type: "bar" | "scatter" | "heatmap" | "image";
  x: number[];
  y: number[];
  z: number[][];
  base?: number | number[];
  width: number | number[];
  offset?: number;
  text: any[];
  customdata?: any;
  textfont: { size: number };
  mode: string;
  marker?: object;
  fill?: string;
  /** "y2" on the upper of two panels. */
  yaxis?: string;
  xgap: number;
  ygap: number;
}

/** What is read of the options of an axis. */
export interface Options {
  visible?: boolean;
  side?: string;
  range?: [number, number];
  type?: string;
}

export interface Layout {
  title: { text: string; font?: { size?: number } };
  font: { size: number };
  height: number;
  margin: { l: number; r: number; t: number; b: number };
  meta: {
    alt: string;
    rows?: number;
    /** The share of the room of a higher window that it takes. */
    tall?: number;
    /** Of its height to its width, where one scale holds for both axes. */
    ratio?: number;
    /** What its handle says of itself, where it moves in a plane. */
    said?: string;
  };
  xaxis: Options;
  yaxis: Options;
  yaxis2?: Options;
  shapes?: { line?: object }[];
  annotations?: { text: string; y?: number; yref?: string; yanchor?: string }[];
  coloraxis: { cmin: number; cmax: number };
  paper_bgcolor?: string;
}

/** A figure as Python draws it. */
export interface Figure {
  data: Trace[];
  layout: Layout;
  /** At a step of a lecture: what came before it, or comes later. */
  state?: "past" | "future";
  handles?: import("./handles.js").Handles;
  /** What can be pointed at, and what it is made of. */
  elements?: import("./links.js").Elements;
  /** On a figure whose columns are inputs: the field that names one, and how many there are. */
  select?: { field: string; count: number };
}

/** An element of a formula: with a text, with children, or with one of its numbers. */
export interface Term {
  tag: string;
  text?: string;
  /** Its place among the numbers. */
  number?: number;
  children?: Term[];
  /** The item of a figure that it stands for, such as "g:0". */
  of?: string;
  color?: string;
}

/** A formula as Python draws it: its lines, and its numbers where a figure has its traces. */
export interface Formula {
  data: Partial<Trace>[];
  layout: Layout;
  /** None at a step of a lecture that comes before it. */
  formula?: Term[][];
  state?: "past" | "future";
}

/** What takes steps, as Python draws it: the number taken, and what its buttons need. */
export interface Walk {
  data: Partial<Trace>[];
  layout: Layout;
  /** None at a step of a lecture that comes before it. */
  stepper?: {
    field: string;
    label: string;
    most: number;
    /** Figures of which a step moves the numbers and nothing else. */
    moves: string[];
  };
  state?: "past" | "future";
}

/** What a drag moves of a figure: of each trace the arrays that moved, and parts of the layout. */
export interface Moved {
  data: Partial<Trace>[];
  layout?: Partial<Layout>;
  /** Of its elements, where they are not in the data. */
  numbers?: (number | string | null)[];
  /** Of its handles, where what was dragged elsewhere has pushed them. */
  handles?: number[];
}

/** The element on which Plotly draws. */
export type Plot = HTMLElement & { data?: Trace[] };

/** What Python says to one mounted element, each time the script runs. */
export interface Data {
  kind: "figure" | "formula" | "words" | "stepper" | "range" | "saver" | "waker" | "fold" | "slide" | "code";
  page: string;
  name: string;
  content: any;
  query: Record<string, string>;
  live: boolean;
  /** Whether a drag is computed when the hand lets go only. */
  late: boolean;
  ack: number;
  session: string;
  rank: number;
  /** Whether it stays in view on a phone. */
  docked?: boolean;
  lane: string;
  plotly: string;
  /** On a figure: tooltips of its handles, and the hint at the first visit. */
  tips?: import("./handles.js").Tips;
  /** Of the saver: whether something depends on what is dragged that the fast lane does not tell. */
  follows?: boolean;
  /** Of the saver: whether another run follows at once, which has more to say. */
  again?: boolean;
  /** Of the saver: how often the script has told of the page. */
  run?: number;
  /** Of the saver: what belongs in the address bar, where it has room. */
  link?: Record<string, string> | null;
  /** Of the saver: whether no figure was drawn in this run. */
  alone?: boolean;
  /** Of the saver: the drag that the page does by itself, if there is one. */
  play?: import("./play.js").Play | null;
  /** Of the saver: keys that mean something of its own on this page. */
  keys?: string[];
}

/** An element as Streamlit hands it over. */
export interface Component {
  data: Data;
  parentElement: HTMLElement;
  setStateValue(name: string, value: object): void;
}

/** What stands on a page: a figure, a control, or the saver. */
export interface Mount {
  /** As Streamlit handed it over last. */
  component: Component;
  /** Whether something of it is in the hand. */
  held?: boolean;
  show(content: any): void;
  move?(moved: Moved): void;
  /** Itself, where it is a figure or a formula. */
  picture?: Picture;
}

/** A figure or a formula, in the hands of a lecturer. */
export interface Picture {
  root: HTMLElement;
  /** Its place among the figures of the page: 0 is the result. */
  rank?: number;
  /** Whether its numbers are hidden. */
  quiet: boolean;
  hush(quiet: boolean): void;
  enlarge(scale: number): void;
  /** The height that it has may be another one now. */
  heightened(): void;
  /** Of a figure: the array that it shows. */
  array?: string;
  unzoom?(): void;
  /** Of a formula: hides the numbers of arrays. */
  keep?(secret: Set<string>): void;
}

declare global {
  const Plotly: {
    react(plot: Plot, data: Trace[], layout: object, config: object): void;
    relayout(plot: Plot, changes: object): void;
    purge(plot: Plot): void;
    toImage(figure: object, options: object): Promise<string>;
  };
}
