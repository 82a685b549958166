-- What was drawn beside what the model saw: by shape, in how many pictures it saw that shape and that many, and how long its texts are.
SELECT drawn_shape AS drawn, count(*) AS pictures, count(*) FILTER (WHERE shape = drawn_shape) AS same_shape,
  count(*) FILTER (WHERE shapes = drawn_count::INTEGER) AS same_count, max(length(alt)) AS longest, any_value(alt) AS example
FROM results WHERE alt IS NOT NULL
GROUP BY drawn ORDER BY drawn
