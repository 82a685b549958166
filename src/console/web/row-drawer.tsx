import type { TableColumn, TableView, WholeRow } from "../views.ts";
import { get, useLoaded } from "./api.ts";
import { formatCount, showCell, showText } from "./format.ts";
import { Drawer, Problem } from "./parts.tsx";

/** A row whole: what was sent, what came back, the fields, everything. */
export function RowDrawer({
  base,
  row,
  table,
  onClose,
}: {
  base: string;
  row: number;
  table: TableView;
  onClose: () => void;
}) {
  const { data, error } = useLoaded(() => get<WholeRow>(`${base}/rows/${row}`), [base, row]);
  const raw = data?.cells[table.rawColumn];
  const section = (of: TableColumn["of"], title: string) => (
    <section>
      <h3>{title}</h3>
      <dl class="cells">
        {table.columns
          .filter((column) => column.of === of && column.name !== table.rawColumn)
          .map(({ name }) => (
            <div key={name}>
              <dt>{showText(name)}</dt>
              <dd>{showCell(data?.cells[name])}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
  return (
    <Drawer title={`Row ${formatCount(row)}`} onClose={onClose}>
      <Problem error={error} />
      {data !== undefined && (
        <>
          {section("answer", "Answer")}
          <section>
            <h3>Prompt as sent</h3>
            {data.prompt === undefined ? (
              <p class="soft">the request is not on this disk any more</p>
            ) : (
              <pre tabIndex={0}>{showText(data.prompt)}</pre>
            )}
          </section>
          {section("input", "Input")}
          {section("meta", "About the answer")}
          {typeof raw === "string" && (
            <section>
              <h3>Raw answer</h3>
              <pre tabIndex={0}>{showText(pretty(raw))}</pre>
            </section>
          )}
          {data.request !== undefined && (
            <section>
              <h3>Request as JSON</h3>
              <pre tabIndex={0}>{showText(pretty(data.request))}</pre>
            </section>
          )}
        </>
      )}
    </Drawer>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
