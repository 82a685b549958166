-- Concerns by their severity, with the number of conversations that have one, and an example.
SELECT c.severity, count(*) AS concerns, count(DISTINCT concat(meeting, topic)) AS conversations,
  any_value(c.concern) AS example
FROM (SELECT meeting, topic, unnest(concerns) AS c FROM results)
GROUP BY c.severity ORDER BY concerns DESC
