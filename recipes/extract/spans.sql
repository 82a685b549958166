-- Whether every name that the model gave occurs in its text, letter by letter; by the type of the name.
SELECT e.type, count(*) AS names, count(*) FILTER (contains(t.text, e.text)) AS in_the_text,
  count(*) FILTER (NOT contains(t.text, e.text)) AS made_up,
  any_value(concat(t.id, ': ', e.text)) FILTER (NOT contains(t.text, e.text)) AS example_made_up
FROM (SELECT id, text, unnest(entities) AS e FROM results) t
GROUP BY e.type ORDER BY names DESC, e.type
