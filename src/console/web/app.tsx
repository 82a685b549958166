import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ConsoleView } from "../views.ts";
import { DoctorPage, JobsPage } from "./account-pages.tsx";
import { get, listen, useLoaded } from "./api.ts";
import { ComparePage } from "./compare-page.tsx";
import { LabelPage } from "./label-page.tsx";
import { LocalPage } from "./local-page.tsx";
import { NewRunPage } from "./new-run/new-run-page.tsx";
import { Problem } from "./parts.tsx";
import { hrefTo, type Place, usePlace } from "./router.ts";
import { RowsPage } from "./rows-page.tsx";
import { RunPage } from "./run-page.tsx";
import { RunsPage } from "./runs-page.tsx";

const pages: readonly (readonly [path: string, title: string])[] = [
  ["runs", "Runs"],
  ["new", "New run"],
  ["compare", "Compare"],
  ["jobs", "Jobs"],
  ["doctor", "Doctor"],
  ["local", "Local service"],
];

function App() {
  const place = usePlace();
  const { data, error } = useLoaded(() => get<ConsoleView>("/api/console"), []);
  const [first = "runs"] = place.path;
  useEffect(() => {
    const title = pages.find(([path]) => path === first)?.[1] ?? "Runs";
    document.title = `${title} · halfprice`;
  }, [first]);
  // Where runs go to AWS there is no local service to look at.
  const shown = pages.filter(([path]) => path !== "local" || data?.isLocal === true);
  return (
    <>
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <header class="top">
        <a class="brand" href={hrefTo(["runs"])}>
          <img src="/icon.svg" alt="" width={22} height={22} /> halfprice
        </a>
        <nav aria-label="Pages">
          {shown.map(([path, title]) => (
            <a key={path} href={hrefTo([path])} aria-current={path === first ? "page" : undefined}>
              {title}
            </a>
          ))}
        </nav>
        {data?.isLocal === true && <span class="badge">local service: answers are simulated</span>}
        <ThemeButton />
      </header>
      <main id="main" tabIndex={-1}>
        <Problem error={error} />
        {data !== undefined && <Page place={place} view={data} />}
      </main>
    </>
  );
}

function Page({ place: { path, query }, view }: { place: Place; view: ConsoleView }) {
  const [first = "runs", id, part] = path;
  if (first === "new") return <NewRunPage console={view} />;
  if (first === "compare") return <ComparePage query={query} />;
  if (first === "jobs") return <JobsPage />;
  if (first === "local") return <LocalPage />;
  if (first === "doctor") return <DoctorPage console={view} />;
  if (id === undefined) return <RunsPage />;
  if (part === "rows") return <RowsPage id={id} query={query} />;
  if (part === "label") return <LabelPage key={id} id={id} />;
  return <RunPage key={id} id={id} />;
}

const darkScheme = matchMedia("(prefers-color-scheme: dark)");

/** As the system has it, until somebody chooses. */
function ThemeButton() {
  const [theme, setTheme] = useState(() => localStorage.getItem("theme") ?? "");
  const [isSystemDark, setSystemDark] = useState(() => darkScheme.matches);
  useEffect(() => {
    const onChange = (): void => setSystemDark(darkScheme.matches);
    darkScheme.addEventListener("change", onChange);
    return () => darkScheme.removeEventListener("change", onChange);
  }, []);
  useEffect(() => {
    if (theme === "") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
    localStorage.setItem("theme", theme);
  }, [theme]);
  const isDark = theme === "" ? isSystemDark : theme === "dark";
  return (
    <button type="button" class="quiet theme" onClick={() => setTheme(isDark ? "light" : "dark")}>
      {isDark ? "Light" : "Dark"}
    </button>
  );
}

listen();
const root = document.getElementById("app");
if (root !== null) render(<App />, root);
