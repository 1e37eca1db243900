import assert from "node:assert/strict";
import { ARROWS } from "./arrows.ts";
import { checkProjects, realDependencies } from "./projects.ts";
import { fixtureWorkspace } from "./workspace_fixture.ts";

const TARGETS = { test: {}, lint: {}, "publish-check": {} };
const graph = [
  { file: "s3/mod.ts", imports: [] },
  { file: "auth/mod.ts", imports: [{ specifier: "@s3-edge-cache/s3", file: "s3/mod.ts" }] },
  { file: "auth/a_test.ts", imports: [{ specifier: "./mod.ts", file: "auth/mod.ts" }] },
  { file: "mod.ts", imports: [{ specifier: "@s3-edge-cache/auth", file: "auth/mod.ts" }] },
];

/** A workspace of every unit of the arrows, in which only these files differ. */
function workspaceWith(files: Readonly<Record<string, string>>) {
  const units = Object.keys(ARROWS).filter((unit) => !unit.endsWith(".ts"));
  const usual = units.flatMap((unit) => [
    [`${unit}/deno.json`, `{ "name": "@s3-edge-cache/${unit}" }`],
    [
      `${unit}/project.json`,
      JSON.stringify({
        name: unit,
        implicitDependencies: unit === "auth" ? ["s3"] : [],
        targets: TARGETS,
      }),
    ],
  ]);
  const door = { name: "s3-edge-cache", implicitDependencies: ["auth"], targets: TARGETS };
  return fixtureWorkspace({
    "deno.json": `{ "name": "@s3-edge-cache/s3-edge-cache" }`,
    "project.json": JSON.stringify(door),
    ...Object.fromEntries(usual),
    ...files,
  });
}

Deno.test("project files that tell the truth pass", async () => {
  assert.deepEqual(await checkProjects(workspaceWith({}), graph), []);
});

Deno.test("a dependency too few or too many is named", async () => {
  for (const implicitDependencies of [[], ["s3", "cache"]]) {
    const project = JSON.stringify({ name: "auth", implicitDependencies, targets: TARGETS });
    const found = await checkProjects(workspaceWith({ "auth/project.json": project }), graph);
    assert.match(found[0]?.message ?? "", /the imports say \[s3\]/);
  }
});

Deno.test("a wrong name and a missing target are named", async () => {
  const project = JSON.stringify({ name: "s4", targets: { test: {}, lint: {} } });
  const found = await checkProjects(workspaceWith({ "s3/project.json": project }), graph);
  assert.deepEqual(found.map(({ message }) => message), [
    "is named s4, not s3",
    "has no target publish-check",
  ]);
});

Deno.test("a member without a row in the arrows is named", async () => {
  const found = await checkProjects(
    workspaceWith({
      "extra/deno.json": "{}",
      "extra/project.json": JSON.stringify({ name: "extra", targets: TARGETS }),
    }),
    graph,
  );
  assert.deepEqual(found.map(({ file }) => file), ["tools/arrows.ts"]);
});

Deno.test("a deno.json that is no member is named", async () => {
  const workspace = workspaceWith({ "extra/deno.json": "{}" });
  const members = workspace.members.filter(({ directory }) => directory !== "extra");
  const found = await checkProjects({ ...workspace, members }, graph);
  assert.deepEqual(found.map(({ file }) => file), ["extra/deno.json"]);
});

Deno.test("the root's files are one project", () => {
  assert.deepEqual(realDependencies({ directory: ".", config: {} }, graph), ["auth"]);
});
