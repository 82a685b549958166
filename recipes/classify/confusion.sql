-- What people labelled, what the model answered, and how often: the confusions, the most frequent first.
-- The first row counts the messages on which both agree.
SELECT '(both agree)' AS labelled, '' AS answered, count(*) FILTER (intent = category) AS messages,
  round(count(*) FILTER (intent = category) / count(*), 3) AS share, round(avg(confidence) FILTER (intent = category), 2) AS confidence
FROM results WHERE intent IS NOT NULL
UNION ALL
SELECT category, intent, count(*), round(count(*) / (SELECT count(*) FROM results WHERE intent IS NOT NULL), 3), round(avg(confidence), 2)
FROM results WHERE intent <> category GROUP BY category, intent
ORDER BY labelled <> '(both agree)', messages DESC, labelled, answered
LIMIT 20
