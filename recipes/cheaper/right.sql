-- How many answers are the intent that people gave the message, and what a million rows like those that were asked would cost.
SELECT
  count(*) AS messages,
  count(*) FILTER (intent = category) AS as_people_say,
  round(sum(_halfprice_cost_usd) * 1e6 / count(*) FILTER (_halfprice_cost_usd > 0), 2) AS usd_a_million_rows
FROM results
