/**
 * Where a linted file stands in the workspace.
 *
 * @module
 */
const ROOT = new URL("../../", import.meta.url);

/** The path below the root, with forward slashes; as it came for a file from elsewhere. */
export function placeOf(filename: string): string {
  const url = filename.startsWith("file:") ? filename : new URL(`file://${filename}`).href;
  return url.startsWith(ROOT.href) ? decodeURIComponent(url.slice(ROOT.href.length)) : filename;
}

/** The package that a path below the root is in; empty for the root's own files. */
export function packageOf(place: string): string {
  const slash = place.indexOf("/");
  return slash < 0 ? "" : place.slice(0, slash);
}

/**
 * Whether a relative specifier leaves the package of the file that it stands in: upwards, or,
 * from a file of the root, down into a member.
 */
export function leavesPackage(place: string, specifier: string): boolean {
  if (!/^\.\.?(\/|$)/.test(specifier)) return false;
  const directories = place.split("/").slice(0, -1);
  const steps = [...directories, ...specifier.split("/")];
  const target: string[] = [];
  for (const step of steps) {
    if (step === ".." && target.length === 0) return true;
    if (step === "..") target.pop();
    else if (step !== "." && step !== "") target.push(step);
  }
  return packageOf(place) !== packageOf(target.join("/"));
}

/** Whether a file is there for tests or benchmarks. */
export function isTest(place: string): boolean {
  return place.startsWith("tests/") || /_(test|bench)\.ts$|\/testing\//.test(place);
}

/** Whether a file is there for tests, benchmarks or the checks. */
export function isForDevelopment(place: string): boolean {
  return /^(tools|bench)\//.test(place) || isTest(place);
}
