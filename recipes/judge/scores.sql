-- How many summaries got which scores, and one of the reasons.
SELECT faithful, complete, count(*) AS summaries, any_value(reasons) AS one_of_the_reasons
FROM results WHERE faithful IS NOT NULL GROUP BY faithful, complete ORDER BY faithful, complete
