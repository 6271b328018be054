// Python programs are bundled as text.
declare module "*.py" {
  const text: string;
  export default text;
}

// What scripts/playground.js puts into the service worker.
declare const HEDDLE_VERSION: string;
declare const HEDDLE_FILES: string[];
