-- What people labelled, what the model answered, and how often: the confusions, the most frequent first.
-- The first row counts the messages on which both agree.
SELECT if(intent = category, '(both agree)', category) AS labelled,
  if(intent = category, '', intent) AS answered,
  count(*) AS messages,
  round(count(*) / (SELECT count(*) FROM results WHERE intent IS NOT NULL), 3) AS share,
  round(avg(confidence), 2) AS confidence
FROM results
WHERE intent IS NOT NULL
GROUP BY ALL
ORDER BY any_value(intent <> category), messages DESC, labelled, answered
LIMIT 20
